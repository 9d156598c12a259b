"""The portfolio: the visible accounts as the latest round measured them, narrowed by manager, region and standing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from openkam.analytics.report.concentration import LabelledConcentration
from openkam.analytics.report.illustrative import generated_measures
from openkam.analytics.report.portfolio import Carried, Place, Portfolio, Totals, carried_by, portfolio
from openkam.analytics.review.measures_file import read_measures
from openkam.analytics.terms import OpenKamError
from openkam.app.accounts.models import Account
from openkam.app.accounts.queries.scope import visible_accounts
from openkam.app.cockpit.queries.standing import accounts_of, counted, latest_baseline, standings
from openkam.app.cockpit.terms import KEY_STANDINGS, Standing
from openkam.app.people.models import User
from openkam.app.selection.models import Round, Scenario
from openkam.app.selection.queries.candidates import visible_candidates
from openkam.app.selection.queries.workspace import measures_path


@dataclass(frozen=True, slots=True)
class Choice:
    """What of the portfolio is asked for; empty means all."""

    manager: User | None = None
    region: str = ""
    standing: str = ""


@dataclass(frozen=True, slots=True)
class Spot:
    """One account on the matrix: the account of ours, what was measured, and what the round made of it."""

    account: Account | None
    place: Place
    standing: Standing
    utility: float | None
    hours: float | None


@dataclass(frozen=True, slots=True)
class PortfolioPage:
    """Everything the page shows. Without a round all else is empty; `problem` says what cannot be read."""

    round: Round | None
    found: Portfolio | None
    key: Carried | None
    spots: tuple[Spot, ...]
    region_names: tuple[str, ...]
    is_illustrative: bool
    problem: str

    @property
    def standings(self) -> list[tuple[str, Totals]]:
        """What each standing carries, in the order of the standings."""
        found = {group.name: group.totals for group in self.found.standings} if self.found else {}
        return [(str(one.label), found[one]) for one in Standing if one in found]

    @property
    def headline(self) -> LabelledConcentration | None:
        """The concentration that says most: with buying groups joined where there are any."""
        return self.found.concentrations[-1] if self.found and self.found.concentrations else None

    @property
    def regions(self) -> list[tuple[str, Totals]]:
        """What each region carries; nothing where the accounts name none."""
        groups = self.found.regions if self.found and any(group.name for group in self.found.regions) else ()
        return [(group.name or "No region", group.totals) for group in groups]


def portfolio_page(user: User, choice: Choice, on: date) -> PortfolioPage:
    """The page of a person, in a number of queries that does not depend on the accounts."""
    baseline = latest_baseline()
    if baseline is None:
        return PortfolioPage(None, None, None, (), (), False, "")
    selection_round = baseline.round
    try:
        measures = read_measures(measures_path(selection_round.measures_file))
    except OpenKamError as error:
        return PortfolioPage(selection_round, None, None, (), (), False, str(error))
    standing = standings(user, baseline, on)
    whose = counted(user, choice.manager)
    found = portfolio(measures, standing=standing.by_ledger_account, region=choice.region, only=choice.standing, **whose)
    generated = generated_measures(measures.catalogue, selection_round.illustrative)
    return PortfolioPage(
        round=selection_round,
        found=found,
        key=carried_by(found.standings, KEY_STANDINGS),
        spots=_spots(user, baseline, found.places),
        region_names=found.region_names,
        is_illustrative="contribution_margin" in generated,
        problem="",
    )


def managers_seen(user: User) -> QuerySet[User]:
    """Who looks after accounts that the person sees."""
    return User.objects.filter(pk__in=visible_accounts(user).order_by().exclude(manager=None).values("manager"))


def _spots(user: User, baseline: Scenario, places: Sequence[Place]) -> tuple[Spot, ...]:
    """The places with the accounts of ours behind them, and utility and hours of those that the round weighed."""
    names = [place.account for place in places]
    accounts = accounts_of(user, names)
    weighed = visible_candidates(user, baseline).filter(ledger_account__in=names).order_by()
    scores = {name: (utility, hours) for name, utility, hours in weighed.values_list("ledger_account", "utility", "hours")}
    return tuple(
        Spot(accounts.get(place.account), place, Standing(place.standing), *scores.get(place.account, (None, None)))
        for place in places
    )
