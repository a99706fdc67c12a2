"""Training cards: what a new version of a process is for, how to use it, and what to mind."""
