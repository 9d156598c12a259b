"""Writes. Every one asks for the actor's permission, runs in one transaction and is recorded in the audit."""
