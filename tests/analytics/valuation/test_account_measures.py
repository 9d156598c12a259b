from tests.factories.company import seeded_company
from tests.factories.measuring import SERVICE_RATES, assert_same, by_account, measure, parameters
from tests.factories.plain_measures import plain_measures


def test_every_measure_of_a_company_agrees_with_plain_arithmetic(engine):
    tables = seeded_company()
    expected = plain_measures(tables, parameters(service_rates=SERVICE_RATES))
    found = by_account(measure(engine, tables, service_rates=SERVICE_RATES).table)
    assert list(found) == list(expected)
    for account, values in expected.items():
        assert_same(found[account], values, account)
