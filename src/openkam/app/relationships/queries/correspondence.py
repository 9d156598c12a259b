"""Imports of correspondence, what each brought, and who is known by which address."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field

from django.db.models import Count, F, Max, OuterRef, QuerySet, Subquery
from django.http import Http404

from openkam.analytics.relationship.correspondence.matching import Directory, Post
from openkam.app.accounts.queries.scope import visible_accounts
from openkam.app.people.models import User
from openkam.app.people.permissions import Permission, may
from openkam.app.relationships.models import ContactPoint, ContactProposal, CorrespondenceImport, Participant, RefusedItem
from openkam.app.relationships.terms import PointKind, ProposalState


@dataclass(slots=True)
class Counted:
    """What became of the mails and appointments of an import; their sum is `read`. `entries` are those on timelines: a mail with
    people of two accounts is on both. `reasons` say why some were left out or refused, by reason."""

    read: int = 0
    taken: int = 0
    known: int = 0
    repeated: int = 0
    left_out: int = 0
    internal: int = 0
    no_account: int = 0
    none_of_ours: int = 0
    not_yours: int = 0
    refused: int = 0
    entries: int = 0
    reasons: dict[str, int] = field(default_factory=dict)

    def document(self) -> dict[str, object]:
        """As JSON values."""
        return asdict(self)


LABELS: Mapping[str, tuple[str, str]] = {
    "taken": ("Taken in", "They stand on the timelines of the accounts."),
    "known": ("Known already", "They came with an earlier import, or were removed by hand."),
    "repeated": ("Twice in the same file", "The first one counts."),
    "left_out": (
        "No contact between people",
        "Circulars, newsletters, automatic mail, answers to invitations, appointments to come.",
    ),
    "internal": ("Among ourselves", "Nobody of an account took part. Not stored."),
    "no_account": ("Without an account", "No address belongs to an account. Not stored."),
    "none_of_ours": ("Without any of ours", "Nobody of ours took part. Not stored."),
    "not_yours": ("Not yours", "They concern accounts that you may not edit. Not stored."),
    "refused": ("Refused", "Something is wrong with them; the reasons stand below."),
}
"""Each count in a page's words, and what it means."""


def own_imports(user: User) -> QuerySet[CorrespondenceImport]:
    """The imports that the user began: they are out of the user's own mail, and nobody else sees them."""
    return CorrespondenceImport.objects.filter(begun_by=user).select_related("run")


def own_import(user: User, pk: int) -> CorrespondenceImport:
    """One of them; raises `Http404` for any other."""
    found = own_imports(user).filter(pk=pk).first()
    if found is None:
        raise Http404("No such import.")
    return found


def count_lines(counts: Mapping[str, object]) -> Sequence[tuple[str, object, str]]:
    """Label, count and meaning of what there was, in order."""
    return [(label, counts[name], meaning) for name, (label, meaning) in LABELS.items() if counts.get(name)]


def refused_of(user: User, brought_by: CorrespondenceImport) -> QuerySet[RefusedItem]:
    """What could not be used of one of the user's imports, in the order of the file."""
    return RefusedItem.objects.filter(brought_by=brought_by, brought_by__begun_by=user)


def visible_proposals(user: User) -> QuerySet[ContactProposal]:
    """Proposed contacts of the accounts that the user may edit."""
    if not may(user, Permission.EDIT_ACCOUNTS):
        return ContactProposal.objects.none()
    return ContactProposal.objects.filter(account__in=visible_accounts(user).order_by())


def proposal(user: User, pk: int) -> ContactProposal:
    """One open proposal that the user may decide; raises `Http404` for any other."""
    found = visible_proposals(user).filter(pk=pk, state=ProposalState.OPEN).select_related("account").first()
    if found is None:
        raise Http404("No such proposal.")
    return found


def open_proposals(user: User, brought_by: CorrespondenceImport) -> QuerySet[ContactProposal]:
    """The open ones whose addresses an import brought, the most frequent first, each with `entries` and `last_at` of that import."""
    seen = Participant.objects.filter(
        interaction__brought_by=brought_by,
        interaction__account=OuterRef("account"),
        interaction__removed_at=None,
        address=OuterRef("address"),
    ).order_by()
    counted = seen.values("address").annotate(entries=Count("pk"), last=Max("interaction__at"))
    return (
        visible_proposals(user)
        .filter(state=ProposalState.OPEN)
        .annotate(entries=Subquery(counted.values("entries")), last_at=Subquery(counted.values("last")))
        .filter(entries__gt=0)
        .select_related("account")
        .order_by("-entries", "address")
    )


def directory_for(user: User) -> Directory:
    """Everybody who is known by an address, of every account: what concerns an account that the user may not edit is told apart
    from what concerns none, and is never shown."""
    posts: defaultdict[str, list[Post]] = defaultdict(list)
    points = ContactPoint.objects.filter(kind=PointKind.MAIL, contact__employments__account__deleted_at=None)
    held = points.annotate(
        account=F("contact__employments__account"),
        from_on=F("contact__employments__from_on"),
        until_on=F("contact__employments__until_on"),
    ).exclude(account=None)
    for address, contact, account, from_on, until_on in held.values_list("value", "contact", "account", "from_on", "until_on"):
        posts[address.strip().lower()].append(Post(contact, account, from_on, until_on))
    may_edit = may(user, Permission.EDIT_ACCOUNTS)
    editable = frozenset(visible_accounts(user).order_by().values_list("pk", flat=True)) if may_edit else frozenset()
    users = {mail.strip().lower(): pk for mail, pk in User.objects.values_list("email", "pk")}
    return Directory(users=users, posts=posts, editable=editable)
