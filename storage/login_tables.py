"""The tables of the logins to the dashboard: only digests of links and cookies are stored."""

from __future__ import annotations

from sqlalchemy import Index, Table

from storage.columns import moment, text
from storage.metadata import metadata

# Links that the bot sent; a used one is kept for a while to say that it was used.
login_links = Table(
    "login_links",
    metadata,
    text("digest", key=True),
    text("person"),
    moment("ends_at"),
    moment("used_at", null=True),
    Index(None, "person"),
)

login_sessions = Table(
    "login_sessions",
    metadata,
    text("digest", key=True),
    text("person"),
    moment("ends_at"),
    Index(None, "person"),
)
