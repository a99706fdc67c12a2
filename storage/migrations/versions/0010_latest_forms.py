"""A snapshot refers to the latest forms of its case only: every case is folded again."""

from alembic import op

from storage.refold import refold

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    refold(op.get_bind())
