"""Columns for answers whose delivery is pending."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.add_column("inbox", sa.Column("person", sa.Text(), nullable=True))
    op.add_column("inbox", sa.Column("owed_at", sa.BigInteger(), nullable=True))
    op.create_index("ix_inbox_owed_at", "inbox", ["owed_at"])
