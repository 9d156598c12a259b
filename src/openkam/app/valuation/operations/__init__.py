"""Writes: valuations and rates."""
