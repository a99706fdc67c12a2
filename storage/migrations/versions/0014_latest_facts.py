"""The latest facts of cases, by which registers are filtered."""

import json

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"

PAGE = 500


def upgrade() -> None:
    made = op.create_table(
        "latest_facts",
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("process", sa.Text(), nullable=False),
        sa.Column("option", sa.Text(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False, autoincrement=False),
        sa.PrimaryKeyConstraint("case_id", "name", name="pk_latest_facts"),
    )
    op.create_index(
        "ix_latest_facts_process_name_option_case_id",
        "latest_facts",
        ["process", "name", "option", "case_id"],
    )
    connection, after = op.get_bind(), ""
    page = sa.text("SELECT id, process, state FROM cases WHERE id > :after ORDER BY id LIMIT :page")
    while cases := connection.execute(page, {"after": after, "page": PAGE}).all():
        after = cases[-1].id
        rows = [row for case in cases for row in _rows(case)]
        if rows:
            connection.execute(made.insert(), rows)


def _rows(case: sa.Row) -> list[dict[str, object]]:
    """Return the latest valid facts of a case, as its snapshot has them."""
    facts = json.loads(case.state).get("facts", ())
    latest = {one["name"]: one for one in facts if not one.get("voided") and not one.get("subject")}
    return [
        {
            "case_id": case.id,
            "name": name,
            "process": case.process,
            "option": one.get("option", ""),
            "number": one["number"],
        }
        for name, one in latest.items()
    ]
