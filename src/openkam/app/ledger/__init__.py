"""Facts: sources, the import wizard, batches, rejects and the ledger's versions. What was imported, the ledger itself knows."""
