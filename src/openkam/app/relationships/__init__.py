"""Who the people at an account are, what they decide, and what passes between them and us."""
