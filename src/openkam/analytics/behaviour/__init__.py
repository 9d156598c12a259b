"""How each account buys and pays: one file per family of measures."""
