"""Rapport: promises of regular contact kept, trust and commitment, satisfaction, and how far both sides see the same."""
