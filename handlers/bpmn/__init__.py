"""Processes as BPMN 2.0, for modelling tools and engines of others.

`elements.py` reads the elements and sequence flows from a definition, `merging.py` adds the
gateways at which flows come together, `placing.py` computes the positions, `dialects.py` writes
conditions and attributes as an engine reads them, and `writing.py` makes the file.

The other way, `reading.py` reads the elements of a file and `drafting.py` makes a draft of them:
`own_files.py` finds the definition that we wrote into it, `wording.py` and `conditions.py` read
names and conditions, `heads.py` has what a drawing does not say, `toml_text.py` writes the file.
"""
