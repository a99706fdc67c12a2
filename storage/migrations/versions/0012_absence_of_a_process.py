"""An absence may name a deputy for one process."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    op.add_column("absences", sa.Column("process", sa.Text(), nullable=True))
