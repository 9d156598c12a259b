"""What comes next: each account's next order, and its sales of the coming months."""
