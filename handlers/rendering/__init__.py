"""From a document to the bytes of a PDF or Word file, and from a photo to a smaller picture.

Pure functions that know no case: `jobs.py` names those that run in a process of their own.
"""
