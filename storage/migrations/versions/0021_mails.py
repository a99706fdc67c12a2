"""Mails that wait to be sent."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"

NUMBER = {"nullable": False, "autoincrement": False}


def upgrade() -> None:
    op.create_table(
        "mails",
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("thread", sa.Text(), nullable=False),
        sa.Column("seq", sa.BigInteger(), **NUMBER),
        sa.Column("person", sa.Text(), nullable=True),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), **NUMBER),
        sa.Column("next_at", sa.BigInteger(), **NUMBER),
        sa.Column("attempts", sa.Integer(), **NUMBER),
        sa.Column("claim", sa.Integer(), **NUMBER),
        sa.PrimaryKeyConstraint("case_id", "thread", "seq", name="pk_mails"),
    )
    op.create_index("ix_mails_next_at", "mails", ["next_at"])
    op.create_index("ix_mails_person", "mails", ["person"])
