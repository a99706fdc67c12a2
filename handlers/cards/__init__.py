"""Neutral cards: the only message language between the use cases and the platforms."""
