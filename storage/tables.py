"""The schema of the database.

Times are UTC microseconds. Hashed JSON is stored as text, because JSON column types change the
order of keys. Every table that grows with the number of cases has the case id in its primary key,
so that a PostgreSQL database can be distributed by case; rows that belong to no case have the case
id "".
"""

from __future__ import annotations

from sqlalchemy import ForeignKeyConstraint, Index, Sequence, Table
from sqlalchemy import UniqueConstraint as Unique

from storage.alert_tables import alerts as alerts  # noqa: PLC0414 - everybody finds it here
from storage.alert_tables import digest_lines as digest_lines  # noqa: PLC0414 - as above
from storage.columns import big, flag, moment, number, packed, text
from storage.directory_tables import directory_entries as directory_entries  # noqa: PLC0414
from storage.list_tables import followers as followers  # noqa: PLC0414 - as above
from storage.list_tables import participants as participants  # noqa: PLC0414 - as above
from storage.list_tables import task_people as task_people  # noqa: PLC0414 - as above
from storage.mail_tables import mails as mails  # noqa: PLC0414 - as above
from storage.metadata import metadata as metadata  # noqa: PLC0414 - as above
from storage.proof_tables import chain_heads as chain_heads  # noqa: PLC0414 - as above
from storage.proof_tables import directory_events as directory_events  # noqa: PLC0414
from storage.proof_tables import directory_rows as directory_rows  # noqa: PLC0414
from storage.release_tables import releases as releases  # noqa: PLC0414 - as above
from storage.rule_tables import latest_facts as latest_facts  # noqa: PLC0414 - as above
from storage.rule_tables import points as points  # noqa: PLC0414 - as above
from storage.rule_tables import table_values as table_values  # noqa: PLC0414 - as above
from storage.rule_tables import unique_values as unique_values  # noqa: PLC0414 - as above

# Tables with much churn: without frequent autovacuum, queries for due rows become slow.
_BUSY = {
    "autovacuum_vacuum_scale_factor": "0.01",
    "autovacuum_vacuum_threshold": "1000",
}

# ------------------------------------------------------------------ cases and their proof

events = Table(
    "events",
    metadata,
    text("case_id", key=True),
    big("seq", key=True),
    text("type"),
    text("actor"),
    moment("at"),
    text("text"),  # the canonical JSON that is hashed
    text("previous"),
    text("hash"),
)

cases = Table(
    "cases",
    metadata,
    text("id", key=True),
    big("seq"),
    text("head"),  # the hash of the last event
    text("process"),
    text("definition"),
    number("version"),
    text("status"),
    text("node"),
    text("filer"),
    moment("created_at"),
    moment("closed_at", null=True),
    moment("due_at", null=True),
    text("state"),
    Index(None, "created_at", "id"),
    Index(None, "process", "created_at", "id"),
    Index(None, "filer", "created_at", "id"),
    Index(None, "status", "id"),
    Index(None, "status", "created_at", "id"),
    Index(None, "status", "due_at", "id"),
    postgresql_with={"fillfactor": "70"},  # room to update a snapshot in its page
)

tasks = Table(
    "tasks",
    metadata,
    text("case_id", key=True),
    text("id", key=True),
    text("process"),
    text("definition"),
    text("node"),
    text("status"),
    flag("claimed"),
    packed("owners"),
    moment("opened_at"),
    moment("due_at", null=True),
)

timers = Table(
    "timers",
    metadata,
    text("case_id", key=True),
    text("clock", key=True),
    moment("due_at"),
    moment("next_at"),  # due_at, or later after a failure
    number("attempts"),
    text("error"),
    Index(None, "next_at", "case_id", "clock"),
    postgresql_with=_BUSY,
)

contents = Table(
    "contents",
    metadata,
    text("case_id", key=True),
    text("id", key=True),
    text("kind"),
    text("author"),
    moment("at"),
    text("salt"),
    text("body", null=True),  # canonical JSON; null once erased
    text("digest"),
    text("words", null=True),  # text for the search; null without any, or once erased
    Index(None, "id"),
    Index(None, "author"),
)

# A search reads the texts alone, not the contents. PostgreSQL has no index over long texts.
Index("ix_contents_case_id_words", contents.c.case_id, contents.c.words).ddl_if(dialect="sqlite")

case_numbers = Table(
    "case_numbers",
    metadata,
    text("prefix", key=True),
    number("year", key=True),
    number("last"),
)

definitions = Table(
    "definitions",
    metadata,
    text("key", key=True),
    number("version", key=True),
    text("hash"),
    text("text"),
    moment("published_at"),
    text("published_by"),
    Index(None, "hash"),
)

# ------------------------------------------------------------------ people

people = Table(
    "people",
    metadata,
    text("key", key=True),
    text("id"),
    text("name"),
    text("name_en"),
    text("title"),
    text("title_en"),
    text("email"),
    text("department"),
    text("manager"),
    packed("roles"),
    text("language"),
    text("timezone"),
    flag("active"),
    Unique("id"),
)

accounts = Table(
    "accounts",
    metadata,
    text("platform", key=True),
    text("account", key=True),
    text("person"),
    text("language", null=True),  # as the platform knows it: "zh", "en" or ""
    text("timezone", null=True),  # as the platform knows it: an IANA name or ""
    Unique("person", "platform"),
    ForeignKeyConstraint(["person"], ["people.key"], ondelete="CASCADE"),
)

link_codes = Table(
    "link_codes",
    metadata,
    text("digest", key=True),  # SHA-256 of the code, which is not stored
    text("person"),
    moment("ends_at"),
    flag("by_operator"),  # made at the command line, not in a chat
    ForeignKeyConstraint(["person"], ["people.key"], ondelete="CASCADE"),
    Index(None, "person"),
)

link_tries = Table(
    "link_tries",
    metadata,
    text("platform", key=True),
    text("account", key=True),
    number("tries"),
    moment("until"),  # end of the period in which attempts are counted
    Index(None, "until"),
)

link_notices = Table(
    "link_notices",
    metadata,
    text("id", key=True),  # in the token of the button "this was not me"
    text("person"),
    text("platform"),
    text("account"),  # the account that was linked
    text("former"),  # the account linked before, "" for none
    moment("at"),
    ForeignKeyConstraint(["person"], ["people.key"], ondelete="CASCADE"),
    Index(None, "person"),
    Index(None, "at"),
)

departments = Table(
    "departments",
    metadata,
    text("id", key=True),
    text("name_zh"),
    text("name_en"),
    text("head"),
)

absences = Table(
    "absences",
    metadata,
    text("id", key=True),
    text("person"),
    text("deputy"),
    moment("starts_at"),
    moment("ends_at"),
    text("process", null=True),  # None for all processes
    ForeignKeyConstraint(["person"], ["people.key"], ondelete="CASCADE"),
    Index(None, "ends_at"),
)

# ------------------------------------------------------------------ messages

outbox = Table(
    "outbox",
    metadata,
    text("case_id", key=True),
    text("person", key=True),
    text("slot", key=True),
    big("number"),  # order, and identity within the slot; never reused
    text("kind"),
    number("lane"),
    text("task", null=True),
    packed("args"),
    moment("created_at"),
    moment("ready_at"),  # earliest time, because of quiet hours
    moment("next_at"),  # ready_at, or later after a failure, or the end of the lease
    number("attempts"),
    number("revision"),
    flag("refresh_only"),
    packed("tried"),
    text("error"),
    number("claim"),  # claims, but for unused ones; who reports with another has lost the row
    text("lease_owner", null=True),
    Index(None, "next_at"),
    postgresql_with=_BUSY,
)

messages = Table(
    "messages",
    metadata,
    text("case_id", key=True),
    text("person", key=True),
    text("slot", key=True),
    text("platform", key=True),
    text("kind"),
    text("task", null=True),
    packed("args"),
    text("ref"),
    text("content_hash"),
    number("revision"),
    moment("sent_at"),
    Index(None, "person"),
    Index(None, "platform", "ref"),
)

drafts = Table(
    "drafts",
    metadata,
    text("person", key=True),
    text("form", key=True),  # the token of the form
    packed("values"),
    packed("place"),  # platform-specific: where the form is being filled in
    text("via"),
    flag("sent"),  # submitted; its files are still being fetched
    moment("at"),
    Index(None, "at"),
    Index(None, "via", "sent"),
)

inbox = Table(
    "inbox",
    metadata,
    text("source", key=True),
    text("key", key=True),
    packed("answer"),
    moment("at"),
    text("person", null=True),  # recipient of the answer while its delivery is not reported
    moment("owed_at", null=True),  # when to deliver it again, if not reported by then
    Index(None, "at"),
    Index(None, "owed_at"),
)

dead_letters = Table(
    "dead_letters",
    metadata,
    text("id", key=True),
    text("what"),
    text("source"),
    packed("payload"),
    text("error"),
    moment("at"),
    number("attempts"),
)

# Messages to other systems; those of a case to one target are sent in the order of their events.
webhooks = Table(
    "webhooks",
    metadata,
    text("target", key=True),
    text("case_id", key=True),
    big("seq", key=True),  # of the event that it tells
    text("type"),
    packed("body"),
    moment("created_at"),
    moment("next_at"),  # created_at, or later after a failure, or the end of the lease
    number("attempts"),
    number("claim"),  # claims; who reports with another has lost the row
    Index(None, "target", "next_at"),
    postgresql_with=_BUSY,
)

chat_messages = Table(
    "chat_messages",
    metadata,
    text("id", key=True),
    big("number"),
    text("person"),
    text("author"),
    text("case_id"),
    packed("body"),
    moment("at"),
    moment("edited_at", null=True),
    flag("read"),
    Index(None, "person", "number"),
)

# ------------------------------------------------------------------ the rest

files = Table(
    "files",
    metadata,
    text("id", key=True),
    text("case_id"),
    text("name"),
    text("media_type"),
    big("size"),
    text("sha256"),
    text("owner"),
    moment("at"),
    Index(None, "case_id"),
    Index(None, "owner", "at"),
)

# Files without a record whose bytes have to be deleted.
doomed_files = Table("doomed_files", metadata, text("id", key=True))

settings = Table("settings", metadata, text("name", key=True), text("value"))

slots = Table(
    "slots",
    metadata,
    text("job", key=True),
    text("slot", key=True),
    moment("at"),
)

leases = Table(
    "leases",
    metadata,
    text("name", key=True),
    text("owner"),
    moment("until"),
)

# The last number given to a row, for SQLite, which has no sequences.
numbers = Sequence("numbers", metadata=metadata)
counters = Table("counters", metadata, text("name", key=True), big("value"))
