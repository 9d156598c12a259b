"""Write docs/reference/measures.md from the catalogue of measures, so that the page cannot fall behind it."""

from datetime import date
from itertools import groupby
from pathlib import Path

from openkam.analytics.behaviour.facts import MeasureParameters
from openkam.analytics.review.wanted_measures import every_measure
from openkam.analytics.valuation.account_measures import measure_catalogue

PAGE = Path(__file__).parents[1] / "docs" / "reference" / "measures.md"
AS_OF = date(2016, 5, 31)

HEAD = f"""# The measures

One row per account, one column per measure: in `accounts.parquet`, in the workbook, under `measures` of
`openkam review --json`, and by name in a programme's criteria, gates and efforts. A measure that the facts
cannot tell is null, never zero. Amounts are in the reporting currency. The sentences are those of a review as of
{AS_OF} over 12 months, the sample company's. What takes a model of all accounts ({{wanted}}) is computed
where the programme reads it, and in every round of the workspace. How each family is computed: [the method](../method/index.md).
"""


def measures_page() -> str:
    """The page, whole."""
    catalogue = every_measure(MeasureParameters(as_of=AS_OF, reporting_currency="USD"))
    first = {measure.family: place for place, measure in reversed(list(enumerate(catalogue)))}
    always = {measure.name for measure in measure_catalogue(MeasureParameters(as_of=AS_OF, reporting_currency="USD"))}
    parts = [HEAD.format(wanted=", ".join(f"`{measure.name}`" for measure in catalogue if measure.name not in always))]
    for family, measures in groupby(sorted(catalogue, key=lambda one: first[one.family]), key=lambda measure: measure.family):
        rows = "\n".join(f"| `{m.name}` | {m.unit} | {m.meaning} |" for m in measures)
        parts.append(f"## {family.replace('_', ' ').capitalize()}\n\n| Measure | Unit | Meaning |\n|---|---|---|\n{rows}\n")
    return "\n".join(parts)


if __name__ == "__main__":
    PAGE.write_text(measures_page(), encoding="utf-8")
