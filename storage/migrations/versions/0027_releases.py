"""Releases of versions. The newest version of each process is released to all.

A chain of the directory that has begun gets an event with the new rows.
"""

import hashlib
import json

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"

NUMBER = {"nullable": False, "autoincrement": False}

_NEWEST = sa.text(
    "SELECT key, version, published_at, published_by FROM definitions WHERE version ="
    " (SELECT max(version) FROM definitions AS others WHERE others.key = definitions.key)"
    " ORDER BY key"
)
_HEAD = sa.text(
    "SELECT chain_heads.seq, head, at FROM chain_heads JOIN directory_events"
    " ON directory_events.seq = chain_heads.seq WHERE name = 'directory'"
)
_KEEP = sa.text("INSERT INTO directory_rows (name, salt, digest) VALUES (:name, :salt, :digest)")
_APPEND = sa.text(
    "INSERT INTO directory_events (seq, type, actor, at, text, previous, hash)"
    " VALUES (:seq, 'ReleasesBegun', 'system', :at, :text, :previous, :hash)"
)
_MOVE_HEAD = sa.text("UPDATE chain_heads SET seq = :seq, head = :hash WHERE name = 'directory'")


def upgrade() -> None:
    releases = op.create_table(
        "releases",
        sa.Column("process", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), **NUMBER),
        sa.Column("department", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), **NUMBER),
        sa.Column("opening", sa.Text(), nullable=False),
        sa.Column("batch", sa.Integer(), **NUMBER),
        sa.Column("opened_at", sa.BigInteger(), **NUMBER),
        sa.Column("until", sa.BigInteger(), nullable=True),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.Column("ended_why", sa.Text(), nullable=False),
        sa.Column("opened_by", sa.Text(), nullable=False),
        sa.Column("second", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("process", "number", name="pk_releases"),
    )
    op.create_index("ix_releases_process_opening", "releases", ["process", "opening"])
    op.create_index(
        "ix_releases_process_department",
        "releases",
        ["process", "department"],
        unique=True,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    connection = op.get_bind()
    rows = [
        {
            "process": row.key,
            "number": 1,
            "department": "",
            "kind": "all",
            "version": row.version,
            "opening": "upgrade",
            "batch": 0,
            "opened_at": row.published_at,
            "until": None,
            "ended_at": None,
            "ended_why": "",
            "opened_by": row.published_by,
            "second": "",
        }
        for row in connection.execute(_NEWEST)
    ]
    if rows:
        connection.execute(sa.insert(releases), rows)
        _prove(connection, rows)


def _prove(connection: sa.Connection, rows: list[dict[str, object]]) -> None:
    """Append an event with the digests of the rows; without a chain, the one that begins it does.

    The rows have nothing personal, so their salts need not be random.
    """
    head = connection.execute(_HEAD).first()
    if head is None:
        return
    changed = {}
    for row in rows:
        name = f"release {row['process']} n{row['number']}"
        salt = hashlib.sha256(f"{head.head}\n{name}".encode()).hexdigest()[:32]
        digest = hashlib.sha256(f"{salt}\n{name}\n{_json(row)}".encode()).hexdigest()
        connection.execute(_KEEP, {"name": name, "salt": salt, "digest": digest})
        changed[name] = digest
    seq = head.seq + 1
    event = {
        "v": 1,
        "seq": seq,
        "at": head.at,
        "actor": "system",
        "type": "ReleasesBegun",
        "body": {"changed": changed},
    }
    text = _json(event)
    link = hashlib.sha256(f"{head.head}\n{text}".encode()).hexdigest()
    values = {"seq": seq, "at": head.at, "text": text, "previous": head.head, "hash": link}
    connection.execute(_APPEND, values)
    connection.execute(_MOVE_HEAD, {"seq": seq, "hash": link})


def _json(value: object) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
