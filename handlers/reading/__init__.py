"""One view of a case: who may see it, what there is to see, and how each kind of value is written.

Cards, tables, documents, the playground's page and the JSON of the command line are made from it.
"""
