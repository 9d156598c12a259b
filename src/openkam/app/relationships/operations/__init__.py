"""Writes: each checked, atomic and in the audit."""
