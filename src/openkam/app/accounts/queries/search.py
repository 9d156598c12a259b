"""Find accounts by what somebody typed: first those that hold every word, else those that are a slip of the keyboard away.

Both databases search the folded names by their trigram index (`models.search_text`) and rank by the same arithmetic (`near_words`).
"""

from django.db.models import Case, IntegerField, When

from openkam.app.accounts.models import Account
from openkam.app.accounts.queries.near_words import a_slip_away
from openkam.app.accounts.queries.pickers import named
from openkam.app.accounts.queries.scope import visible_accounts
from openkam.app.accounts.terms.names import folded
from openkam.app.people.models import User

LONGEST_SEARCH = 100


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
    if found := list(holding[:limit]):
        return found
    nearest = a_slip_away(shown, "search_text", wanted, limit)
    near = shown.in_bulk(nearest) if nearest else {}
    return [near[pk] for pk in nearest if pk in near]
