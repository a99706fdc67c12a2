"""The audit finds every kind of tampering, and nothing where nothing was changed."""

import itertools
import json
import random
from dataclasses import replace

import pytest
from sqlalchemy import create_engine, event

from storage import tables as t
from storage.audit import verify
from storage.checkpoint import take_checkpoint
from storage.codec import genesis, link
from storage.faults import Fault
from storage.unit import Tx
from tests.contract import values as v

CASES = tuple(f"C-2026-000{number}" for number in range(1, 6))
TRIALS = 1000


def fill(tx):
    """Five cases of different length; the second has erased content."""
    tx.definitions.publish(key="complaint", hash=v.HASH, text=v.DEFINITION, at=v.NOW, by="p_admin")
    for number, case_id in enumerate(CASES):
        v.file_case(tx, v.case(case_id))
        for _ in range(2 + number):
            v.go_on(tx, case_id)
    v.erase(tx, CASES[1], f"c_{CASES[1]}_4")
    return take_checkpoint(tx.connection, at=v.NOW)


async def test_nothing_is_found_where_nothing_was_changed(database):
    checkpoint = await database.run(fill)
    verdict = await database.with_connection(lambda c: verify(c, checkpoint))

    assert (verdict.cases, verdict.events, verdict.problem) == (5, 15 + 20 + 1, None)

    await database.run(lambda tx: v.go_on(tx, CASES[0]))
    await database.run(lambda tx: v.file_case(tx, v.case("C-2026-0009")))
    await database.run(lambda tx: v.erase(tx, CASES[2], f"c_{CASES[2]}", f"c_{CASES[2]}_4"))
    assert (await database.with_connection(lambda c: verify(c, checkpoint))).problem is None


async def test_many_cases_are_looked_at_in_pages(database, monkeypatch):
    def file_many(tx):
        for number in range(450):
            v.file_case(tx, v.case(f"C-2026-{number:04d}"))

    await database.run(file_many)
    verdict = await database.with_connection(verify)
    assert (verdict.cases, verdict.events, verdict.problem) == (450, 1350, None)


async def test_the_first_bad_case_is_named(database):
    await database.run(fill)
    for case_id in (CASES[3], CASES[2]):
        change = t.events.update().where(t.events.c.case_id == case_id, t.events.c.seq == 4)
        await database.with_connection(
            lambda c, change=change: c.execute(change.values(actor="p_x")), write=True
        )

    problem = (await database.with_connection(verify)).problem

    assert (problem.case_id, problem.seq, problem.fault) == (CASES[2], 4, Fault.COLUMNS)


# ------------------------------------------------------------------ a thousand forgeries


class Forger:
    """Changes a database in one way or another, by chance but repeatably."""

    def __init__(self, connection, chance):
        self.connection = connection
        self.chance = chance

    def event(self, first=1, last=0):
        """A row of a chain, not one of the first or last so many."""
        case_id = self.chance.choice(CASES)
        rows = self.connection.execute(
            t.events.select().where(t.events.c.case_id == case_id).order_by(t.events.c.seq)
        ).all()
        return self.chance.choice(rows[first - 1 : len(rows) - last])

    def set(self, row, **values):
        where = (t.events.c.case_id == row.case_id, t.events.c.seq == row.seq)
        self.connection.execute(t.events.update().where(*where).values(**values))

    def flip(self, text):
        """One character of a text changed, added or removed."""
        at = self.chance.randrange(len(text))
        kind = self.chance.randrange(3)
        if kind == 0:
            return text[:at] + text[at + 1 :]
        other = self.chance.choice([c for c in '0a"{}:, 漏' if c != text[at]])
        return text[:at] + other + text[at + (kind == 1) :]

    def restamp(self, case_id, texts):
        """Writes a whole chain anew, as somebody would who knows how it is made."""
        self.connection.execute(t.events.delete().where(t.events.c.case_id == case_id))
        head = genesis(case_id)
        for seq, old in enumerate(texts, start=1):
            said = json.loads(old)
            said["seq"] = seq
            text = json.dumps(said, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
            previous, head = head, link(head, text)
            self.connection.execute(
                t.events.insert().values(
                    case_id=case_id,
                    seq=seq,
                    type=said["type"],
                    actor=said["actor"],
                    at=v.NOW,
                    text=text,
                    previous=previous,
                    hash=head,
                )
            )
        self.connection.execute(
            t.cases.update().where(t.cases.c.id == case_id).values(seq=len(texts), head=head)
        )

    def texts(self, case_id):
        rows = self.connection.execute(
            t.events.select().where(t.events.c.case_id == case_id).order_by(t.events.c.seq)
        )
        return [row.text for row in rows]

    # -------------------------------------------------------------- without a checkpoint

    def change_a_text(self):
        row = self.event()
        self.set(row, text=self.flip(row.text))

    def change_a_column(self):
        row = self.event()
        name = self.chance.choice(["type", "actor"])
        self.set(row, **{name: self.flip(row._mapping[name])})

    def change_a_time(self):
        row = self.event()
        self.set(row, at=v.at(self.chance.choice([-1, 1]) * self.chance.randrange(1, 10_000)))

    def change_a_hash(self):
        row = self.event()
        name = self.chance.choice(["hash", "previous"])
        self.set(row, **{name: self.flip(row._mapping[name])})

    def change_a_text_and_its_hash(self):
        row = self.event(last=1)
        text = row.text.replace('"via":"rule"', '"via":"web"')
        self.set(row, text=text, hash=link(row.previous, text))

    def remove_an_event(self):
        row = self.event()
        where = (t.events.c.case_id == row.case_id, t.events.c.seq == row.seq)
        self.connection.execute(t.events.delete().where(*where))

    def remove_an_event_and_close_the_gap(self):
        row = self.event(last=1)
        here = t.events.c.case_id == row.case_id
        self.connection.execute(t.events.delete().where(here, t.events.c.seq == row.seq))
        for seq in range(row.seq + 1, 20):
            self.connection.execute(
                t.events.update().where(here, t.events.c.seq == seq).values(seq=seq - 1)
            )

    def insert_an_event(self):
        row = self.event()
        last = len(self.texts(row.case_id))
        head = (
            self.connection.execute(t.cases.select().where(t.cases.c.id == row.case_id)).one().head
        )
        text = row.text.replace(f'"seq":{row.seq}', f'"seq":{last + 1}')
        values = dict(row._mapping) | {
            "seq": last + 1,
            "text": text,
            "previous": head,
            "hash": link(head, text),
        }
        self.connection.execute(t.events.insert().values(**values))

    def swap_two_events(self):
        row = self.event(last=1)
        here = t.events.c.case_id == row.case_id
        for old, new in ((row.seq, -1), (row.seq + 1, row.seq), (-1, row.seq + 1)):
            self.connection.execute(
                t.events.update().where(here, t.events.c.seq == old).values(seq=new)
            )

    def move_an_event_to_another_case(self):
        row = self.event()
        other = self.chance.choice([case_id for case_id in CASES if case_id != row.case_id])
        seq = len(self.texts(other)) + 1
        where = (t.events.c.case_id == row.case_id, t.events.c.seq == row.seq)
        self.connection.execute(t.events.update().where(*where).values(case_id=other, seq=seq))

    def remove_a_snapshot(self):
        self.connection.execute(t.cases.delete().where(t.cases.c.id == self.chance.choice(CASES)))

    def remove_the_events_of_a_case(self):
        case_id = self.chance.choice(CASES)
        self.connection.execute(t.events.delete().where(t.events.c.case_id == case_id))

    def point_the_snapshot_elsewhere(self):
        row = self.event()
        change = t.cases.update().where(t.cases.c.id == row.case_id)
        self.connection.execute(change.values(head=self.flip(row.hash)))

    def content(self, erased=False):
        condition = t.contents.c.body.is_(None) if erased else t.contents.c.body.is_not(None)
        rows = self.connection.execute(
            t.contents.select().where(condition).order_by(t.contents.c.id)
        ).all()
        return self.chance.choice(rows)

    def set_content(self, row, **values):
        self.connection.execute(
            t.contents.update().where(t.contents.c.id == row.id).values(**values)
        )

    def change_content(self):
        row = self.content()
        name = self.chance.choice(["body", "salt", "digest"])
        self.set_content(row, **{name: self.flip(row._mapping[name])})

    def change_content_and_its_digest(self):
        row = self.content()
        forged = v.content(row.case_id, row.id, "forged")
        self.set_content(row, body='{"text":"forged"}', salt=forged.salt, digest=forged.digest)

    def empty_content(self):
        self.set_content(self.content(), body=None, salt="")

    def remove_content(self):
        row = self.content()
        self.connection.execute(t.contents.delete().where(t.contents.c.id == row.id))

    def move_content(self):
        row = self.content()
        other = self.chance.choice([case_id for case_id in CASES if case_id != row.case_id])
        self.set_content(row, case_id=other)

    def fill_erased_content(self):
        row = self.content(erased=True)
        self.set_content(row, body='{"text":"back"}', salt="00")

    def change_a_definition(self):
        self.connection.execute(t.definitions.update().values(text=self.flip(v.DEFINITION)))

    # -------------------------------------------------------------- only with a checkpoint

    def cut_the_tail_and_tidy_up(self):
        case_id = self.chance.choice([CASES[0], *CASES[2:]])
        texts = self.texts(case_id)
        self.restamp(case_id, texts[: -self.chance.randrange(1, len(texts))])

    def rewrite_a_chain(self):
        case_id = self.chance.choice(CASES)
        texts = self.texts(case_id)
        at = self.chance.randrange(len(texts))
        texts[at] = texts[at].replace('"via":"rule"', '"via":"web"')
        self.restamp(case_id, texts)

    def remove_a_case_and_everything_it_left(self):
        case_id = self.chance.choice(CASES)
        for table in (t.events, t.contents):
            self.connection.execute(table.delete().where(table.c.case_id == case_id))
        self.connection.execute(t.cases.delete().where(t.cases.c.id == case_id))


ALONE = [
    name
    for name in vars(Forger)
    if name.split("_")[0]
    in {"change", "remove", "insert", "swap", "move", "point", "empty", "fill"}
    and name != "remove_a_case_and_everything_it_left"
]
WITH_A_CHECKPOINT = [
    "cut_the_tail_and_tidy_up",
    "rewrite_a_chain",
    "remove_a_case_and_everything_it_left",
]


@pytest.fixture(scope="module")
def forge():
    """A database in memory, what it was at a checkpoint, and a savepoint around every forgery."""
    engine = create_engine("sqlite://")
    event.listen(engine, "connect", lambda c, _: setattr(c, "isolation_level", None))
    event.listen(engine, "begin", lambda c: c.exec_driver_sql("BEGIN"))
    t.metadata.create_all(engine)
    with engine.connect() as connection:
        checkpoint = fill(Tx(connection))
        yield connection, checkpoint
    engine.dispose()


def test_a_thousand_forgeries_are_all_found(forge):
    connection, checkpoint = forge
    missed = []
    for trial, name in zip(range(TRIALS), itertools.cycle(ALONE + WITH_A_CHECKPOINT), strict=False):
        with connection.begin_nested() as savepoint:
            getattr(Forger(connection, random.Random(trial)), name)()
            known = checkpoint if name in WITH_A_CHECKPOINT else None
            if verify(connection, known).problem is None:
                missed.append((name, trial))
            savepoint.rollback()

    assert missed == []
    assert verify(connection, checkpoint).problem is None


@pytest.mark.parametrize(
    ("name", "fault"),
    [
        ("change_a_text", Fault.CHANGED),
        ("change_a_column", Fault.COLUMNS),
        ("change_a_text_and_its_hash", Fault.LINK),
        ("remove_an_event_and_close_the_gap", Fault.LINK),
        ("insert_an_event", Fault.HEAD),
        ("remove_a_snapshot", Fault.CASE_REMOVED),
        ("remove_the_events_of_a_case", Fault.EVENTS_REMOVED),
        ("point_the_snapshot_elsewhere", Fault.HEAD),
        ("change_content_and_its_digest", Fault.CONTENT_CHANGED),
        ("empty_content", Fault.CONTENT_EMPTIED),
        ("remove_content", Fault.CONTENT_REMOVED),
        ("fill_erased_content", Fault.CONTENT_KEPT),
        ("change_a_definition", Fault.DEFINITION),
        ("cut_the_tail_and_tidy_up", Fault.EVENTS_REMOVED),
        ("rewrite_a_chain", Fault.CHECKPOINT),
        ("remove_a_case_and_everything_it_left", Fault.CASE_REMOVED),
    ],
)
def test_the_audit_says_what_was_done(forge, name, fault):
    connection, checkpoint = forge
    with connection.begin_nested() as savepoint:
        getattr(Forger(connection, random.Random(7)), name)()
        problem = verify(connection, checkpoint).problem
        savepoint.rollback()

    assert problem is not None
    assert problem.fault == fault


@pytest.mark.parametrize("text", ["[]", "nonsense", '{"case":"C-2026-0001"}'])
def test_a_text_that_is_no_event_is_found_even_with_the_right_hash(forge, text):
    connection, _ = forge
    with connection.begin_nested() as savepoint:
        row = Forger(connection, random.Random(1)).event(last=1)
        last = {"text": text, "hash": link(row.previous, text)}
        Forger(connection, random.Random(1)).set(row, **last)
        problem = verify(connection).problem
        savepoint.rollback()

    assert problem is not None
    assert problem.fault == Fault.COLUMNS


def test_a_checkpoint_of_other_times_is_a_question_of_its_heads(forge):
    connection, checkpoint = forge
    later = replace(checkpoint, at=v.at(5))

    assert verify(connection, later).problem is None
