"""Processes as BPMN 2.0, for modelling tools and engines of others.

`elements.py` reads the elements and sequence flows from a definition, `merging.py` adds the
gateways at which flows come together, `placing.py` computes the positions, `dialects.py` writes
conditions and attributes as an engine reads them, and `writing.py` makes the file.
"""
