"""Keep with every post when its holder last had contact with us, so that a list of all contacts sorts by an index.

Whatever writes, changes or removes an entry or says who took part in one calls `reckon_last_contacts` in its transaction, after its
writes. The night reckons all of them again, and says how many it put right: it should be none.
"""

from collections.abc import Callable, Collection, Iterable

from django.db import transaction

from openkam.app.relationships.models import Contact, Employment, Interaction, Participant
from openkam.app.relationships.queries.last_contacts import latest_contact, with_latest_contacts

AT_ONCE = 500
POSTS_AT_ONCE = 5000


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
        some = wanted[start : start + AT_ONCE]
        list(Contact.objects.filter(pk__in=some).order_by("pk").select_for_update(no_key=True).values_list("pk", flat=True))
        Employment.objects.filter(contact__in=some, account__in=accounts).order_by().update(
            last_contact_at=latest_contact(is_open=False), last_open_contact_at=latest_contact(is_open=True)
        )


def reckon_for_entry(entry: Interaction, also: Collection[int] = ()) -> None:
    """The same for who takes part in an entry, and who did before."""
    reckon_last_contacts(accounts=[entry.account_id], contacts=contacts_in([entry.pk]) | set(also))


def reckon_all_last_contacts(*, tell: Callable[[str], None]) -> int:
    """Reckon every post anew and store what differs; returns of how many it did."""
    keys, count = list(Employment.objects.order_by("pk").values_list("pk", flat=True)), 0
    for start in range(0, len(keys), POSTS_AT_ONCE):
        some = with_latest_contacts(Employment.objects.filter(pk__in=keys[start : start + POSTS_AT_ONCE]))
        rows = some.values_list("contact_id", "account_id", "last_contact_at", "last_open_contact_at", "latest", "latest_open")
        wrong = [(contact, account) for contact, account, *told in rows if told[:2] != told[2:]]
        for begin in range(0, len(wrong), AT_ONCE):
            pairs = wrong[begin : begin + AT_ONCE]
            with transaction.atomic():
                reckon_last_contacts(accounts={account for _, account in pairs}, contacts={contact for contact, _ in pairs})
        count += len(wrong)
        tell(f"Looked at the last contacts of {min(start + POSTS_AT_ONCE, len(keys))} of {len(keys)} posts")
    return count
