"""What is typed into pages across rooms."""
