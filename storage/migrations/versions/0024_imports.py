"""Cases imported from other programs, for figures."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"

NUMBER = {"nullable": False, "autoincrement": False}


def upgrade() -> None:
    op.create_table(
        "imports",
        sa.Column("id", sa.Integer(), **NUMBER),
        sa.Column("process", sa.Text(), nullable=False),
        sa.Column("file", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("mapping", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=True),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("rows", sa.BigInteger(), nullable=False),
        sa.Column("cases", sa.BigInteger(), nullable=False),
        sa.Column("finished", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_imports"),
    )
    op.create_index("ix_imports_process", "imports", ["process"])
    op.create_table(
        "imported_cases",
        sa.Column("process", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("import_id", sa.Integer(), **NUMBER),
        sa.Column("filed", sa.BigInteger(), nullable=False),
        sa.Column("department", sa.Text(), nullable=False),
        sa.Column("grade", sa.Text(), nullable=False),
        sa.Column("filer", sa.Text(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("process", "number", "import_id", name="pk_imported_cases"),
    )
    op.create_index("ix_imported_cases_import_id", "imported_cases", ["import_id"])
