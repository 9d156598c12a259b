"""Anchored scales that people rate accounts on, their wordings through time, and the ratings with their evidence."""

from typing import TYPE_CHECKING, ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Q

from openkam.app.accounts.models import Account
from openkam.app.people.models import User

if TYPE_CHECKING:
    from django.db.models.fields.related_descriptors import RelatedManager  # known to the stubs alone


class RatingScale(models.Model):
    """What is judged, from 0 to 4. `name` is what a programme's criterion calls it; a rating fades after so many months."""

    name = models.CharField(
        max_length=60,
        unique=True,
        validators=[RegexValidator(r"\A[a-z][a-z0-9_]*\Z", "Small letters, digits and _ only, a letter first.")],
        error_messages={"unique": "There is a scale of this name already."},
    )
    label = models.CharField(max_length=80)
    question = models.CharField(max_length=500, blank=True)
    shelf_life_months = models.PositiveSmallIntegerField(default=12, validators=[MinValueValidator(1), MaxValueValidator(120)])
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    archived_at = models.DateTimeField(null=True, blank=True)

    versions: "RelatedManager[ScaleVersion]"

    class Meta:
        ordering: ClassVar[list[str]] = ["label", "id"]

    def __str__(self) -> str:
        return self.label


class ScaleVersion(models.Model):
    """One wording of a scale: five sentences, for 0 to 4. It never changes; other words are another version."""

    scale = models.ForeignKey(RatingScale, models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    anchors = models.JSONField()
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    scale_id: int

    class Meta:
        ordering: ClassVar[list[str]] = ["scale", "-number"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["scale", "number"], name="selection_scale_version_once"),
        ]

    def __str__(self) -> str:
        return f"Version {self.number} of scale {self.scale_id}"


class AccountRating(models.Model):
    """One person's judgement of one account, under the wording it was given. `ended_at` is when another, or none, took its place."""

    account = models.ForeignKey(Account, models.CASCADE, related_name="+")
    scale = models.ForeignKey(RatingScale, models.PROTECT, related_name="ratings")
    version = models.ForeignKey(ScaleVersion, models.PROTECT, related_name="ratings")
    level = models.PositiveSmallIntegerField()
    evidence = models.TextField(blank=True)
    evidence_link = models.URLField(max_length=500, blank=True)
    rated_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    rated_on = models.DateField()
    fades_on = models.DateField()
    given_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    account_id: int
    scale_id: int
    version_id: int
    rated_by_id: int

    class Meta:
        ordering: ClassVar[list[str]] = ["-rated_on", "-id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["account", "scale", "rated_by"], condition=Q(ended_at=None), name="selection_rating_once_per_rater"
            ),
            models.CheckConstraint(condition=Q(level__lte=4), name="selection_rating_level"),
            models.CheckConstraint(condition=~Q(evidence="") | ~Q(evidence_link=""), name="selection_rating_has_evidence"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["account"], condition=Q(ended_at=None), name="selection_rating_of_account"),
        ]

    def __str__(self) -> str:
        return f"Rating {self.level} of account {self.account_id}"
