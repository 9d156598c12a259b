"""Reads across rooms, each composed of the queries of lower rooms, which apply the scope."""
