"""Keep with every post when its holder last had contact with us, so that a list of all contacts sorts by an index.

Whatever writes, changes or removes an entry or says who took part in one calls `reckon_last_contacts` in its transaction, after its
writes. The night reckons all of them again, and says how many it put right: it should be none.
"""

from collections.abc import Callable, Collection, Iterable

from django.db import transaction

from openkam.app.relationships.models import Contact, Employment, Interaction, Participant
from openkam.app.relationships.queries.last_contacts import posts_told_wrongly

AT_ONCE = 500


def contacts_in(entries: Iterable[int]) -> set[int]:
    """The contacts who took part in these entries (their keys): to be asked before the entries go."""
    wanted, found = list(entries), set[int]()
    for start in range(0, len(wanted), AT_ONCE):
        parts = Participant.objects.filter(interaction__in=wanted[start : start + AT_ONCE], contact__isnull=False).order_by()
        found.update(parts.values_list("contact_id", flat=True))
    return found


def reckon_last_contacts(*, accounts: Collection[int], contacts: Collection[int]) -> None:
    """Store when these contacts last had contact with us at these accounts (keys of both).

    The contacts stay locked until the transaction ends: of two that write at once, the second sees what the first wrote.
    """
    wanted = sorted(contacts)
    for start in range(0, len(wanted), AT_ONCE):
        _reckon(wanted[start : start + AT_ONCE], accounts)


def reckon_for_entry(entry: Interaction, also: Collection[int] = ()) -> None:
    """The same for who takes part in an entry, and who did before."""
    reckon_last_contacts(accounts=[entry.account_id], contacts=contacts_in([entry.pk]) | set(also))


def reckon_all_last_contacts(*, tell: Callable[[str], None]) -> int:
    """Reckon every post anew and store what differs; returns of how many it did."""
    keys, count = list(Contact.objects.order_by("pk").values_list("pk", flat=True)), 0
    for start in range(0, len(keys), AT_ONCE):
        some = keys[start : start + AT_ONCE]
        if posts_told_wrongly(some):  # without a lock, and then with one: most nights there is nothing to write
            with transaction.atomic():
                count += _reckon(some)
        tell(f"Looked at the last contacts of {min(start + AT_ONCE, len(keys))} of {len(keys)} people")
    return count


def _reckon(contacts: Collection[int], accounts: Collection[int] | None = None) -> int:
    locked = Contact.objects.filter(pk__in=contacts).order_by("pk").select_for_update(no_key=True)
    list(locked.values_list("pk", flat=True))
    wrong = posts_told_wrongly(contacts, accounts)
    # All of them are there, so that none is made; to update them one case each takes the database and Django far longer.
    Employment.objects.bulk_create(
        wrong, update_conflicts=True, unique_fields=["id"], update_fields=["last_contact_at", "last_open_contact_at"]
    )
    return len(wrong)
