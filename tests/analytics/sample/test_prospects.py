from openkam.analytics.sample.prospects import PROSPECTS


def test_prospects_have_unique_keys_and_names():
    assert len({prospect[0] for prospect in PROSPECTS}) == len({prospect[1] for prospect in PROSPECTS}) == len(PROSPECTS)


def test_prospects_have_people_and_sales():
    assert all(employees > 0 and annual_sales > 0 for *_, employees, annual_sales in PROSPECTS)
