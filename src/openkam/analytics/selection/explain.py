"""Why each chosen account is in and why the nearest others are out, every figure found by solving again."""

from typing import cast

from openkam.analytics.selection.binding import alone_words, binding_names, binding_words
from openkam.analytics.selection.bound_walk import may_matter
from openkam.analytics.selection.displacement import Case, open_case
from openkam.analytics.selection.hands import Hands
from openkam.analytics.selection.nearest import Exclusion, exclusion, nearest_exclusions
from openkam.analytics.selection.problem import Change, Explanations, SelectionProblem, Solution, WhyIn, WhyOut
from openkam.analytics.selection.questions import Displaced, Loosened, OwnFigures
from openkam.analytics.selection.search import Progress, Watch
from openkam.analytics.terms import OpenKamError


def explain_selection(
    problem: SelectionProblem,
    solution: Solution,
    *,
    nearest: int = 20,
    with_needs: bool = True,
    progress: Progress | None = None,
    processes: int | None = None,
) -> Explanations:
    """Reasons for every chosen account and for the `nearest` ones left out, smallest regret first.

    `with_needs` False leaves out the smallest changes, which take most of the time on large problems. `processes` is how many may
    work at it (by default the processors at hand, up to four): others join where it takes long, and change no answer. Raises
    `Cancelled` where `progress` returns False, `OpenKamError` where the solution is not the proven best of this problem.
    """
    watch = Watch(progress=progress)
    watch.tell("reading the selection", 0.0)
    case = open_case(problem, solution, watch)
    with Hands(case, helper_count=None if processes is None else processes - 1) as hands:
        displaced = hands.ask([Displaced(int(account)) for account in case.chosen])
        near = nearest_exclusions(case, nearest)
        needs = _needs(case, near, hands) if with_needs else {}
        reasons_in = hands.answers(displaced, "asking what each chosen account displaces", 0.9, 1.0)
    watch.tell("done", 1.0)
    return Explanations(
        tuple(cast("list[WhyIn]", reasons_in)), tuple(_why_out(case, item, needs.get(item.account, ())) for item in near)
    )


def explain_exclusion(problem: SelectionProblem, solution: Solution, account: int, *, progress: Progress | None = None) -> WhyOut:
    """Why one account (position in the problem) is out, near or far; a pin or gate that keeps it out is named, without a
    price."""
    if solution.chosen[account]:
        raise OpenKamError(f"{problem.accounts[account]} is in the selection: there is no exclusion to explain.")
    pin = next((pin for pin in problem.pins if pin.account == account and not pin.is_in), None)
    if pin is not None:
        return WhyOut(account, None, None, (), (), f"pinned out: {pin.reason}", (), ())
    case = open_case(problem, solution, Watch(progress=progress))
    item = exclusion(case, int((case.model.order == account).nonzero()[0][0]))
    with Hands(case) as hands:
        return _why_out(case, item, _needs(case, [item], hands).get(item.account, ()))


def _needs(case: Case, near: list[Exclusion], hands: Hands) -> dict[int, tuple[Change, ...]]:
    """The smallest changes of each account: bounds first, then its own use of them, then its criteria."""
    names = {item.account: binding_names(case, item.account) for item in near if item.columns is not None}
    tried: dict[str, list[int]] = {}
    for account, broken in names.items():
        for name in may_matter(case, account, broken):
            tried.setdefault(name, []).append(account)
    loosened = hands.ask([Loosened(name, tuple(accounts)) for name, accounts in sorted(tried.items())])
    own = hands.ask([OwnFigures(item, names[item.account]) for item in near if item.columns is not None])
    found: dict[int, list[Change]] = {item.account: [] for item in near}
    for changes in hands.answers(loosened, "loosening each bound", 0.5, 0.7):
        for account, change in cast("dict[int, Change]", changes).items():
            found[account].append(change)
    told = hands.answers(own, "changing each account's own figures", 0.7, 0.9)
    for account, changes in zip(names, told, strict=True):
        found[account] += cast("tuple[Change, ...]", changes)
    return {account: tuple(changes) for account, changes in found.items()}


def _why_out(case: Case, item: Exclusion, needs: tuple[Change, ...]) -> WhyOut:
    position = int(case.model.order[item.account])
    names = binding_names(case, item.account)
    if item.columns is None:
        return WhyOut(position, None, None, (), (), _impossible_words(case, item.account), names, ())
    leaves, comes = case.changes(item.columns, item.account)
    words = binding_words(case, item.account, leaves)
    return WhyOut(position, item.regret, case.percent(item.regret), leaves, comes, words, names, needs)


def _impossible_words(case: Case, account: int) -> str:
    position = int(case.model.order[account])
    if case.model.has_managers and not (case.problem.fit[position] > 0.0).any():
        return "out because no manager fits it"
    alone = alone_words(case, account)
    return f"no selection under these limits can contain it: {' and '.join(alone) or binding_words(case, account, ())}"
