"""Tables for attempts to use link codes, and for notices to former owners of accounts."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.drop_table("link_codes")  # a code lasts ten minutes: nobody misses an old one
    op.create_table(
        "link_codes",
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("ends_at", sa.BigInteger(), nullable=False, autoincrement=False),
        sa.Column("by_operator", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name="pk_link_codes"),
        sa.ForeignKeyConstraint(
            ["person"], ["people.key"], name="fk_link_codes_person", ondelete="CASCADE"
        ),
    )
    op.create_index("ix_link_codes_person", "link_codes", ["person"])
    op.create_table(
        "link_tries",
        sa.Column("platform", sa.Text(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=False, autoincrement=False),
        sa.PrimaryKeyConstraint("platform", "account", name="pk_link_tries"),
    )
    op.create_index("ix_link_tries_until", "link_tries", ["until"])
    op.create_table(
        "link_notices",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("platform", sa.Text(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("former", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False, autoincrement=False),
        sa.PrimaryKeyConstraint("id", name="pk_link_notices"),
        sa.ForeignKeyConstraint(
            ["person"], ["people.key"], name="fk_link_notices_person", ondelete="CASCADE"
        ),
    )
    op.create_index("ix_link_notices_person", "link_notices", ["person"])
    op.create_index("ix_link_notices_at", "link_notices", ["at"])
    # answers of before may hold a code in plain words; what was done is known by the key alone
    op.execute(sa.text("UPDATE inbox SET answer = '{}'"))
