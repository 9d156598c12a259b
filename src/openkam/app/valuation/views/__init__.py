"""Pages: portfolio, accounts at a loss, one account, what it rests on, rates, assumptions, rebates."""
