"""Which records have words that are those wanted but for a slip of the keyboard, whatever the records are.

The field is a folded `SearchText` with its trigram index, so that only records that share a piece with the word are compared.
"""

from functools import reduce
from operator import add, or_
from typing import Any

from django.db.models import ExpressionWrapper, IntegerField, Q, QuerySet, TextField, Value
from django.db.models.expressions import Combinable, OrderBy
from django.db.models.functions import Concat, Least, StrIndex

from openkam.app.accounts.models.search_text import TRIGRAM
from openkam.app.accounts.terms.slips import slips_allowed, slips_between

TRIGRAMS_LOST_BY_A_SLIP = 4
"""Two letters the wrong way round touch four trigrams; a letter wrong, missing or too many touches three or fewer."""
FEWEST_TRIGRAMS_HELD = 2
MOST_WORDS = 6
CANDIDATES = 150
"""Records whose words are compared letter by letter."""


def a_slip_away(records: QuerySet[Any], field: str, wanted: str, limit: int) -> list[int]:
    """Keys of the records whose words are those wanted (folded) but for slips, the fewest first; short words must be held as they are."""
    words = [word for word in wanted.split()[:MOST_WORDS] if len(word) > TRIGRAM]
    if not words:
        return []
    for word in set(wanted.split()[:MOST_WORDS]) - set(words):
        records = records.filter(**{f"{field}__fragment": word})
    candidates = _alike(records, field, words).values_list("pk", field)[:CANDIDATES]
    slips = {pk: _slips(words, text.split()) for pk, text in candidates}
    return sorted((pk for pk, count in slips.items() if count is not None), key=lambda pk: slips[pk] or 0)[:limit]


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


def _alike(records: QuerySet[Any], field: str, words: list[str]) -> QuerySet[Any]:
    """Those of the records that hold enough trigrams of every word, the most first."""
    padded = Concat(Value(" "), field, Value(" "), output_field=TextField())
    held_in_all: list[Combinable] = []
    for number, word in enumerate(words):
        trigrams = _trigrams(f" {word} ")
        held = reduce(add, (_holds(padded, trigram) for trigram in trigrams))
        held_in_all.append(held)
        fewest = max(FEWEST_TRIGRAMS_HELD, len(trigrams) - TRIGRAMS_LOST_BY_A_SLIP * slips_allowed(word))
        # The index narrows first, without the padding: it does not know where a text begins and ends.
        records = records.filter(_any_of(field, _pieces(word)))
        records = records.alias(**{f"held_{number}": held}).filter(**{f"held_{number}__gte": fewest})
    most_first = OrderBy(ExpressionWrapper(reduce(add, held_in_all), IntegerField()), descending=True)
    return records.order_by(most_first, field, "pk")


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


def _any_of(field: str, fragments: list[str]) -> Q:
    return reduce(or_, (Q(**{f"{field}__fragment": fragment}) for fragment in fragments))
