"""Builds the document of a case, in the language of its reader.

`papers.py` makes the document when it is opened, and `report.py` builds its content.
`handlers.rendering` renders documents and does not know cases.
"""
