"""Lists of accounts: their columns and their filters."""
