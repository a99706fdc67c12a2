"""Snapshots have who skipped or cancelled a task, and duplicates: every case is folded again."""

from alembic import op

from storage.refold import refold

revision = "0019"
down_revision = "0018"


def upgrade() -> None:
    refold(op.get_bind())
