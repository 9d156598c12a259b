"""The main job: one ledger version and one programme make one review."""
