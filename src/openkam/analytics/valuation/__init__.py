"""What each account leaves: the ladder from list price to contribution after cost to serve."""
