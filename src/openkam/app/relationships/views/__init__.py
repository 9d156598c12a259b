"""Pages: each one operation or one query."""
