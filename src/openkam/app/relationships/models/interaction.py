"""What passed between us and an account: meetings, calls, mails, visits, notes, and who took part."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone

from openkam.app.accounts.models import Account
from openkam.app.people.models import User
from openkam.app.relationships.models.contact import Contact
from openkam.app.relationships.models.correspondence import CorrespondenceImport
from openkam.app.relationships.terms import InteractionKind, Origin, Part, Side

if TYPE_CHECKING:
    from django.db.models.fields.related_descriptors import RelatedManager  # known to the stubs alone


class Interaction(models.Model):
    """One contact with an account; of a mail the metadata, never its text.

    `began_by` blank: not known. Where only the day is known, `at` is its noon, `is_time_known` False, and nothing is timed by it. Null
    minutes and points were not noted, which is not the same as none. `external_id` is the Message-ID of a mail or the UID (with the
    occurrence) of an appointment. `is_private`: for the account's manager and team only, whatever the scope of others; it is set once
    and never changed, since the history of an open entry has been read.
    """

    account_id: int
    participants: "RelatedManager[Participant]"
    mentions: "RelatedManager[Any]"
    get_kind_display: Callable[[], str]
    get_origin_display: Callable[[], str]

    account = models.ForeignKey(Account, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=10, choices=InteractionKind)
    at = models.DateTimeField()
    is_time_known = models.BooleanField(default=True)
    duration_minutes = models.PositiveIntegerField("duration (minutes)", null=True, blank=True)
    began_by = models.CharField(max_length=6, choices=Side, blank=True)
    subject = models.CharField(max_length=300, blank=True)
    note = models.TextField(max_length=10_000, blank=True)
    our_talk_minutes = models.PositiveIntegerField("we talked (minutes)", null=True, blank=True)
    their_talk_minutes = models.PositiveIntegerField("they talked (minutes)", null=True, blank=True)
    our_agenda_points = models.PositiveIntegerField("our points on the agenda", null=True, blank=True)
    their_agenda_points = models.PositiveIntegerField("their points on the agenda", null=True, blank=True)
    thread_key = models.CharField(max_length=500, blank=True, editable=False)
    origin = models.CharField(max_length=10, choices=Origin, default=Origin.ENTERED, editable=False)
    external_id = models.CharField(max_length=500, blank=True, editable=False)
    brought_by = models.ForeignKey(CorrespondenceImport, models.SET_NULL, null=True, related_name="interactions", editable=False)
    is_private = models.BooleanField("for manager and team only", default=False)
    recorded_at = models.DateTimeField(default=timezone.now, editable=False)
    recorded_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", db_index=False, editable=False)
    removed_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        ordering: ClassVar[list[str]] = ["-at", "-id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["account", "external_id"], condition=~Q(external_id=""), name="relationships_interaction_once"
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["account", "-at", "-id"], name="relationships_timeline"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.subject}" if self.subject else self.get_kind_display()


class Participant(models.Model):
    """Somebody who took part: one of our users, a contact, or an address that nobody is known by. Users are ours, contacts theirs."""

    interaction_id: int
    user_id: int | None
    contact_id: int | None
    get_part_display: Callable[[], str]

    interaction = models.ForeignKey(Interaction, models.CASCADE, related_name="participants")
    user = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    contact = models.ForeignKey(Contact, models.CASCADE, null=True, blank=True, related_name="+")
    address = models.CharField(max_length=254, blank=True)
    side = models.CharField(max_length=6, choices=Side)
    part = models.CharField(max_length=7, choices=Part)

    class Meta:
        ordering: ClassVar[list[str]] = ["id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=(Q(user__isnull=False, contact=None, address="", side=Side.OURS))
                | (Q(user=None, contact__isnull=False, address="", side=Side.THEIRS))
                | (Q(user=None, contact=None) & ~Q(address="")),
                name="relationships_participant_is_one",
            ),
            models.UniqueConstraint(
                fields=["interaction", "user"], condition=Q(user__isnull=False), name="relationships_user_once"
            ),
            models.UniqueConstraint(
                fields=["interaction", "contact"], condition=Q(contact__isnull=False), name="relationships_contact_once"
            ),
            models.UniqueConstraint(
                fields=["interaction", "address"], condition=~Q(address=""), name="relationships_address_once"
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["address"], condition=~Q(address=""), name="relationships_by_address"),
        ]

    def __str__(self) -> str:
        return str(self.user or self.contact or self.address)
