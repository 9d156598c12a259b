"""Reads. Whose accounts a person sees is decided in `queries.scope` and nowhere else."""
