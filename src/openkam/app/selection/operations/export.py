"""Hand out a scenario's candidates as a file: all that the person sees, with what was decided."""

import csv
import io

from django.db import transaction

from openkam.app.accounts.operations.export import CONTENT_TYPES, ExportedFile, ExportFormat, without_formula
from openkam.app.audit.operations import record_write
from openkam.app.people.models import User
from openkam.app.people.permissions import Permission, require
from openkam.app.selection.models import Scenario
from openkam.app.selection.queries.candidates import visible_candidates
from openkam.app.selection.queries.rounds import visible_decisions

HEADS = ("Rank", "Account", "Ledger account", "Proposed", "Utility")
LATER_HEADS = ("Hours a year", "Price to turn, %", "Manager", "Region", "Decision", "Tier", "From", "Until", "Reason")


@transaction.atomic
def export_candidates(*, actor: User, scenario: Scenario) -> ExportedFile:
    """The visible candidates of a scenario as CSV, the chosen first; that it was taken is recorded on the actor.

    A text that a spreadsheet could run as a formula is led by an apostrophe.
    """
    require(actor, Permission.EXPORT)
    decisions = {decision.account_id: decision for decision in visible_decisions(actor, scenario.round)}
    rows: list[list[object]] = []
    for candidate in visible_candidates(actor, scenario).defer("measures", "needs", "partners"):
        decision = decisions.get(candidate.account_id) if candidate.account_id else None
        rows.append(
            [
                candidate.rank,
                candidate.name,
                candidate.ledger_account,
                "in" if candidate.is_selected else "out",
                candidate.utility,
                *candidate.contributions,
                candidate.hours,
                candidate.regret_percent,
                candidate.manager_name,
                candidate.region,
                *(
                    (
                        decision.get_choice_display(),
                        decision.get_tier_display(),
                        decision.valid_from,
                        decision.valid_until,
                        decision.reason,
                    )
                    if decision
                    else ("",) * 5
                ),
            ]
        )
    lines = io.StringIO(newline="")
    writer = csv.writer(lines)
    writer.writerow([without_formula(head) for head in (*HEADS, *(c["label"] for c in scenario.criteria), *LATER_HEADS)])
    writer.writerows([without_formula(cell) if isinstance(cell, str) else cell for cell in row] for row in rows)
    after: dict[str, object] = {"round": scenario.round.name, "scenario": scenario.name, "rows": len(rows)}
    record_write(actor=actor, verb="exported candidates", record=actor, before={}, after=after)
    content = lines.getvalue().encode("utf-8-sig")
    return ExportedFile(f"candidates-{len(rows)}-rows.csv", CONTENT_TYPES[ExportFormat.CSV], content, len(rows))
