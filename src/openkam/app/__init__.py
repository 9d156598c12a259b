"""The rooms: Django apps in the order of the KAM process. Each room has the same words; the import contracts hold them to it."""
