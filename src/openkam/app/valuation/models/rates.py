"""What service costs: pools with their capacity, activities with their time, each with the days it holds on."""

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar

from django.db import models

from openkam.app.people.models import User
from openkam.app.ui.templatetags.figures import day_text
from openkam.app.valuation.terms import CapacityUnit, Step

if TYPE_CHECKING:
    from django.db.models.fields.related_descriptors import RelatedManager  # known to the stubs alone


class RateBook(models.Model):
    """All rates as they were at one time. A change makes another book, so that a valuation keeps those it was made with.

    Costs are in `currency`; `change` says in words what this book has that the one before had not. `is_illustrative` marks rates that
    nobody measured.
    """

    made_by_id: int | None
    pools: "RelatedManager[Any]"
    equations: "RelatedManager[Any]"

    currency = models.CharField(max_length=3)
    change = models.CharField(max_length=500)
    is_illustrative = models.BooleanField(default=False)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering: ClassVar[list[str]] = ["-id"]
        verbose_name = "book of rates"

    def __str__(self) -> str:
        return f"Rates {self.pk or 'to be made'}"


class Dated(models.Model):
    """An entry that holds from one day to another, both included; without an end until further notice."""

    valid_from = models.DateField("from")
    valid_until = models.DateField("until", null=True)

    class Meta:
        abstract = True

    def holds_on(self, day: date) -> bool:
        """Whether the entry is in force on a day."""
        return self.valid_from <= day and (self.valid_until is None or day <= self.valid_until)


class PoolRate(Dated):
    """What a pool costs (currency of the book) and how much its people can really work, each per `per_months` calendar months."""

    book_id: int
    get_capacity_unit_display: Callable[[], str]

    book = models.ForeignKey(RateBook, models.PROTECT, related_name="pools")
    pool = models.CharField(max_length=80)
    cost = models.DecimalField(max_digits=18, decimal_places=2)
    capacity = models.DecimalField("practical capacity", max_digits=18, decimal_places=2)
    capacity_unit = models.CharField(max_length=10, choices=CapacityUnit, default=CapacityUnit.HOURS)
    per_months = models.PositiveSmallIntegerField("for so many months", default=1)

    class Meta(Dated.Meta):
        abstract = False
        ordering: ClassVar[list[str]] = ["pool", "valid_from", "id"]

    def __str__(self) -> str:
        return f"{self.pool} from {day_text(self.valid_from)}"


class TimeEquation(Dated):
    """How many minutes of a pool one activity takes, as an equation. `is_per_document`: every order makes us do it once."""

    book_id: int
    get_step_display: Callable[[], str]

    book = models.ForeignKey(RateBook, models.PROTECT, related_name="equations")
    activity = models.CharField(max_length=80)
    pool = models.CharField(max_length=80)
    minutes = models.CharField("minutes of one", max_length=500)
    step = models.CharField("step of the ladder", max_length=30, choices=Step, default=Step.ORDER_AND_LOGISTICS)
    is_per_document = models.BooleanField("once for every order", default=False)

    class Meta(Dated.Meta):
        abstract = False
        ordering: ClassVar[list[str]] = ["activity", "valid_from", "id"]

    def __str__(self) -> str:
        return f"{self.activity} from {day_text(self.valid_from)}"
