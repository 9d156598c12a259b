"""Asking an account's people, and our own, by a link that needs no sign-in."""

import hashlib
from collections.abc import Callable
from typing import TYPE_CHECKING, ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.crypto import get_random_string, salted_hmac

from openkam.app.accounts.models import Account
from openkam.app.people.models import User
from openkam.app.relationships.models.contact import Contact
from openkam.app.relationships.terms import SurveyKind
from openkam.app.runs.models import Run

if TYPE_CHECKING:
    from django.db.models.fields.related_descriptors import RelatedManager  # known to the stubs alone


def new_nonce() -> str:
    """Random letters that make the token of one invitation unlike any other."""
    return get_random_string(22)


class Survey(models.Model):
    """Questions of one kind to people of one account. `topics` are those of a perception survey, at most a handful.

    `is_anonymous`: answers are kept without names. `site_address` is where the link leads, as whoever opened the survey reached the site.
    `run` sends its letters, or did so last.
    """

    account_id: int
    invitations: "RelatedManager[Invitation]"
    responses: "RelatedManager[Response]"
    get_kind_display: Callable[[], str]
    run_id: int | None

    account = models.ForeignKey(Account, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=12, choices=SurveyKind)
    topics = models.JSONField(default=list, blank=True)
    is_anonymous = models.BooleanField("answers without names", default=False)
    closes_on = models.DateField("closes on")
    site_address = models.CharField(max_length=200, editable=False)
    opened_at = models.DateTimeField(default=timezone.now, editable=False)
    opened_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", db_index=False, editable=False)
    run = models.ForeignKey(Run, models.SET_NULL, null=True, related_name="+", db_index=False, editable=False)

    class Meta:
        ordering: ClassVar[list[str]] = ["-opened_at", "-id"]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["account", "kind"], name="relationships_surveys")]

    def __str__(self) -> str:
        return self.get_kind_display()


class Invitation(models.Model):
    """One person asked: a contact or one of ours. The link's token is not stored, only its digest; `used_on` once it was answered.

    `failure` is what the mail server said of the last letter, `is_refused` that it said so for good.
    """

    survey_id: int
    contact_id: int | None
    user_id: int | None

    survey = models.ForeignKey(Survey, models.CASCADE, related_name="invitations")
    contact = models.ForeignKey(Contact, models.CASCADE, null=True, related_name="+")
    user = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    address = models.CharField(max_length=254)
    language = models.CharField(max_length=5)
    nonce = models.CharField(max_length=22, default=new_nonce, editable=False)
    token_digest = models.CharField(max_length=64, blank=True, editable=False, db_index=True)
    sent_at = models.DateTimeField(null=True)
    reminded_at = models.DateTimeField(null=True)
    failure = models.CharField(max_length=300, blank=True)
    is_refused = models.BooleanField(default=False)
    used_on = models.DateField(null=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(contact__isnull=False, user=None) | Q(contact=None, user__isnull=False),
                name="relationships_invitation_of_one",
            ),
            models.UniqueConstraint(fields=["survey", "contact"], name="relationships_contact_asked_once"),
            models.UniqueConstraint(fields=["survey", "user"], name="relationships_user_asked_once"),
        ]

    def __str__(self) -> str:
        return str(self.contact or self.user)

    @property
    def token(self) -> str:
        """What the link carries: made from the site's secret, so that a reminder carries the same and the database alone gives none."""
        return salted_hmac("openkam.survey", f"{self.pk}:{self.nonce}", algorithm="sha256").hexdigest()

    @staticmethod
    def digest_of(token: str) -> str:
        """How a token is stored."""
        return hashlib.sha256(token.encode("utf-8", errors="replace")).hexdigest()


class Response(models.Model):
    """What one person answered. `invitation` is null in a survey without names. `viewer` is on which side they judge."""

    survey_id: int
    invitation_id: int | None
    answers: "RelatedManager[Answer]"

    survey = models.ForeignKey(Survey, models.CASCADE, related_name="responses")
    invitation = models.OneToOneField(Invitation, models.CASCADE, null=True, related_name="response")
    viewer = models.CharField(max_length=10)
    answered_on = models.DateField()
    comment = models.TextField(max_length=2000, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["id"]

    def __str__(self) -> str:
        return f"Answer of {self.answered_on}"


class Answer(models.Model):
    """One answer: `question` is an item's name, a topic, or the kind of the survey."""

    response_id: int

    response = models.ForeignKey(Response, models.CASCADE, related_name="answers")
    question = models.CharField(max_length=80)
    value = models.PositiveSmallIntegerField()

    class Meta:
        ordering: ClassVar[list[str]] = ["id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["response", "question"], name="relationships_answer_once"),
        ]

    def __str__(self) -> str:
        return f"{self.question}: {self.value}"
