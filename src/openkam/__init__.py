"""OpenKAM: Key Account Management from the ledgers a company already has."""
