"""Lists of people: their columns and their filters."""
