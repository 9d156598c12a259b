from openkam.analytics.selection.programme_schema import TABLES
from openkam.analytics.selection.programme_terms import FIELDS, Provision


def test_a_provision_is_turned_from_lower_to_upper_bounds() -> None:
    assert Provision(((0.0, 0.1),)).rates_by_upper_bound == ((None, 0.1),)
    assert Provision(((0.0, 0.1), (1.0, 0.2), (31.0, 0.3))).rates_by_upper_bound == ((0, 0.1), (30, 0.2), (None, 0.3))


def test_overrides_floors_and_caps_speak_of_the_same_attributes() -> None:
    assert TABLES["floor"].key("field").choices == TABLES["cap"].key("field").choices == FIELDS
    assert {k.name for k in TABLES["account"].keys} >= set(FIELDS)
