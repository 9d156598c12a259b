import pytest
from tests.factories.measuring import measure_rows

from openkam.analytics.valuation.contribution_margin import AFTER_COST_TO_SERVE, GROSS

LADDER = (
    "list_sales",
    "invoice_reduction_amount",
    "net_sales",
    "rebate_amount",
    "pocket_sales",
    "cost_of_goods",
    "gross_contribution",
)


def line(amount: float, customer: str = "a", **more):
    return {"customer_key": customer, "net_amount": amount, **more}


def ladder(found) -> list[float | None]:
    return [found[name] for name in LADDER]


def test_the_ladder_goes_from_list_to_gross_contribution(engine):
    found = measure_rows(engine, transactions=[line(90, list_amount=100, rebate_amount=5, cost_amount=60)])["a"]
    assert ladder(found) == [100, 10, 90, 5, 85, 60, 25]
    assert (found["contribution_margin"], found["contribution_basis"], found["contribution_completeness"]) == (25, GROSS, 1)
    assert found["contribution_margin_ratio"] == pytest.approx(25 / 90)


def test_cost_to_serve_is_the_deepest_rung_where_there_is_any(engine):
    service = [{"customer_key": "a", "cost_amount": 30, "currency": "EUR"}]
    found = measure_rows(
        engine, transactions=[line(90, cost_amount=60), line(50, "b", cost_amount=60)], service_activities=service
    )
    assert (found["a"]["contribution_margin"], found["a"]["contribution_basis"]) == (0, AFTER_COST_TO_SERVE)
    assert (found["b"]["contribution_margin"], found["b"]["contribution_basis"]) == (-10, AFTER_COST_TO_SERVE)


def test_a_missing_cost_is_never_taken_as_zero(engine):
    found = measure_rows(engine, transactions=[line(100, cost_amount=60), line(300)])["a"]
    assert ladder(found) == [None, None, 400, None, None, 60, 40]
    assert found["contribution_completeness"] == 0.25
    assert found["contribution_margin_ratio"] == pytest.approx(0.4)


def test_without_any_cost_the_contribution_is_null_and_not_the_sales(engine):
    found = measure_rows(engine, transactions=[line(100)])["a"]
    assert ladder(found) == [None, None, 100, None, None, None, None]
    empty = ("contribution_margin", "contribution_basis", "contribution_margin_ratio")
    assert [found[name] for name in empty] == [None] * 3
    assert found["contribution_completeness"] == 0


def test_service_without_a_cost_of_goods_is_no_contribution(engine):
    service = [{"customer_key": "a", "cost_amount": 30, "currency": "EUR"}]
    found = measure_rows(engine, transactions=[line(100)], service_activities=service)["a"]
    assert (found["cost_to_serve"], found["contribution_margin"], found["contribution_basis"]) == (30, None, None)


def test_the_products_unit_cost_stands_in_for_a_lines_own(engine):
    found = measure_rows(
        engine,
        transactions=[
            line(100, product_key="p", quantity=10),
            line(100, product_key="p", quantity=10, cost_amount=55),
            line(-20, product_key="p", quantity=-2, line_type="return"),
            line(50, product_key="p"),
        ],
        products=[{"product_key": "p", "unit_cost": 6, "currency": "EUR"}],
    )["a"]
    assert found["cost_of_goods"] == 60 + 55 - 12
    assert found["gross_contribution"] == 180 - 103
    assert found["contribution_completeness"] == pytest.approx(220 / 270)


def test_rebates_count_on_the_lines_whose_cost_is_known(engine):
    found = measure_rows(engine, transactions=[line(100, cost_amount=50, rebate_amount=10), line(100, rebate_amount=7)])["a"]
    assert (found["rebate_amount"], found["pocket_sales"], found["gross_contribution"]) == (17, 183, 40)


def test_an_account_that_bought_nothing_contributes_nothing_where_costs_are_known(engine):
    prospect = [{"customer_key": "idle"}]
    known = measure_rows(engine, transactions=[line(100, cost_amount=50)], customers=prospect)["idle"]
    assert (known["contribution_margin"], known["contribution_basis"], known["contribution_completeness"]) == (0, GROSS, None)
    unknown = measure_rows(engine, transactions=[line(100)], customers=prospect)["idle"]
    assert unknown["contribution_margin"] is None


def test_the_newest_version_of_a_product_gives_its_cost(engine):
    found = measure_rows(
        engine,
        transactions=[line(100, product_key="p", quantity=1)],
        products=[
            {"product_key": "p", "unit_cost": 6, "currency": "EUR", "batch_id": "20240102"},
            {"product_key": "p", "unit_cost": 9, "currency": "EUR", "batch_id": "20240101"},
        ],
    )["a"]
    assert found["cost_of_goods"] == 6
