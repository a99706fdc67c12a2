"""The values of unique fields, each of which belongs to one open case of a process."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    op.create_table(
        "unique_values",
        sa.Column("process", sa.Text(), nullable=False),
        sa.Column("field", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("process", "field", "value", name="pk_unique_values"),
    )
    op.create_index("ix_unique_values_case_id", "unique_values", ["case_id"])
