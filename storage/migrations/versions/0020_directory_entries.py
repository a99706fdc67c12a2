"""The users and groups of the directory that people come from."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"

MOMENT = {"nullable": False, "autoincrement": False}


def upgrade() -> None:
    json = sa.Text()
    op.create_table(
        "directory_entries",
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("external", sa.Text(), nullable=False),
        sa.Column("person", sa.Text(), nullable=True),
        sa.Column("data", json, nullable=False),
        sa.Column("created_at", sa.BigInteger(), **MOMENT),
        sa.Column("changed_at", sa.BigInteger(), **MOMENT),
        sa.PrimaryKeyConstraint("source", "id", name="pk_directory_entries"),
    )
    for names in (["source", "kind", "name"], ["source", "kind", "external"], ["person"]):
        name = "_".join(["ix_directory_entries", *names])
        op.create_index(name, "directory_entries", names)
