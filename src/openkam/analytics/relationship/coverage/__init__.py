"""Who covers whom: roles of the customer with a warm contact, what hangs on one person, what a departure would cost."""
