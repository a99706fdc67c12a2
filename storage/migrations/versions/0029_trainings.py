"""Training cards with their receipts, and who helps the users of a release."""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"

NUMBER = {"nullable": False, "autoincrement": False}


def upgrade() -> None:
    op.create_table(
        "trainings",
        sa.Column("process", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), **NUMBER),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("node", sa.Text(), nullable=False),
        sa.Column("shown_at", sa.BigInteger(), **NUMBER),
        sa.Column("read_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("process", "version", "person", name="pk_trainings"),
    )
    op.add_column("releases", sa.Column("helper", sa.Text(), nullable=True))
    op.create_index("ix_trainings_person", "trainings", ["person"])
