"""Tables for chat platforms: drafts, link codes, leases, language and time zone of accounts."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    for name in ("language", "timezone"):
        op.add_column("accounts", sa.Column(name, sa.Text(), nullable=True))
    op.create_index("ix_messages_platform_ref", "messages", ["platform", "ref"])
    op.create_table(
        "link_codes",
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("ends_at", sa.BigInteger(), nullable=False, autoincrement=False),
        sa.PrimaryKeyConstraint("digest", name="pk_link_codes"),
        sa.ForeignKeyConstraint(
            ["person"], ["people.key"], name="fk_link_codes_person", ondelete="CASCADE"
        ),
    )
    op.create_index("ix_link_codes_person", "link_codes", ["person"])
    op.create_table(
        "drafts",
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("form", sa.Text(), nullable=False),
        sa.Column("values", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("via", sa.Text(), nullable=False),
        sa.Column("sent", sa.Boolean(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False, autoincrement=False),
        sa.PrimaryKeyConstraint("person", "form", name="pk_drafts"),
    )
    op.create_index("ix_drafts_at", "drafts", ["at"])
    op.create_index("ix_drafts_via_sent", "drafts", ["via", "sent"])
    op.create_table(
        "leases",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=False, autoincrement=False),
        sa.PrimaryKeyConstraint("name", name="pk_leases"),
    )
