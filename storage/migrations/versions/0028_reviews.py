"""Reviews of processes, and what was decided about their proposals."""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"

NUMBER = {"nullable": False, "autoincrement": False}


def upgrade() -> None:
    op.create_table(
        "reviews",
        sa.Column("process", sa.Text(), nullable=False),
        sa.Column("period", sa.Text(), nullable=False),
        sa.Column("definition", sa.Text(), nullable=False),
        sa.Column("posted_at", sa.BigInteger(), **NUMBER),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("process", "period", name="pk_reviews"),
    )
    op.create_table(
        "review_decisions",
        sa.Column("process", sa.Text(), nullable=False),
        sa.Column("period", sa.Text(), nullable=False),
        sa.Column("proposal", sa.Integer(), **NUMBER),
        sa.Column("decision", sa.Text(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), **NUMBER),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("case_id", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("process", "period", "proposal", name="pk_review_decisions"),
    )
    op.create_index("ix_review_decisions_person", "review_decisions", ["person"])
