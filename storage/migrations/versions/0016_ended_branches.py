"""The tasks of ended branches leave the snapshots: every case is folded again."""

from alembic import op

from storage.refold import refold

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    refold(op.get_bind())
