"""Renders documents as PDF and Word files, and scales pictures down.

These are pure functions without knowledge of cases. `jobs.py` lists those that run in a process of
their own.
"""
