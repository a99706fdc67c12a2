"""Runs migrations in the transaction of a connection. Imported only when there are any to run."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection

FOLDER = Path(__file__).parent


def migrate(connection: Connection, *, to: str) -> None:
    """Migrate the schema to a revision. The caller commits."""
    if not connection.in_transaction():
        connection.begin()  # or Alembic would begin one, and commit it
    command.upgrade(configuration(connection), to)


def configuration(connection: Connection | None = None) -> Config:
    """Return a configuration of Alembic that needs no file."""
    config = Config()
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config
