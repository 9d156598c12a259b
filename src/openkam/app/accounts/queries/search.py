"""Find accounts by what somebody typed: first those that hold every word, else those that are a slip of the keyboard away.

Both databases search the folded names by their trigram index (`models.search_text`) and rank by the same arithmetic, here.
"""

from functools import reduce
from operator import add, or_

from django.db.models import Case, ExpressionWrapper, IntegerField, Q, QuerySet, TextField, Value, When
from django.db.models.expressions import Combinable, OrderBy
from django.db.models.functions import Concat, Least, StrIndex

from openkam.app.accounts.models import Account
from openkam.app.accounts.models.search_text import TRIGRAM
from openkam.app.accounts.queries.pickers import named
from openkam.app.accounts.queries.scope import visible_accounts
from openkam.app.accounts.terms.names import folded
from openkam.app.accounts.terms.slips import slips_allowed, slips_between
from openkam.app.people.models import User

LONGEST_SEARCH = 100
TRIGRAMS_LOST_BY_A_SLIP = 4
"""Two letters the wrong way round touch four trigrams; a letter wrong, missing or too many touches three or fewer."""
FEWEST_TRIGRAMS_HELD = 2
MOST_WORDS = 6
CANDIDATES = 150
"""Accounts whose words are compared letter by letter."""


def found_accounts(user: User, text: str, limit: int) -> list[Account]:
    """The visible accounts that the text means, best first: those whose name begins with it, then those with a word that does, then
    those that hold all its words anywhere. Only when there are none: those whose names differ by a slip in each long word.
    """
    wanted = folded(text[:LONGEST_SEARCH])
    if not wanted:
        return []
    shown = visible_accounts(user).select_related("manager").defer("search_text")
    place = Case(
        When(sort_name__startswith=wanted, then=0),
        When(sort_name__contains=f" {wanted}", then=1),
        default=2,
        output_field=IntegerField(),
    )
    holding = named(shown, wanted).order_by(place, "sort_name", "id")
    return list(holding[:limit]) or _a_slip_away(shown, wanted, limit)


def _a_slip_away(accounts: QuerySet[Account], wanted: str, limit: int) -> list[Account]:
    """The accounts whose words are those wanted but for slips, the fewest first; short words must be held as they are."""
    words = [word for word in wanted.split()[:MOST_WORDS] if len(word) > TRIGRAM]
    if not words:
        return []
    for word in set(wanted.split()[:MOST_WORDS]) - set(words):
        accounts = accounts.filter(search_text__fragment=word)
    candidates = _alike(accounts, words).values_list("pk", "search_text")[:CANDIDATES]
    slips = {pk: _slips(words, text.split()) for pk, text in candidates}
    nearest = sorted((pk for pk, count in slips.items() if count is not None), key=lambda pk: slips[pk] or 0)[:limit]
    found = accounts.in_bulk(nearest)
    return [found[pk] for pk in nearest if pk in found]


def _slips(words: list[str], others: list[str]) -> int | None:
    """How many slips the wanted words are away from their nearest among the others; None when one of them is too far."""
    total = 0
    for word in words:
        allowed = slips_allowed(word)
        fewest = min((slips_between(word, other, allowed) for other in others), default=allowed + 1)
        if fewest > allowed:
            return None
        total += fewest
    return total


def _alike(accounts: QuerySet[Account], words: list[str]) -> QuerySet[Account]:
    """Those of the accounts that hold enough trigrams of every word, the most first."""
    padded = Concat(Value(" "), "search_text", Value(" "), output_field=TextField())
    held_in_all: list[Combinable] = []
    for number, word in enumerate(words):
        trigrams = _trigrams(f" {word} ")
        held = reduce(add, (_holds(padded, trigram) for trigram in trigrams))
        held_in_all.append(held)
        fewest = max(FEWEST_TRIGRAMS_HELD, len(trigrams) - TRIGRAMS_LOST_BY_A_SLIP * slips_allowed(word))
        # The index narrows first, without the padding: it does not know where a text begins and ends.
        accounts = accounts.filter(_any_of(_pieces(word)))
        accounts = accounts.alias(**{f"held_{number}": held}).filter(**{f"held_{number}__gte": fewest})
    most_first = OrderBy(ExpressionWrapper(reduce(add, held_in_all), IntegerField()), descending=True)
    return accounts.order_by(most_first, "sort_name", "id")


def _holds(text: Concat, trigram: str) -> Combinable:
    """1 when the text holds the trigram, else 0."""
    return Least(StrIndex(text, Value(trigram)), Value(1))


def _trigrams(text: str) -> list[str]:
    return list(dict.fromkeys(text[start : start + TRIGRAM] for start in range(len(text) - TRIGRAM + 1)))


def _pieces(word: str) -> list[str]:
    """Parts of a word of which a slip leaves at least one whole."""
    half = len(word) // 2
    if half < TRIGRAM:
        return _trigrams(word)
    return list(dict.fromkeys((word[:half], word[half:], word[:TRIGRAM], word[-TRIGRAM:])))


def _any_of(fragments: list[str]) -> Q:
    return reduce(or_, (Q(search_text__fragment=fragment) for fragment in fragments))
