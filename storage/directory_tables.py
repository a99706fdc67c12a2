"""The table of what other directories know of people."""

from __future__ import annotations

from sqlalchemy import Index, Table

from storage.columns import moment, packed, text
from storage.metadata import metadata

# The users and groups of the directory that people come from, and whom closeloop has them as.
directory_entries = Table(
    "directory_entries",
    metadata,
    text("source", key=True),  # "ldap" or "scim"
    text("id", key=True),  # there, or given by us where the source expects that
    text("kind"),  # "user" or "group"
    text("name"),  # in lower case
    text("external"),  # the id that a client gave, or ""
    text("person", null=True),  # the key
    packed("data"),
    moment("created_at"),
    moment("changed_at"),
    Index(None, "source", "kind", "name"),
    Index(None, "source", "kind", "external"),
    Index(None, "person"),
)
