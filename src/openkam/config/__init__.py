"""Settings and entry points of the site: the only wing that knows every room."""
