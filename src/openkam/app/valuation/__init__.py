"""What each account is worth: margin ladder, cost to serve, lifetime value, rhythm, credit, and what they add up to."""
