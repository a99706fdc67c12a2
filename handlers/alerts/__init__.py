"""Alerts while cases run: their checks, and what a person may see of them."""
