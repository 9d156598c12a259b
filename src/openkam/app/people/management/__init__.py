"""Commands that `openkam` calls."""
