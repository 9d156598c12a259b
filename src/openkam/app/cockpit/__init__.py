"""The cockpit: pages that show several rooms at once: home by role, an account as a whole, search and command palette."""
