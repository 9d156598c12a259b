"""Reads. Every one takes the user first; which candidates a person sees is decided in `candidates` alone."""
