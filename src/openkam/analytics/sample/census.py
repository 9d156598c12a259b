"""The four regions and nine divisions of the United States Census Bureau, by postal abbreviation of the state."""

DIVISIONS = {
    "Northeast": {"New England": "CT ME MA NH RI VT", "Mid Atlantic": "NJ NY PA"},
    "Midwest": {"East North Central": "IL IN MI OH WI", "West North Central": "IA KS MN MO NE ND SD"},
    "South": {
        "South Atlantic": "DE DC FL GA MD NC SC VA WV PR",
        "East South Central": "AL KY MS TN",
        "West South Central": "AR LA OK TX",
    },
    "West": {"Mountain": "AZ CO ID MT NV NM UT WY", "Pacific": "AK CA HI OR WA"},
}
"""Region → division → states. Puerto Rico (PR) lies outside the Bureau's divisions; it stands with the South Atlantic here."""

STATES = tuple(
    (state, division, region)
    for region, divisions in DIVISIONS.items()
    for division, states in divisions.items()
    for state in states.split()
)
"""One row per state: its abbreviation, division and region."""
