"""A person's rights: who was erased, which addresses never come back, and how long anything is kept."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone

from openkam.app.accounts.models import Account
from openkam.app.people.models import User
from openkam.app.relationships.models.contact import Contact
from openkam.app.relationships.terms import CaseState, RetentionKind
from openkam.app.runs.models import Run

if TYPE_CHECKING:
    from django.db.models.fields.related_descriptors import RelatedManager  # known to the stubs alone


class Erasure(models.Model):
    """A person who was erased: its key is the number in "Erased contact 7". `counts` are records by kind.

    `name_digest` tells the person in an older copy of the database, and nobody who they were (HMAC with the site's secret).
    `sealed_words` are the words they were known by, encrypted, while texts, files, ledger and audit are still being looked through for
    them; blank once that is done.
    """

    contact_id: int
    addresses: "RelatedManager[ErasedAddress]"

    contact = models.OneToOneField(Contact, models.PROTECT, related_name="erasure")
    name_digest = models.CharField(max_length=64)
    reason = models.CharField(max_length=500)
    counts = models.JSONField(default=dict)
    sealed_words = models.TextField(blank=True, editable=False)
    run = models.ForeignKey(Run, models.SET_NULL, null=True, related_name="+", editable=False)
    erased_at = models.DateTimeField(default=timezone.now, editable=False)
    erased_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", db_index=False)

    class Meta:
        ordering: ClassVar[list[str]] = ["-id"]

    def __str__(self) -> str:
        return f"Erasure {self.pk}"

    @property
    def is_done(self) -> bool:
        """Whether everything was looked through."""
        return not self.sealed_words


class ErasedAddress(models.Model):
    """A mail address of somebody erased, as an HMAC with the site's secret: imports know it again and leave it out."""

    erasure = models.ForeignKey(Erasure, models.CASCADE, null=True, related_name="addresses")
    digest = models.CharField(max_length=64, unique=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["id"]

    def __str__(self) -> str:
        return "Erased address"


class RetentionClock(models.Model):
    """How many months a kind of record is kept after the last post ended or the last contact; null: no clock runs."""

    get_kind_display: Callable[[], str]

    kind = models.CharField(max_length=20, choices=RetentionKind, unique=True)
    months = models.PositiveSmallIntegerField(null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(600)])
    goes_by_itself = models.BooleanField("goes without being asked about", default=False)

    class Meta:
        ordering: ClassVar[list[str]] = ["id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            # What people wrote or answered is decided about by people.
            models.CheckConstraint(
                condition=Q(goes_by_itself=False) | Q(kind=RetentionKind.CORRESPONDENCE), name="relationships_goes_by_itself"
            ),
        ]

    def __str__(self) -> str:
        return self.get_kind_display()


class RetentionCase(models.Model):
    """Something whose time has come: a contact, or what an account has of a kind. Somebody decides what becomes of it.

    `due_since_on` is the day on which its time was over, `count` how many records were due when it was listed.
    """

    account_id: int | None
    contact_id: int | None
    get_kind_display: Callable[[], str]
    get_state_display: Callable[[], str]

    kind = models.CharField(max_length=20, choices=RetentionKind)
    contact = models.ForeignKey(Contact, models.CASCADE, null=True, related_name="+")
    account = models.ForeignKey(Account, models.CASCADE, null=True, related_name="+")
    due_since_on = models.DateField()
    count = models.PositiveIntegerField()
    state = models.CharField(max_length=10, choices=CaseState, default=CaseState.OPEN)
    kept_until_on = models.DateField(null=True)
    reason = models.CharField(max_length=500, blank=True)
    listed_at = models.DateTimeField(default=timezone.now, editable=False)
    decided_at = models.DateTimeField(null=True, editable=False)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", db_index=False)

    class Meta:
        ordering: ClassVar[list[str]] = ["due_since_on", "id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(contact__isnull=False, account=None) | Q(contact=None, account__isnull=False),
                name="relationships_case_of_one",
            ),
            models.CheckConstraint(
                condition=~Q(state=CaseState.KEPT) | (Q(kept_until_on__isnull=False) & ~Q(reason="")),
                name="relationships_case_kept_for_a_reason",
            ),
            models.UniqueConstraint(fields=["kind", "contact"], name="relationships_case_once_by_contact"),
            models.UniqueConstraint(fields=["kind", "account"], name="relationships_case_once_by_account"),
        ]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["state", "due_since_on"], name="relationships_cases")]

    def __str__(self) -> str:
        of: Any = self.contact or self.account
        return f"{self.get_kind_display()}: {of}"
