"""Reads: rates, valuations, and what the accounts that a person sees are worth."""
