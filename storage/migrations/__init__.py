"""How an older schema becomes the newest: one file in `versions/` for each step, by its number.

All steps are done in one transaction, and only while no code of an earlier release is at work.
"""
