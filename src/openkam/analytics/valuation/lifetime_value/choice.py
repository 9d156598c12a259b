"""Which purchase model the orders speak for, and why."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol, Self, TypeVar

import numpy as np
import numpy.typing as npt

from openkam.analytics.behaviour.account_columns import Vector
from openkam.analytics.valuation.maximum_likelihood import Estimate, UnidentifiedModelError
from openkam.analytics.valuation.purchase_model import fit_bg_bb, fit_bg_nbd, fit_mbg_cnbd_k, fit_mbg_nbd, fit_pareto_nbd
from openkam.analytics.valuation.purchase_summary import PurchaseSummary


class PurchaseModel(Protocol):
    """What every purchase model can tell of its histories."""

    @property
    def name(self) -> str:
        """The model's name."""
        ...

    @property
    def estimate(self) -> Estimate:
        """Its parameters."""
        ...

    @property
    def log_likelihood(self) -> float:
        """Of all histories."""
        ...

    def at(self, rows: slice) -> Self:
        """The same model about some of its accounts."""
        ...

    def with_parameters(self, parameters: dict[str, float]) -> Self:
        """The same histories under other parameters."""
        ...

    def probability_alive(self) -> Vector:
        """Probability of each account to buy on."""
        ...

    def expected_purchases(self, horizon: npt.ArrayLike) -> Vector:
        """Orders of each account in the horizon."""
        ...

    def discounted_expected_residual_transactions(self, discount_per_period: float) -> Vector:
        """Discounted orders of each account, without end."""
        ...

    def draw_residual_transactions(self, discount_per_period: float, generator: np.random.Generator) -> Vector:
        """One draw of the discounted orders to expect from each account."""
        ...


_Model = TypeVar("_Model", bound=PurchaseModel)


@dataclass(frozen=True, slots=True)
class ModelChoice:
    """The model that was taken, `why`, and every other that was looked at with its log-likelihood or what kept it out.

    `period_days` is the model's unit of time in days.
    """

    model: PurchaseModel
    period_days: float
    why: str
    considered: tuple[str, ...]


def choose_model(summary: PurchaseSummary, occasion_days: int | None = None) -> ModelChoice:
    """Take the model that the histories speak for.

    With `occasion_days`, histories by occasion (see `by_occasion`) get the BG/BB. Else regular buyers (the gaps are likeliest with
    k of 2 or more) get the MBG/CNBD-k; random ones the MBG/NBD or the Pareto/NBD, whichever is likelier. The BG/NBD is shown beside
    them and never taken: it holds every account with a single order for alive. Raises `UnidentifiedModelError` where none can be
    told from the histories.
    """
    if occasion_days is not None:
        history = (summary.frequency, summary.recency_days / occasion_days, summary.age_days / occasion_days)
        model = fit_bg_bb(*history)
        why = f"Orders are possible once every {occasion_days} days only: {model.name}, the model of occasions."
        return ModelChoice(model, float(occasion_days), why, (figures(model),))
    history = (summary.frequency, summary.recency_days, summary.age_days)
    seen = _Candidates()
    regular = seen.attempt(lambda: fit_mbg_cnbd_k(*history, log_gaps=summary.log_gaps))
    random = seen.attempt(lambda: fit_mbg_nbd(*history))
    fitted = [model for model in (random, seen.attempt(lambda: fit_pareto_nbd(*history))) if model is not None]
    seen.attempt(lambda: fit_bg_nbd(*history))
    if regular is not None and regular.k > 1:
        against = (
            ""
            if random is None
            else f", log-likelihood {regular.log_likelihood:,.1f} against {random.log_likelihood:,.1f} of random"
        )
        why = f"Orders come in regular gaps (k = {regular.k}{against}): {regular.name}."
        return ModelChoice(regular, 1.0, why, tuple(seen.figures))
    if not fitted:
        raise UnidentifiedModelError("No purchase model can be told from these orders. " + " ".join(seen.figures))
    model = max(fitted, key=lambda candidate: candidate.log_likelihood)
    why = f"Orders come at random (k = 1), and {model.name} is the likeliest of the models of random buyers."
    return ModelChoice(model, 1.0, why, tuple(seen.figures))


class _Candidates:
    """What was looked at, in words."""

    def __init__(self) -> None:
        self.figures: list[str] = []

    def attempt(self, fit: Callable[[], _Model]) -> _Model | None:
        """The fitted model, None where the histories cannot tell it."""
        try:
            model = fit()
        except UnidentifiedModelError as unidentified:
            self.figures.append(str(unidentified))
            return None
        self.figures.append(figures(model))
        return model


class Fitted(Protocol):
    """What is told of every model in words."""

    @property
    def name(self) -> str:
        """The model's name."""
        ...

    @property
    def estimate(self) -> Estimate:
        """Its parameters and log-likelihood."""
        ...


def figures(model: Fitted) -> str:
    """A fitted model in one line."""
    parameters = ", ".join(f"{name} {value:.4g}" for name, value in model.estimate.parameters.items())
    return f"{model.name}: log-likelihood {model.estimate.log_likelihood:,.1f}; {parameters}."
