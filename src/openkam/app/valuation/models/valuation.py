"""Valuations: one for a ledger version, a day, rates and settings."""

from typing import TYPE_CHECKING, Any, ClassVar

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from openkam.app.people.models import User
from openkam.app.runs.models import Run
from openkam.app.ui.templatetags.figures import day_text
from openkam.app.valuation.models.assumptions import Assumptions
from openkam.app.valuation.models.rates import RateBook

if TYPE_CHECKING:
    from django.db.models.fields.related_descriptors import RelatedManager  # known to the stubs alone


class Valuation(models.Model):
    """Every account of a ledger version valued on a day.

    `settings` is what it was computed with, `digest` of everything that went in: the same again is not computed twice. `not_computed` are
    parts without a figure for anybody, each with its reason; `holdouts` how the forecasts did on a time held out; `medians` the middle of
    each segment; `portfolio` what all accounts are worth together, `band` how sure its whale curve is, `mix` risk and return of the
    segments, null where not told. `AccountBridge` leads from the days `before_…` to the period. `own_units` are customers that are
    units of ours, whose purchases of `internal_sales` (currency) fell out. `sources` the texts that `AccountWorth.step_sources` points
    into; `pools` and `beneath` are the firm's, not an account's.
    """

    run_id: int | None
    book_id: int | None
    made_by_id: int | None
    assumptions_id: int | None
    worths: "RelatedManager[Any]"

    digest = models.CharField(max_length=64, unique=True)
    ledger_version = models.PositiveIntegerField()
    as_of_on = models.DateField("as of")
    period_start_on = models.DateField()
    currency = models.CharField(max_length=3)
    settings = models.JSONField(encoder=DjangoJSONEncoder, default=dict)
    book = models.ForeignKey(RateBook, models.PROTECT, null=True, related_name="+")
    assumptions = models.ForeignKey(Assumptions, models.PROTECT, null=True, related_name="+")
    code_version = models.CharField(max_length=40)
    account_count = models.PositiveIntegerField()
    lifetime_model = models.CharField(max_length=40, blank=True)
    lifetime_why = models.JSONField(default=list)
    lifetime_considered = models.JSONField(default=list)
    holdouts = models.JSONField(default=list)
    medians = models.JSONField(default=list)
    sources = models.JSONField(default=dict)
    pools = models.JSONField(default=list)
    beneath = models.JSONField(default=dict)
    not_computed = models.JSONField(default=list)
    illustrative = models.JSONField(default=list)
    notes = models.JSONField(default=list)
    portfolio = models.JSONField(null=True)
    band = models.JSONField(null=True)
    mix = models.JSONField(null=True)
    before_start_on = models.DateField(null=True)
    before_end_on = models.DateField(null=True)
    own_units = models.JSONField(null=True)
    internal_sales = models.DecimalField(max_digits=20, decimal_places=2, null=True)
    run = models.ForeignKey(Run, models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering: ClassVar[list[str]] = ["-id"]

    def __str__(self) -> str:
        return f"Valuation as of {day_text(self.as_of_on)}, ledger v{self.ledger_version}"

    @property
    def is_loss_illustrative(self) -> bool:
        """Whether expected losses rest on examples instead of the firm's own experience."""
        return self.assumptions is None or self.assumptions.is_illustrative

    @property
    def is_service_illustrative(self) -> bool:
        """Whether cost to serve rests on facts or rates that nobody measured."""
        return "service_activities" in self.illustrative or bool(self.book and self.book.is_illustrative)
