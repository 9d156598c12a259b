"""Two-way communication, measured from metadata alone: who wrote to whom and when, never what."""
