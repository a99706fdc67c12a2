"""The index of a search; the bot fills it after the upgrade, and contents wait until then."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"

NUMBER = {"nullable": False, "autoincrement": False}


def upgrade() -> None:
    op.create_table(
        "searched_contents",
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("case_id", "content", name="pk_searched_contents"),
    )
    op.create_index("ix_searched_contents_number", "searched_contents", ["number"])
    op.create_table(
        "word_segments",
        sa.Column("segment", sa.BigInteger(), **NUMBER),
        sa.Column("cases", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("segment", name="pk_word_segments"),
    )
    op.create_table(
        "word_pairs",
        sa.Column("first", sa.Text(), nullable=False),
        sa.Column("segment", sa.BigInteger(), **NUMBER),
        sa.Column("contents", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("first", "segment", name="pk_word_pairs"),
    )
    op.execute(
        "INSERT INTO searched_contents (case_id, content)"
        " SELECT case_id, id FROM contents WHERE words IS NOT NULL"
    )
