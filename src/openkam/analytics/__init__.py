"""The engine: pure computation over a ledger of facts. It never heard of Django and is usable alone."""
