"""Lists of cases are read from indexes: who filed when, who decided, who was copied in or watches.

The rows are derived from the events of each case. On SQLite the texts of a search have an index.
"""

import sqlalchemy as sa
from alembic import op

from storage.refold import refollow

revision = "0017"
down_revision = "0016"

MOMENT = {"nullable": False, "autoincrement": False}


def upgrade() -> None:
    connection = op.get_bind()
    _participants()
    _task_people()
    op.create_table(
        "followers",
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), **MOMENT),
        sa.Column("copied", sa.Boolean(), nullable=False),
        sa.Column("watches", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("case_id", "person", name="pk_followers"),
    )
    columns = ["person", "created_at", "case_id"]
    op.create_index("ix_followers_person_created_at_case_id", "followers", columns)
    for column in ("created_at", "due_at"):
        name = f"ix_cases_status_{column}_id"
        op.create_index(name, "cases", ["status", column, "id"])
    if connection.dialect.name == "sqlite":
        columns = ["case_id", "words"]
        op.create_index("ix_contents_case_id_words", "contents", columns)
    refollow(connection)


def _participants() -> None:
    """Give each participant the time at which the case was filed."""
    op.execute("CREATE TABLE participants_before AS SELECT * FROM participants")
    op.drop_table("participants")
    op.create_table(
        "participants",
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), **MOMENT),
        sa.PrimaryKeyConstraint("case_id", "person", name="pk_participants"),
    )
    op.execute(
        "INSERT INTO participants (case_id, person, created_at)"
        " SELECT p.case_id, p.person, coalesce(c.created_at, 0)"
        " FROM participants_before p LEFT JOIN cases c ON c.id = p.case_id"
    )
    op.drop_table("participants_before")
    columns = ["person", "created_at", "case_id"]
    op.create_index("ix_participants_person_created_at_case_id", "participants", columns)


def _task_people() -> None:
    """Add who decided each task, which nobody has yet."""
    op.execute("CREATE TABLE task_people_before AS SELECT * FROM task_people")
    op.drop_table("task_people")
    op.create_table(
        "task_people",
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("task", sa.Text(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("given", sa.Boolean(), nullable=False),
        sa.Column("did", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("case_id", "task", "person", name="pk_task_people"),
    )
    op.execute(
        "INSERT INTO task_people (case_id, task, person, role, active, given, did)"
        " SELECT case_id, task, person, role, active, given, false FROM task_people_before"
    )
    op.drop_table("task_people_before")
    for rest in (["active", "role"], ["given"], ["did", "case_id"]):
        op.create_index(
            "_".join(["ix_task_people_person", *rest]), "task_people", ["person", *rest]
        )
