"""The organisation, its users and teams, and the lines between them."""

import hashlib
import secrets
from datetime import date
from typing import TYPE_CHECKING, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.core.signing import Signer
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models.functions import Lower

from openkam.app.people.terms import (
    DEFAULT_SCOPE,
    MONTHS,
    FiscalYear,
    Function,
    Level,
    Role,
    Scope,
    WeekStart,
    check_fiscal_start,
    check_time_zone,
    fiscal_year,
)

if TYPE_CHECKING:
    from django.db.models.fields.related_descriptors import RelatedManager  # known to the stubs alone


class Users(BaseUserManager["User"]):
    """Finds users by e-mail address, whatever its case."""

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email__iexact=username)


class User(AbstractBaseUser):
    """A person who signs in. `reports_to` makes the manager hierarchy; `scope` blank means the role's own scope.

    `level` and `function` are those of their post with us, as far as anybody said so: a people map sets them beside the customer's.
    """

    email = models.EmailField("e-mail address", unique=True, error_messages={"unique": "Somebody has this address already."})
    name = models.CharField(max_length=150)
    role = models.CharField(max_length=20, choices=Role, default=Role.READ_ONLY)
    scope = models.CharField(max_length=10, choices=Scope, blank=True)
    reports_to = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+")
    level = models.PositiveSmallIntegerField(choices=Level, null=True, blank=True)
    function = models.CharField(max_length=20, choices=Function, blank=True)
    hours_per_year = models.PositiveIntegerField("hours a year for key accounts", default=0, validators=[MinValueValidator(0)])
    time_zone = models.CharField(max_length=64, blank=True, validators=[check_time_zone])
    is_active = models.BooleanField("may sign in", default=True)
    joined_at = models.DateTimeField(auto_now_add=True)

    reports_to_id: int | None
    memberships: "RelatedManager[Membership]"
    objects = Users()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    class Meta:  # pyright: ignore[reportIncompatibleVariableOverride] - the parent's says only that it is abstract
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                Lower("email"), name="people_user_email_once", violation_error_message="Somebody has this address already."
            ),
            models.CheckConstraint(condition=~models.Q(reports_to=models.F("id")), name="people_user_not_own_manager"),
        ]
        ordering: ClassVar[list[str]] = ["name", "email"]

    def __str__(self) -> str:
        return self.name

    @property
    def initials(self) -> str:
        """First letters of the first and last name."""
        words = self.name.split()
        return (words[0][:1] + words[-1][:1] if len(words) > 1 else self.name[:2]).upper()

    @property
    def effective_scope(self) -> Scope:
        """The scope in force: the person's own if set, else the role's."""
        return Scope(self.scope) if self.scope else DEFAULT_SCOPE[Role(self.role)]


class Organisation(models.Model):
    """The firm whose workspace this is: one row. `time_zone` holds for everybody who chose none; blank means the server's.

    `currency` is what money is reported in from now on. Rounds and reviews keep the currency they were made in.
    """

    ONLY_KEY: ClassVar[int] = 1

    id = models.PositiveSmallIntegerField(primary_key=True, default=ONLY_KEY, editable=False)
    name = models.CharField(max_length=150)
    legal_name = models.CharField(max_length=300, blank=True)
    country = models.CharField(
        max_length=2, blank=True, validators=[RegexValidator(r"\A[A-Z]{2}\Z", "Two capitals, such as DE.")]
    )
    currency = models.CharField(
        "reporting currency", max_length=3, validators=[RegexValidator(r"\A[A-Z]{3}\Z", "Three capitals, such as EUR.")]
    )
    fiscal_year_start_month = models.PositiveSmallIntegerField(choices=MONTHS, default=1)
    fiscal_year_start_day = models.PositiveSmallIntegerField(default=1, validators=[MinValueValidator(1), MaxValueValidator(31)])
    week_start = models.PositiveSmallIntegerField(choices=WeekStart, default=WeekStart.MONDAY)
    time_zone = models.CharField(max_length=64, blank=True, validators=[check_time_zone])

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=models.Q(id=1), name="people_one_organisation"),
            models.CheckConstraint(
                condition=models.Q(fiscal_year_start_month__range=(1, 12), fiscal_year_start_day__range=(1, 31)),
                name="people_organisation_fiscal_start",
            ),
        ]

    def __str__(self) -> str:
        return self.name or "The organisation"

    def clean(self) -> None:
        """Refuse a first day of the fiscal year that some years lack."""
        check_fiscal_start(self.fiscal_year_start_month, self.fiscal_year_start_day)

    def fiscal_year_of(self, day: date) -> FiscalYear:
        """The fiscal year that a day belongs to."""
        return fiscal_year(day, self.fiscal_year_start_month, self.fiscal_year_start_day)


class Team(models.Model):
    """People who look after accounts together."""

    name = models.CharField(max_length=150, unique=True, error_messages={"unique": "There is a team of this name already."})
    members = models.ManyToManyField(User, through="Membership", related_name="+")

    memberships: "RelatedManager[Membership]"

    class Meta:
        ordering: ClassVar[list[str]] = ["name"]

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """One person's place in one team."""

    team = models.ForeignKey(Team, models.CASCADE, related_name="memberships")
    user = models.ForeignKey(User, models.CASCADE, related_name="memberships")
    is_lead = models.BooleanField("leads the team", default=False)

    team_id: int
    user_id: int

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["team", "user"], name="people_membership_once")
        ]

    def __str__(self) -> str:
        return f"{self.user} in {self.team}"


class SignInLink(models.Model):
    """A link that signs a person in once. Its token is never stored, only the digest of the chance inside it."""

    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    SIGNER: ClassVar[Signer] = Signer(salt="openkam.people.sign_in_link")

    def __str__(self) -> str:
        return f"Sign-in link for {self.user}"

    @classmethod
    def new_token(cls) -> str:
        """A token that nobody can guess, signed so that a made-up one never reaches the database."""
        return cls.SIGNER.sign(secrets.token_urlsafe(32))

    @classmethod
    def digest_of(cls, token: str) -> str:
        """What is stored of a token; raises `BadSignature` for one that we did not make."""
        return hashlib.sha256(cls.SIGNER.unsign(token).encode()).hexdigest()
