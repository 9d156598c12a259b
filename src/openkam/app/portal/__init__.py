"""What a guest from the customer sees, by a link and without signing in."""
