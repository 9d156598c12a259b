"""The programme: a firm's criteria, limits and decisions, read from one TOML file."""

import hashlib
import json
from dataclasses import asdict, dataclass, field
from pathlib import Path

from openkam.analytics.selection import limit_parse, programme_parse
from openkam.analytics.selection.criteria import Criterion
from openkam.analytics.selection.programme_document import Document, Place, ProgrammeError, read_document
from openkam.analytics.selection.programme_template import programme_template
from openkam.analytics.selection.programme_terms import (
    AccountManager,
    AccountOverride,
    Candidates,
    Cap,
    Conflict,
    Effort,
    EffortCurve,
    Floor,
    Gate,
    PinnedAccount,
    Provision,
    Rating,
    SelectionLimits,
    ServiceRate,
)
from openkam.analytics.selection.table_reader import read_single

DEFAULT_PERIOD_MONTHS = 12
DEFAULT_DISCOUNT_RATE = 0.1


@dataclass(frozen=True, slots=True)
class Programme:
    """A programme, checked. `currency` is None where the ledger's own is meant; `hours` and `cost` are None where not given.

    `document` is the file it came from, for the words of errors; it takes no part in equality or in the digest.
    """

    name: str
    currency: str | None
    period_months: int
    discount_rate_per_year: float
    criteria: tuple[Criterion, ...]
    ratings: tuple[Rating, ...]
    candidates: Candidates
    hours: Effort | None
    cost: Effort | None
    overrides: tuple[AccountOverride, ...]
    limits: SelectionLimits
    managers: tuple[AccountManager, ...]
    floors: tuple[Floor, ...]
    caps: tuple[Cap, ...]
    gates: tuple[Gate, ...]
    conflicts: tuple[Conflict, ...]
    pins: tuple[PinnedAccount, ...]
    activity_rates: tuple[ServiceRate, ...]
    provision: Provision
    document: Document = field(compare=False, repr=False)

    @classmethod
    def load(cls, path: str | Path) -> "Programme":
        """The programme in the file; raises `ProgrammeError` where it cannot be read or holds a fault."""
        file = Path(path)
        try:
            text = file.read_bytes().decode("utf-8-sig")
        except UnicodeDecodeError as error:
            line = error.object[: error.start].count(b"\n") + 1
            raise ProgrammeError(f"{file}, line {line}: a character is not UTF-8: save the file as UTF-8.") from error
        except OSError as error:
            raise ProgrammeError(
                f"{file}: the programme cannot be read ({error.strerror}): check the path.",
                by_command="Write one with 'openkam init'.",
            ) from error
        return cls.parse(text, name=str(file))

    @classmethod
    def parse(cls, text: str, *, name: str = "programme.toml") -> "Programme":
        """The programme in the text; `name` is what messages call it. Raises `ProgrammeError` at the first fault."""
        document = read_document(text, name)
        if "programme" not in document.tables:
            raise ProgrammeError(
                f'{name}: the table [programme] is missing: begin the file with [programme] and a line name = "…".'
            )
        heading = read_single(document, "programme")
        criteria = programme_parse.read_criteria(document)
        programme = cls(
            name=heading.text("name"),
            currency=heading.currency("currency"),
            period_months=heading.optional_whole("period_months") or DEFAULT_PERIOD_MONTHS,
            discount_rate_per_year=heading.optional_number("discount_rate_per_year") or DEFAULT_DISCOUNT_RATE,
            criteria=criteria,
            ratings=programme_parse.read_ratings(document, criteria),
            candidates=programme_parse.read_candidates(document),
            hours=programme_parse.read_effort(document, "hours"),
            cost=programme_parse.read_effort(document, "cost"),
            overrides=programme_parse.read_overrides(document),
            limits=limit_parse.read_limits(document),
            managers=limit_parse.read_managers(document),
            floors=limit_parse.read_floors(document),
            caps=limit_parse.read_caps(document),
            gates=limit_parse.read_gates(document),
            conflicts=limit_parse.read_conflicts(document),
            pins=limit_parse.read_pins(document),
            activity_rates=programme_parse.read_service_rates(document),
            provision=programme_parse.read_provision(document),
            document=document,
        )
        programme.check_together()
        return programme

    @classmethod
    def default(cls) -> "Programme":
        """The programme of the template: measures that mean the same in a firm of any size, at most 20 accounts."""
        return cls.parse(programme_template(), name="the default programme")

    @property
    def digest(self) -> str:
        """SHA-256, in hexadecimal, of what the programme says: comments, spacing and the file's name do not count."""
        said = {key: value for key, value in asdict(self).items() if key != "document"}
        return hashlib.sha256(json.dumps(said, sort_keys=True, default=str, separators=(",", ":")).encode()).hexdigest()

    @property
    def service_rates(self) -> dict[str, tuple[float, float]]:
        """By activity the minutes that one takes and the cost of a minute, as the measures read them."""
        return {r.activity: (r.minutes_per_activity, r.cost_per_minute) for r in self.activity_rates}

    @property
    def provision_rates(self) -> tuple[tuple[int | None, float], ...]:
        """The provision matrix as the measures read it: (days past due up to and with, loss rate), None as the last bound."""
        return self.provision.rates_by_upper_bound

    @property
    def measures_read(self) -> frozenset[str]:
        """Names of all measures that criteria, their fallbacks, efforts and gates read."""
        curves = (effort.measure for effort in (self.hours, self.cost) if isinstance(effort, EffortCurve))
        criteria = (name for criterion in self.criteria for name in (criterion.measure, criterion.fallback_measure) if name)
        return frozenset([*criteria, *curves, *(gate.measure for gate in self.gates)])

    def place(self, table: str, number: int = 0) -> Place:
        """Where the `number`-th table of that name stands, to raise a fault found later."""
        return self.document.place(table, number)

    def check_together(self) -> None:
        """Raises `ProgrammeError` where two sections contradict each other, or nothing keeps every account from being key."""
        limits, place = self.limits, self.place("limits")
        if (limits.accounts_at_most, limits.budget_per_year, limits.hours_per_year) == (None, None, None) and not self.managers:
            raise place.fault("nothing keeps every account from being key: add accounts_at_most, a budget, hours or managers.")
        overridden = {
            "hours": any(o.hours is not None for o in self.overrides),
            "cost": any(o.cost is not None for o in self.overrides),
        }
        if limits.hours_per_year is not None and self.hours is None and not overridden["hours"]:
            raise place.fault("hours_per_year needs to know the hours of an account: add hours to [effort].", "hours_per_year")
        if limits.budget_per_year is not None and self.cost is None and not overridden["cost"]:
            raise place.fault("budget_per_year needs to know the cost of an account: add cost to [effort].", "budget_per_year")
        if self.managers and self.hours is None and not overridden["hours"]:
            raise self.place("manager", 1).fault("managers need to know the hours of an account: add hours to [effort].")
        if limits.prospects_at_least and not self.candidates.include_prospects:
            problem = (
                "prospects_at_least asks for prospects, but none are candidates: set include_prospects = true in [candidates]."
            )
            raise place.fault(problem, "prospects_at_least")
