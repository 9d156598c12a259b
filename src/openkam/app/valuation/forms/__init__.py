"""What people fill in: a valuation to start, a pool, an activity."""
