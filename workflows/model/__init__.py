"""The model of a process definition, as it is written in `processes/*.toml`.

A definition is read by `workflows.loading` and checked by `workflows.lint`. A case refers to it by
the hash of its text; once published it never changes.
"""
