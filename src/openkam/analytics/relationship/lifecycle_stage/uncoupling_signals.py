"""Signs that a relation comes apart, whatever its stage: each with its figure and the bound it crossed. They warn; people decide."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class UncouplingFigures:
    """What is known of an account; None is not known.

    `probability_alive` (probability); `silence_days` since the last order and `overdue_after_days`, beyond which 95 % of its own gaps have
    ended; `warmth` of its contacts today and `warmth_before` a year ago; whether it `has_sponsor` and `had_sponsor`; CM4 of the last
    two years (currency), newest first, and whether a recovery plan runs; whether strategies no longer fit (somebody's judgement).
    """

    probability_alive: float | None = None
    silence_days: float | None = None
    overdue_after_days: float | None = None
    warmth: float | None = None
    warmth_before: float | None = None
    has_sponsor: bool | None = None
    had_sponsor: bool | None = None
    contribution_by_year: tuple[float, ...] | None = None
    has_recovery_plan: bool | None = None
    is_misfit: bool | None = None


@dataclass(frozen=True, slots=True)
class UncouplingBounds:
    """Where a sign begins: alive with less than `alive_below`, warmth fallen to `warmth_share` of what it was, years of loss."""

    alive_below: float = 0.5
    warmth_share: float = 0.5
    loss_years: int = 2


@dataclass(frozen=True, slots=True)
class UncouplingSignal:
    """One sign: whether it shows (None: not known), in words with its figure."""

    name: str
    shows: bool | None
    text: str


def uncoupling_signals(figures: UncouplingFigures, bounds: UncouplingBounds | None = None) -> tuple[UncouplingSignal, ...]:
    """All six signs, those that show first, then those not known."""
    used = bounds or UncouplingBounds()
    found = (
        _alive(figures, used),
        _overdue(figures),
        _cooling(figures, used),
        _sponsor(figures),
        _loss(figures, used),
        _misfit(figures),
    )
    return tuple(sorted(found, key=lambda signal: (not signal.shows, signal.shows is not None)))


def _alive(figures: UncouplingFigures, bounds: UncouplingBounds) -> UncouplingSignal:
    alive = figures.probability_alive
    if alive is None:
        return UncouplingSignal("silent", None, "how likely it still buys is not known")
    return UncouplingSignal("silent", alive < bounds.alive_below, f"it still buys with a probability of {alive:.0%}")


def _overdue(figures: UncouplingFigures) -> UncouplingSignal:
    silence, bound = figures.silence_days, figures.overdue_after_days
    if silence is None or bound is None:
        return UncouplingSignal("order overdue", None, "its rhythm of orders is not known")
    return UncouplingSignal(
        "order overdue", silence > bound, f"{silence:.0f} days since its last order, overdue after {bound:.0f}"
    )


def _cooling(figures: UncouplingFigures, bounds: UncouplingBounds) -> UncouplingSignal:
    now, before = figures.warmth, figures.warmth_before
    if now is None or before is None or before <= 0:
        return UncouplingSignal("contact fades", None, "its contacts of a year ago are not known")
    return UncouplingSignal(
        "contact fades", now < bounds.warmth_share * before, f"contacts are {now / before:.0%} as warm as a year ago"
    )


def _sponsor(figures: UncouplingFigures) -> UncouplingSignal:
    if figures.has_sponsor is None or figures.had_sponsor is None:
        return UncouplingSignal("sponsor lost", None, "whether it has a sponsor is not known")
    is_lost = figures.had_sponsor and not figures.has_sponsor
    return UncouplingSignal("sponsor lost", is_lost, "its sponsor has gone" if is_lost else "no sponsor was lost")


def _loss(figures: UncouplingFigures, bounds: UncouplingBounds) -> UncouplingSignal:
    years = figures.contribution_by_year
    if years is None or len(years) < bounds.loss_years:
        return UncouplingSignal("lasting loss", None, f"its contribution of {bounds.loss_years} years is not known")
    if any(year >= 0 for year in years[: bounds.loss_years]):
        return UncouplingSignal("lasting loss", shows=False, text="it has not lost money year after year")
    if figures.has_recovery_plan is None:
        return UncouplingSignal("lasting loss", None, f"{bounds.loss_years} years of loss; whether it is to recover is not known")
    text = f"{bounds.loss_years} years of loss, {'with' if figures.has_recovery_plan else 'without'} a plan to recover"
    return UncouplingSignal("lasting loss", not figures.has_recovery_plan, text)


def _misfit(figures: UncouplingFigures) -> UncouplingSignal:
    if figures.is_misfit is None:
        return UncouplingSignal("strategies part", None, "nobody has judged whether strategies still fit")
    return UncouplingSignal("strategies part", figures.is_misfit, "strategies part" if figures.is_misfit else "strategies fit")
