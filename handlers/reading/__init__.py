"""Reads a case for one reader: the access rule, the data, and the formatting of values.

Cards, tables, documents, the playground's page and the JSON of the command line are made from it.
"""
