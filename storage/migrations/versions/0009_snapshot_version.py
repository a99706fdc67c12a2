"""Snapshots get a version and the open visits of a case: every case is folded again."""

from alembic import op

from storage.refold import refold

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    refold(op.get_bind())
