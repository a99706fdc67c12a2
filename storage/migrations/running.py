"""Runs migrations on a connection, in its transaction. Imported only when there are some to run."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection

FOLDER = Path(__file__).parent


def migrate(connection: Connection, *, to: str) -> None:
    """Take the schema to a revision. The caller commits."""
    if not connection.in_transaction():
        connection.begin()  # or Alembic would begin one, and commit it
    command.upgrade(configuration(connection), to)


def configuration(connection: Connection | None = None) -> Config:
    """Alembic's configuration, without a file."""
    config = Config()
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config
