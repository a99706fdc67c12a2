"""The tables of cases that were imported from other programs, for figures only.

They are no cases of the product: they have no events, no numbers of ours and no chain.
"""

from __future__ import annotations

from sqlalchemy import Index, Table

from storage.columns import big, flag, moment, number, packed, text
from storage.metadata import metadata

imports = Table(
    "imports",
    metadata,
    number("id", key=True),
    text("process"),
    text("file"),  # its name
    text("sha256"),  # of its content
    packed("mapping"),
    text("by", null=True),  # a person's key; None from the shell
    moment("at"),
    big("rows"),
    big("cases"),
    flag("finished"),  # all its cases are here, and count
    Index(None, "process"),
)

# One case in each import that has it; the one of the newest import counts.
imported_cases = Table(
    "imported_cases",
    metadata,
    text("process", key=True),
    text("number", key=True),
    number("import_id", key=True),
    moment("filed"),
    text("department"),
    text("grade"),
    text("filer"),
    packed("content"),
    Index(None, "import_id"),
)
