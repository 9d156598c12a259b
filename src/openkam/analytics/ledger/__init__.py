"""Facts: what was bought, paid, done and said, as Delta tables with one commit per import."""
