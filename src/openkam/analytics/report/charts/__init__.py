"""The review's charts: Altair specifications drawn to SVG that takes its colours from the page."""
