"""The scatter of ranks."""

from tests.factories.review import make_review

from openkam.analytics.report.charts.margin_against_sales import margin_against_sales_figure
from openkam.analytics.report.margin_against_sales import MarginAgainstSales, Place, margin_against_sales
from openkam.analytics.valuation.margin_against_sales import Quadrant


def made(count: int, swaps: int) -> MarginAgainstSales:
    cut = 10
    places = []
    for rank in range(1, count + 1):
        other = 2 * cut + 1 - rank if abs(2 * rank - 2 * cut - 1) < 2 * swaps else rank
        is_in = (rank <= cut, other <= cut)
        quadrant = {(True, True): Quadrant.BOTH, (True, False): Quadrant.LOSES, (False, True): Quadrant.GAINS}.get(
            is_in, Quadrant.NEITHER
        )
        places.append(Place(f"Account {rank}", 1e6 / rank, 1e5 / other, rank, other, quadrant, rank <= cut))
    return MarginAgainstSales(tuple(places), cut, 0)


def test_title_and_table_name_those_who_change() -> None:
    comparison = margin_against_sales(make_review())
    assert comparison is not None
    figure = margin_against_sales_figure(comparison, "USD", is_illustrative=True)
    loses = comparison.of(Quadrant.LOSES)
    assert figure.title.startswith(f"{len(loses)} accounts of the top 14 by sales")
    assert {row[0] for row in figure.table.rows if row[6] == str(Quadrant.LOSES)} == {place.name for place in loses}
    assert all(place.name in figure.wide for place in loses)
    assert figure.source_notes == (f"{comparison.missing_count} accounts lack one of the figures",)


def test_no_change_says_so() -> None:
    figure = margin_against_sales_figure(made(50, 0), "USD", is_illustrative=False)
    assert figure.title == "The top 10 by sales are the top 10 by contribution"
    assert figure.source_notes == ()


def test_a_large_book_is_thinned_and_says_so() -> None:
    figure = margin_against_sales_figure(made(20_000, 3), "USD", is_illustrative=False)
    assert any("of 20,000 accounts drawn" in note for note in figure.source_notes)
    assert len(figure.wide) < 150_000
    assert len(figure.table.rows) == 13
