"""The `openkam` command."""
