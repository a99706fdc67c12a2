"""The table of the lines of digests."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.create_table(
        "digest_lines",
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("task", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False, autoincrement=False),
        sa.PrimaryKeyConstraint("case_id", "person", "digest", "task", name="pk_digest_lines"),
    )
    op.create_index("ix_digest_lines_person_digest", "digest_lines", ["person", "digest"])
