"""Pictures of a process: what stands in its definition, and where a case is in it.

`flow.py` reads the steps and ways out of a definition, `layout.py` finds a place for each,
`view.py` tells the playground, `svg.py` and `png.py` draw.
"""
