"""Writes of the room, every one of them audited."""
