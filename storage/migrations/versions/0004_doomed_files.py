"""A table of files to be deleted, and an index over the uploads of a person."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.create_table(
        "doomed_files",
        sa.Column("id", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_doomed_files"),
    )
    op.create_index("ix_files_owner_at", "files", ["owner", "at"])
