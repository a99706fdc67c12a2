"""Documents that a case leaves, built from a reading of it in the words of its reader.

`report.py` builds a document; `handlers.rendering` draws any document and knows nothing of cases.
"""
