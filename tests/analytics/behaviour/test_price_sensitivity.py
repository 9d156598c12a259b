import pytest
from tests.factories.measuring import measure_rows


def line(customer: str, product: str | None, quantity: float | None, amount: float, **more):
    return {"customer_key": customer, "product_key": product, "quantity": quantity, "net_amount": amount, **more}


def test_the_index_compares_with_the_average_price_of_the_same_product_and_band(engine):
    lines = [
        line("a", "p", 10, 120),
        line("b", "p", 10, 80),
        line("a", "q", 1, 7),
        line("b", "p", 100, 500),
        line("a", "p", 100, 500),
    ]
    found = measure_rows(engine, transactions=lines)
    # In the band from 10 both paid 200 for 20; in the band from 100 both paid 5; nobody else bought q.
    assert found["a"]["realised_price_index"] == pytest.approx(620 / 600)
    assert found["b"]["realised_price_index"] == pytest.approx(580 / 600)
    assert found["a"]["price_index_coverage"] == pytest.approx(620 / 627)
    assert found["b"]["price_index_coverage"] == 1


def test_bands_are_those_of_the_parameters(engine):
    lines = [line("a", "p", 10, 120), line("b", "p", 12, 80)]
    apart = measure_rows(engine, {"quantity_band_edges": (11,)}, transactions=lines)["a"]
    together = measure_rows(engine, {"quantity_band_edges": ()}, transactions=lines)["a"]
    assert (apart["realised_price_index"], apart["price_index_coverage"]) == (None, 0)
    assert together["realised_price_index"] == pytest.approx(120 / (200 / 22 * 10))


def test_lines_without_product_or_quantity_and_returns_are_not_compared(engine):
    lines = [
        *(line(customer, None, 5, 10) for customer in "ab"),
        *(line(customer, "p", None, 10) for customer in "ab"),
        *(line(customer, "p", -5, 10) for customer in "ab"),
        *(line(customer, "p", -5, -10, line_type="return") for customer in "ab"),
    ]
    found = measure_rows(engine, transactions=lines)["a"]
    assert (found["realised_price_index"], found["price_index_coverage"]) == (None, 0)


def test_same_product_key_of_two_sources_is_two_products(engine):
    lines = [line("a", "p", 5, 10), line("b", "p", 5, 20, source="south")]
    assert measure_rows(engine, transactions=lines)["a"]["realised_price_index"] is None


def test_free_goods_have_no_price_to_compare_with(engine):
    found = measure_rows(engine, transactions=[line("a", "p", 5, 0), line("b", "p", 5, 0)])["a"]
    assert (found["realised_price_index"], found["price_index_coverage"]) == (None, None)


def test_the_list_ratio_uses_the_lines_list_value_else_the_products(engine):
    found = measure_rows(
        engine,
        transactions=[line("a", "p", 10, 90, list_amount=100), line("a", "p", 10, 60), line("a", "q", 1, 5)],
        products=[{"product_key": "p", "unit_list_price": 8, "currency": "EUR"}],
    )["a"]
    assert found["realised_list_ratio"] == pytest.approx(150 / 180)
    assert found["list_completeness"] == pytest.approx(150 / 155)


def test_an_account_without_sales_in_the_period_has_no_price_position(engine):
    found = measure_rows(engine, transactions=[line("a", "p", 1, 5)], customers=[{"customer_key": "idle"}])["idle"]
    assert [found[name] for name in ("realised_price_index", "price_index_coverage", "realised_list_ratio")] == [None] * 3
