"""Measurements of speed on synthetic records; ``make bench`` runs them."""
