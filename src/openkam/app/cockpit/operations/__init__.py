"""Writes across rooms: the demo of the sample company."""
