"""Diagrams of a process, and of the state of a case in it.

`flow.py` reads nodes and edges from a definition, `layout.py` computes their positions, `view.py`
makes the JSON for the playground, and `svg.py` and `png.py` render pictures.
"""
