"""Documents that a case leaves, built from a reading of it in the words of its reader.

`papers.py` makes one when somebody opens it, and `report.py` lays it out. `handlers.rendering`
draws any document and knows nothing of cases.
"""
