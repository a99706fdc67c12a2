"""The way of a case through its definition: what follows from an action by rule, or from time.

`entering.py` leads from node to node, `clocks.py` and `pauses.py` plan and stop deadlines,
`offer.py` says who may have a task and `offering.py` gives it to them, `reach.py` whom a rung
reaches, `outlook.py` what is ahead.
"""
