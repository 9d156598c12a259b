"""A round over accounts that exist already, with figures that a test gives: nothing is searched, so it takes a moment."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pyarrow as pa
from tests.factories.planted import PROGRAMME

from openkam.analytics.review.measures_file import write_measures
from openkam.analytics.selection.programme import Programme
from openkam.analytics.terms import Measure, Unit
from openkam.app.accounts.models import Account, AccountKey
from openkam.app.people.models import User
from openkam.app.selection.models import Candidate, Round, Scenario

AS_OF = date(2016, 5, 31)
AT = datetime(2016, 6, 1, tzinfo=UTC)
CRITERIA = [
    {"name": "contribution", "label": "Contribution", "weight": 0.75, "unit": "currency", "measure": "contribution_margin"},
    {"name": "growth", "label": "Growth", "weight": 0.25, "unit": "per year", "measure": "growth_per_year"},
]
CATALOGUE = tuple(
    Measure(name, unit, f"What {name} means", "test")
    for name, unit in (
        ("net_sales", Unit.CURRENCY),
        ("cost_of_goods", Unit.CURRENCY),
        ("gross_contribution", Unit.CURRENCY),
        ("cost_to_serve", Unit.CURRENCY),
        ("contribution_margin", Unit.CURRENCY),
        ("contribution_margin_ratio", Unit.RATIO),
        ("growth_per_year", Unit.PER_YEAR),
    )
)


@dataclass(frozen=True, slots=True)
class Weighed:
    """One account as the round finds it; contribution is what is left of sales after goods (half) and service."""

    account: Account
    net_sales: float
    service: float = 0.0
    growth: float | None = 0.1
    is_selected: bool = False
    region: str = "West"
    group: str = ""
    regret: float | None = None
    fields: dict[str, Any] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """The ledger's name of the account."""
        return f"ledger-{self.account.pk}"

    @property
    def measures(self) -> dict[str, float | str | None]:
        """What was measured."""
        goods = self.net_sales / 2
        margin = self.net_sales - goods - self.service
        return {
            "net_sales": self.net_sales,
            "cost_of_goods": goods,
            "gross_contribution": self.net_sales - goods,
            "cost_to_serve": self.service,
            "contribution_margin": margin,
            "contribution_margin_ratio": margin / self.net_sales,
            "growth_per_year": self.growth,
            "contribution_basis": "after cost to serve",
        }


def measured_round(home: Path, head: User, accounts: list[Weighed], limits: list[dict[str, Any]] | None = None) -> Round:
    """A saved round with its baseline and its file of measures in the workspace `home`."""
    ordered = sorted(accounts, key=lambda one: -(one.measures["contribution_margin"] or 0))
    made = Round.objects.create(
        name=f"2016-{Round.objects.count() + 1}",
        as_of_on=AS_OF,
        currency="USD",
        ledger_version=8,
        programme=PROGRAMME,
        programme_digest="",
        code_version="",
        measures_file=_file(home, ordered),
        account_count=len(accounts),
        illustrative=["service_activities"],
        opened_at=AT,
        opened_by=head,
    )
    baseline = Scenario.objects.create(
        round=made,
        name="As reviewed",
        is_baseline=True,
        programme=PROGRAMME,
        objective=1,
        gap=0,
        solver_seconds=0,
        candidate_count=len(accounts),
        selected_count=sum(one.is_selected for one in accounts),
        criteria=CRITERIA,
        limits=limits or [],
        is_explained=True,
        made_at=AT,
        made_by=head,
    )
    for rank, one in enumerate(ordered, 1):
        AccountKey.objects.get_or_create(
            source="erp", customer_key=one.key, defaults={"account": one.account, "ledger_account": one.key}
        )
        Candidate.objects.create(
            scenario=baseline,
            account=one.account,
            ledger_account=one.key,
            name=one.account.name,
            rank=rank,
            utility=1 / rank,
            is_selected=one.is_selected,
            region=one.region,
            hours=40 + rank,
            contributions=[0.5 / rank, 0.5 / rank],
            levels=[one.measures["contribution_margin"], one.growth],
            measures=one.measures,
            regret_percent=one.regret,
            is_explained=one.regret is not None,
            **({"binding": "" if one.is_selected else "Out on merit"} | one.fields),
        )
    return made


def _file(home: Path, accounts: list[Weighed]) -> str:
    columns = {
        "account": [one.key for one in accounts],
        "name": [one.account.name for one in accounts],
        "region": [one.region for one in accounts],
        "group_name": [one.group or None for one in accounts],
        **{measure.name: [one.measures[measure.name] for one in accounts] for measure in CATALOGUE},
        "is_candidate": [True] * len(accounts),
    }
    review: Any = SimpleNamespace(accounts=pa.table(columns), as_of=AS_OF, currency="USD", ledger_version=8, measures=CATALOGUE)
    name = f"round-{Round.objects.count() + 1}.parquet"
    write_measures(review, Programme.parse(PROGRAMME), home / "files/rounds" / name)
    return name
