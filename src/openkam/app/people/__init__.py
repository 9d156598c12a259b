"""People: users, teams, roles and which records each may see."""
