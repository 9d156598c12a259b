"""Writes: people, teams, sign-in links. Each is announced by `signals.record_written` inside its own transaction."""
