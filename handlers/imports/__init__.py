"""The import of past cases from tables of other programs."""
