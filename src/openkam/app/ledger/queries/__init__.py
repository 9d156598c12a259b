"""Reads of the room: sources, imports on their way, and what the ledger itself tells."""
