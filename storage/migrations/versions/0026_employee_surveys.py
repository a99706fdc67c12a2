"""Anonymous surveys of employees."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"

NUMBER = {"nullable": False, "autoincrement": False}


def upgrade() -> None:
    op.create_table(
        "employee_surveys",
        sa.Column("process", sa.Text(), nullable=False),
        sa.Column("slot", sa.Text(), nullable=False),
        sa.Column("definition", sa.Text(), nullable=False),
        sa.Column("opened_at", sa.BigInteger(), **NUMBER),
        sa.Column("remind_at", sa.BigInteger(), nullable=True),
        sa.Column("closes_at", sa.BigInteger(), **NUMBER),
        sa.Column("closed_at", sa.BigInteger(), nullable=True),
        sa.Column("asked", sa.Integer(), **NUMBER),
        sa.Column("sealed", sa.Text(), nullable=True),
        sa.Column("published", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("process", "slot", name="pk_employee_surveys"),
    )
    op.create_table(
        "employee_survey_people",
        sa.Column("process", sa.Text(), nullable=False),
        sa.Column("slot", sa.Text(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("answered", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("process", "slot", "person", name="pk_employee_survey_people"),
    )
    op.create_index("ix_employee_survey_people_person", "employee_survey_people", ["person"])
