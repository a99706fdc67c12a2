"""Migrations of the schema: one file in `versions/` per step, ordered by number.

All steps run in one transaction, while no process of an earlier release is at work.
"""
