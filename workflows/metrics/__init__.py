"""Figures of a process, from the history of its cases: pure, with the standard library only."""
