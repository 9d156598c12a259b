"""Background runs: queue, progress, cancel, retry, schedule, outcome."""
