"""The search text of forms, beside their contents."""

import json

import sqlalchemy as sa
from alembic import op

from storage.searching import words_of

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.add_column("contents", sa.Column("words", sa.Text(), nullable=True))
    connection = op.get_bind()
    page = sa.text(
        "SELECT case_id, id, body FROM contents WHERE body IS NOT NULL"
        " AND (case_id > :case_id OR (case_id = :case_id AND id > :id))"
        " ORDER BY case_id, id LIMIT 500"
    )
    keep = sa.text("UPDATE contents SET words = :words WHERE case_id = :case_id AND id = :id")
    last = {"case_id": "", "id": ""}
    while rows := connection.execute(page, last).all():
        found = [
            {"case_id": row.case_id, "id": row.id, "words": words_of(json.loads(row.body))}
            for row in rows
        ]
        connection.execute(keep, found)
        last = {"case_id": rows[-1].case_id, "id": rows[-1].id}
