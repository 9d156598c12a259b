"""Pages: people and teams for administrators, one's own settings for everybody, and two ways in."""
