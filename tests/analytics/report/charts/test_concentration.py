"""The bars of the top shares."""

import numpy as np
from tests.factories.review import make_review

from openkam.analytics.report.charts.concentration import concentration_figure
from openkam.analytics.report.concentration import concentration, concentrations


def test_it_shows_accounts_and_lists_groups_too() -> None:
    found = concentrations(make_review())
    figure = concentration_figure(found, is_illustrative=True)
    assert figure is not None
    assert figure.title.startswith("The top 20 carry ")
    assert figure.legend == ((1, "Net sales"), (4, "Contribution"))
    assert [row[0] for row in figure.table.rows] == [c.label for c in found]


def test_a_single_account_is_the_whole() -> None:
    found = concentration("Net sales", "net_sales", np.array([5.0]))
    assert found is not None
    figure = concentration_figure((found,), is_illustrative=False)
    assert figure is not None
    assert figure.title == "The top 1 carry 100\u00a0% of net sales; it is as if 1.0 equal accounts bought"


def test_nothing_above_zero_no_chart() -> None:
    assert concentration_figure((), is_illustrative=False) is None
