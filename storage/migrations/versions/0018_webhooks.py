"""Messages to other systems that wait to be sent."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"

NUMBER = {"nullable": False, "autoincrement": False}


def upgrade() -> None:
    json = sa.Text()
    op.create_table(
        "webhooks",
        sa.Column("target", sa.Text(), nullable=False),
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("seq", sa.BigInteger(), **NUMBER),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("body", json, nullable=False),
        sa.Column("created_at", sa.BigInteger(), **NUMBER),
        sa.Column("next_at", sa.BigInteger(), **NUMBER),
        sa.Column("attempts", sa.Integer(), **NUMBER),
        sa.Column("claim", sa.Integer(), **NUMBER),
        sa.PrimaryKeyConstraint("target", "case_id", "seq", name="pk_webhooks"),
        postgresql_with={
            "autovacuum_vacuum_scale_factor": "0.01",
            "autovacuum_vacuum_threshold": "1000",
        },
    )
    op.create_index("ix_webhooks_target_next_at", "webhooks", ["target", "next_at"])
