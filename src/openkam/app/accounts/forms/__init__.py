"""What people type into this room's pages. A form names its fields one by one: whatever else is sent is not looked at."""
