"""What every account of a ledger is worth: the models of valuation and forecast over all accounts at once, and what they add up to."""
