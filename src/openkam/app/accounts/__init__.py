"""Accounts: customers, prospects and suppliers, how they hang together, and the record card of facts about each."""
