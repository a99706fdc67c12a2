"""How an older schema becomes the newest: one file in `versions/` for each step.

A file's name carries its number and "pre" or "post": a pre step is done before the new code runs
and leaves the old code working; a post step waits until no old code runs any more.
"""
