"""Pages of the room; all of them are for who may import facts."""
