"""The tasks of ended branches leave the snapshots: every case is folded again, its facts follow."""

from alembic import op

from storage.refold import refold, renumber_facts

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    refold(op.get_bind())
    renumber_facts(op.get_bind())
