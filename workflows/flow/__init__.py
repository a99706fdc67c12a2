"""The rules by which a case moves through its definition, after an action or a due timer.

`entering.py` enters nodes and takes routes, `ending.py` ends a case, `clocks.py` and `pauses.py`
plan, pause and stop clocks, `authority.py` checks permissions, `offer.py` determines who may have a
task and `offering.py` gives it to them, `reach.py` resolves the recipients of a rung, `outlook.py`
predicts what is ahead.
"""
