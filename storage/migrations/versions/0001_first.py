"""The first schema."""

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

ROOMY = {"fillfactor": "70"}
BUSY = {"autovacuum_vacuum_scale_factor": "0.01", "autovacuum_vacuum_threshold": "1000"}


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute(sa.schema.CreateSequence(sa.Sequence("numbers")))
    _events_and_cases()
    _contents_and_definitions()
    _tasks()
    _timers()
    _people()
    _departments_and_absences()
    _outbox()
    _messages()
    _chat()
    _rest()


def _column(kind: Callable[[], Any]) -> Callable[..., sa.Column[Any]]:
    def make(name: str, *, null: bool = False) -> sa.Column[Any]:
        return sa.Column(name, kind(), nullable=null, autoincrement=False)

    return make


text = _column(sa.Text)
number = _column(sa.Integer)
big = _column(sa.BigInteger)
flag = _column(sa.Boolean)


def _events_and_cases() -> None:
    op.create_table(
        "events",
        text("case_id"),
        big("seq"),
        text("type"),
        text("actor"),
        big("at"),
        text("text"),
        text("previous"),
        text("hash"),
        sa.PrimaryKeyConstraint("case_id", "seq", name="pk_events"),
    )
    op.create_table(
        "cases",
        text("id"),
        big("seq"),
        text("head"),
        text("process"),
        text("definition"),
        number("version"),
        text("status"),
        text("node"),
        text("filer"),
        big("created_at"),
        big("closed_at", null=True),
        big("due_at", null=True),
        text("state"),
        sa.PrimaryKeyConstraint("id", name="pk_cases"),
        postgresql_with=ROOMY,
    )
    op.create_index("ix_cases_created_at_id", "cases", ["created_at", "id"])
    op.create_index("ix_cases_filer_created_at_id", "cases", ["filer", "created_at", "id"])
    op.create_index("ix_cases_process_created_at_id", "cases", ["process", "created_at", "id"])
    op.create_index("ix_cases_status_id", "cases", ["status", "id"])


def _contents_and_definitions() -> None:
    op.create_table(
        "contents",
        text("case_id"),
        text("id"),
        text("kind"),
        text("author"),
        big("at"),
        text("salt"),
        text("body", null=True),
        text("digest"),
        sa.PrimaryKeyConstraint("case_id", "id", name="pk_contents"),
    )
    op.create_index("ix_contents_author", "contents", ["author"])
    op.create_index("ix_contents_id", "contents", ["id"])
    op.create_table(
        "case_numbers",
        text("prefix"),
        number("year"),
        number("last"),
        sa.PrimaryKeyConstraint("prefix", "year", name="pk_case_numbers"),
    )
    op.create_table(
        "definitions",
        text("key"),
        number("version"),
        text("hash"),
        text("text"),
        big("published_at"),
        text("published_by"),
        sa.PrimaryKeyConstraint("key", "version", name="pk_definitions"),
    )
    op.create_index("ix_definitions_hash", "definitions", ["hash"])


def _tasks() -> None:
    op.create_table(
        "participants",
        text("case_id"),
        text("person"),
        sa.PrimaryKeyConstraint("case_id", "person", name="pk_participants"),
    )
    op.create_index("ix_participants_person_case_id", "participants", ["person", "case_id"])
    op.create_table(
        "tasks",
        text("case_id"),
        text("id"),
        text("process"),
        text("definition"),
        text("node"),
        text("status"),
        flag("claimed"),
        text("owners"),
        big("opened_at"),
        big("due_at", null=True),
        sa.PrimaryKeyConstraint("case_id", "id", name="pk_tasks"),
    )
    op.create_table(
        "task_people",
        text("case_id"),
        text("task"),
        text("person"),
        text("role"),
        flag("active"),
        flag("given"),
        sa.PrimaryKeyConstraint("case_id", "task", "person", name="pk_task_people"),
    )
    op.create_index(
        "ix_task_people_person_active_role", "task_people", ["person", "active", "role"]
    )
    op.create_index("ix_task_people_person_given", "task_people", ["person", "given"])


def _timers() -> None:
    op.create_table(
        "timers",
        text("case_id"),
        text("clock"),
        big("due_at"),
        big("next_at"),
        number("attempts"),
        text("error"),
        sa.PrimaryKeyConstraint("case_id", "clock", name="pk_timers"),
        postgresql_with=BUSY,
    )
    op.create_index("ix_timers_next_at_case_id_clock", "timers", ["next_at", "case_id", "clock"])


def _people() -> None:
    op.create_table(
        "people",
        text("key"),
        text("id"),
        text("name"),
        text("name_en"),
        text("title"),
        text("title_en"),
        text("email"),
        text("department"),
        text("manager"),
        text("roles"),
        text("language"),
        text("timezone"),
        flag("active"),
        sa.PrimaryKeyConstraint("key", name="pk_people"),
        sa.UniqueConstraint("id", name="uq_people_id"),
    )
    op.create_table(
        "accounts",
        text("platform"),
        text("account"),
        text("person"),
        sa.PrimaryKeyConstraint("platform", "account", name="pk_accounts"),
        sa.ForeignKeyConstraint(
            ["person"], ["people.key"], name="fk_accounts_person", ondelete="CASCADE"
        ),
        sa.UniqueConstraint("person", "platform", name="uq_accounts_person_platform"),
    )


def _departments_and_absences() -> None:
    op.create_table(
        "departments",
        text("id"),
        text("name_zh"),
        text("name_en"),
        text("head"),
        sa.PrimaryKeyConstraint("id", name="pk_departments"),
    )
    op.create_table(
        "absences",
        text("id"),
        text("person"),
        text("deputy"),
        big("starts_at"),
        big("ends_at"),
        sa.PrimaryKeyConstraint("id", name="pk_absences"),
        sa.ForeignKeyConstraint(
            ["person"], ["people.key"], name="fk_absences_person", ondelete="CASCADE"
        ),
    )
    op.create_index("ix_absences_ends_at", "absences", ["ends_at"])


def _outbox() -> None:
    op.create_table(
        "outbox",
        text("case_id"),
        text("person"),
        text("slot"),
        big("number"),
        text("kind"),
        number("lane"),
        text("task", null=True),
        text("args"),
        big("created_at"),
        big("ready_at"),
        big("next_at"),
        number("attempts"),
        number("revision"),
        flag("refresh_only"),
        text("tried"),
        text("error"),
        number("claim"),
        text("lease_owner", null=True),
        sa.PrimaryKeyConstraint("case_id", "person", "slot", name="pk_outbox"),
        postgresql_with=BUSY,
    )
    op.create_index("ix_outbox_next_at", "outbox", ["next_at"])


def _messages() -> None:
    op.create_table(
        "messages",
        text("case_id"),
        text("person"),
        text("slot"),
        text("platform"),
        text("kind"),
        text("task", null=True),
        text("args"),
        text("ref"),
        text("content_hash"),
        number("revision"),
        big("sent_at"),
        sa.PrimaryKeyConstraint("case_id", "person", "slot", "platform", name="pk_messages"),
    )
    op.create_index("ix_messages_person", "messages", ["person"])
    op.create_table(
        "inbox",
        text("source"),
        text("key"),
        text("answer"),
        big("at"),
        sa.PrimaryKeyConstraint("source", "key", name="pk_inbox"),
    )
    op.create_index("ix_inbox_at", "inbox", ["at"])
    op.create_table(
        "dead_letters",
        text("id"),
        text("what"),
        text("source"),
        text("payload"),
        text("error"),
        big("at"),
        number("attempts"),
        sa.PrimaryKeyConstraint("id", name="pk_dead_letters"),
    )


def _chat() -> None:
    op.create_table(
        "chat_messages",
        text("id"),
        big("number"),
        text("person"),
        text("author"),
        text("case_id"),
        text("body"),
        big("at"),
        big("edited_at", null=True),
        flag("read"),
        sa.PrimaryKeyConstraint("id", name="pk_chat_messages"),
    )
    op.create_index("ix_chat_messages_person_number", "chat_messages", ["person", "number"])


def _rest() -> None:
    op.create_table(
        "files",
        text("id"),
        text("case_id"),
        text("name"),
        text("media_type"),
        big("size"),
        text("sha256"),
        text("owner"),
        big("at"),
        sa.PrimaryKeyConstraint("id", name="pk_files"),
    )
    op.create_index("ix_files_case_id", "files", ["case_id"])
    op.create_table(
        "settings",
        text("name"),
        text("value"),
        sa.PrimaryKeyConstraint("name", name="pk_settings"),
    )
    op.create_table(
        "slots",
        text("job"),
        text("slot"),
        big("at"),
        sa.PrimaryKeyConstraint("job", "slot", name="pk_slots"),
    )
    op.create_table(
        "counters",
        text("name"),
        big("value"),
        sa.PrimaryKeyConstraint("name", name="pk_counters"),
    )
