"""Reads: which contacts a person sees, and their pages."""
