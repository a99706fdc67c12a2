"""The state of alerts."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"

NUMBER = {"nullable": False, "autoincrement": False}


def upgrade() -> None:
    op.create_table(
        "alerts",
        sa.Column("process", sa.Text(), nullable=False),
        sa.Column("alert", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("phase", sa.Text(), nullable=False),
        sa.Column("since", sa.BigInteger(), **NUMBER),
        sa.Column("clear_since", sa.BigInteger(), nullable=True),
        sa.Column("checked_at", sa.BigInteger(), **NUMBER),
        sa.Column("checks", sa.Text(), nullable=False),
        sa.Column("flapping", sa.Boolean(), nullable=False),
        sa.Column("value", sa.BigInteger(), **NUMBER),
        sa.Column("n", sa.Integer(), **NUMBER),
        sa.Column("fired_at", sa.BigInteger(), nullable=True),
        sa.Column("told", sa.Text(), nullable=False),
        sa.Column("managers", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("process", "alert", "subject", name="pk_alerts"),
    )
