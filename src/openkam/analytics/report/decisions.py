"""The decisions to look at: the nearest accounts left out and the weakest of the chosen, each with its reasons in words."""

import math
from dataclasses import dataclass

from openkam.analytics.report import number_format as nf
from openkam.analytics.report.account_columns import account_names, rows_by_problem_index
from openkam.analytics.report.ranking import Ranked, Ranking
from openkam.analytics.review.review import Review
from openkam.analytics.selection.problem import Change


@dataclass(frozen=True, slots=True)
class ChangeWords:
    """One smallest change that would bring an account in."""

    label: str
    unit: str
    from_text: str
    to_text: str
    is_stable: bool
    note: str


@dataclass(frozen=True, slots=True)
class LeftOut:
    """One account left out: price of forcing it in (percent of the objective, None where impossible) and what would change it."""

    ranked: Ranked
    regret_percent: float | None
    binding: str
    leave: tuple[str, ...]
    come_in: tuple[str, ...]
    changes: tuple[ChangeWords, ...]


@dataclass(frozen=True, slots=True)
class Chosen:
    """One chosen account: what would come in its place and what that would cost (None where nothing can take its place)."""

    ranked: Ranked
    loss_percent: float | None
    replaced_by: tuple[str, ...]


def left_out(review: Review, ranking: Ranking) -> tuple[LeftOut, ...]:
    """The explained accounts in the order of regret, as the explanations give them."""
    names, rows = account_names(review), rows_by_problem_index(review)
    by_row = {ranked.row: ranked for ranked in ranking.left_out}
    found: list[LeftOut] = []
    for why in review.explanations.why_out:
        ranked = by_row.get(rows.get(why.account, -1))
        if ranked is None:
            continue
        found.append(
            LeftOut(
                ranked=ranked,
                regret_percent=why.regret_percent,
                binding=_sentence(why.binding),
                leave=tuple(names[rows[i]] for i in why.displaces if i in rows),
                come_in=tuple(names[rows[i]] for i in why.brings_in if i in rows),
                changes=tuple(change_words(change, review.currency) for change in why.needs),
            )
        )
    return tuple(found)


def weakest_chosen(review: Review, ranking: Ranking) -> tuple[Chosen, ...]:
    """The chosen accounts, the one whose loss would cost least first; those that nothing can replace stand last."""
    names, rows = account_names(review), rows_by_problem_index(review)
    by_row = {ranked.row: ranked for ranked in ranking.chosen}
    found = [
        Chosen(
            ranked=by_row[rows[why.account]],
            loss_percent=why.loss_percent if why.loss_percent is not None and math.isfinite(why.loss_percent) else None,
            replaced_by=tuple(names[rows[i]] for i in why.displaces if i in rows),
        )
        for why in review.explanations.why_in
        if rows.get(why.account) in by_row
    ]
    return tuple(
        sorted(found, key=lambda c: (bool(c.ranked.pin_reason), c.loss_percent is None, c.loss_percent or 0.0, c.ranked.account))
    )


def change_words(change: Change, currency: str) -> ChangeWords:
    """A change as a reader meets it, its two ends with as many places as keep them apart."""
    digits = _digits(change.from_value, change.to_value)

    def text(value: float) -> str:
        return nf.percent(value) if nf.is_percent_unit(change.unit) else nf.decimal(value, digits)

    return ChangeWords(
        label=_sentence(change.label).rstrip("."),
        unit=nf.words_behind(change.unit, currency),
        from_text=text(change.from_value),
        to_text=text(change.to_value),
        is_stable=change.is_stable,
        note=_sentence(change.note).rstrip(".") if change.note else "",
    )


def _digits(*values: float) -> int:
    """Places that keep the two ends of a change apart: none for whole numbers and large ones, else two."""
    finite = [value for value in values if math.isfinite(value)]
    if all(value.is_integer() or abs(value) >= 10_000 for value in finite):
        return 0
    return 1 if any(abs(value) >= 100 for value in finite) else 2


def _sentence(words: str) -> str:
    text = words.strip()
    return text[:1].upper() + text[1:]
