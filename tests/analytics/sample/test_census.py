from openkam.analytics.sample.census import DIVISIONS, STATES


def test_every_state_and_territory_has_one_division_of_one_region():
    states = [state for state, _, _ in STATES]
    assert len(states) == len(set(states)) == 50 + len(("DC", "PR"))


def test_there_are_four_regions_and_nine_divisions():
    assert set(DIVISIONS) == {"Northeast", "Midwest", "South", "West"}
    assert sum(len(divisions) for divisions in DIVISIONS.values()) == 9


def test_a_row_names_state_division_and_region():
    assert ("CA", "Pacific", "West") in STATES
    assert ("PR", "South Atlantic", "South") in STATES
