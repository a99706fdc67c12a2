"""What must hold when the storm is over: the promises R1 to R11, and the books of what went in."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, text

from handlers import deliver, storms
from handlers.cards import briefing
from handlers.office import Office
from handlers.tokens import read_token
from storage import audit, fsck
from storage.database_sqlite import SqliteDatabase
from storage.unit import Tx
from tests.fakes.chat import every_button, spell
from tests.simulation import story
from tests.simulation.administered import SLOT
from tests.simulation.chat import Platform
from tests.simulation.record import Ledger
from tests.simulation.scene import Scene
from tests.simulation.wire import LATEST_S
from workflows.actions.watch import WatchChanged
from workflows.case.effects import Post
from workflows.case.state import Case
from workflows.case.task import TaskStatus
from workflows.directory import Directory
from workflows.moments import DAY, MINUTE, SECOND
from workflows.records import CaseQuery, DeadLetter, OutboxRow

LATE = 10 * MINUTE
DECIDED = (TaskStatus.DONE, TaskStatus.RETURNED)  # whoever decided so may take it back
MARK = re.compile(r"#([\w.]+:\d+);")
KEPT = 29 * DAY  # keys are there for at least so long
assert KEPT / SECOND > LATEST_S  # a repeated delivery is known


@dataclass(slots=True, kw_only=True)
class Checks:
    """Looks at the database by the operator's door, at the platform, and at the ledger."""

    scene: Scene
    admin: SqliteDatabase
    ledger: Ledger
    platform: Platform
    poisoned: set[str]
    office: Office
    waiting: set[tuple[str, str, str]] = field(default_factory=set)  # for the end of quiet hours

    async def nothing_is_late(self) -> None:
        """R3, R11: a while after healing, everything is in time but what is poisoned."""
        await self.admin.read(self._late)

    async def all_promises(self) -> None:
        """After everything that was owed could be done."""
        await self.admin.with_connection(self._books_fit)
        await self.admin.read(self._all)
        self.scene.figures["events"] += len(self.ledger.events)

    def _all(self, tx: Tx) -> None:
        cases = {}
        for case_id in _every_case(tx):
            case = tx.cases.load(case_id, lock=False)
            assert case is not None
            cases[case_id] = case
        story.check(self.scene, self.ledger, tx, cases, office=self.office)
        self._overdue(cases)
        self._inputs(tx)
        self._words(tx, cases)
        self._messages(tx, cases)
        self._posts(tx)
        self._reasons(tx)
        self._copies()
        self._dead(tx)

    # ------------------------------------------------------------------ in time

    def _late(self, tx: Tx) -> None:
        before = self.scene.now() - LATE
        if why := tx.settings.get("hold"):
            self.scene.wrong("R3", f"everything is held: {why}")
        for timer in tx.timers.due(now=before, limit=1000):
            if timer.case_id not in self.poisoned:
                self.scene.wrong("R3", f"not fired long after it was healed: {timer}")
        connection: Connection = tx.connection
        rows = connection.execute(
            text("SELECT person, slot, case_id, attempts, error, next_at FROM outbox")
        )
        for row in rows:
            if row.next_at < before and row.case_id not in self.poisoned:
                self.scene.wrong("R11", f"not sent long after it was healed: {row}")

    def _overdue(self, cases: dict[str, Case]) -> None:
        for case in cases.values():
            for clock, at in case.timers():
                if at < self.scene.now() - LATE:
                    self.scene.wrong("R3", f"{case.id} {clock}: a rung of {at} never fired")

    # ------------------------------------------------------------------ what went in

    def _inputs(self, tx: Tx) -> None:
        """R1: what was acknowledged as done is in the inbox."""
        connection: Connection = tx.connection
        inbox = set(connection.execute(text("SELECT key FROM inbox")).scalars())
        for key, known in self.ledger.inputs.items():
            answer = known.done
            if answer is None or answer.cards:
                continue
            self.scene.figures["acknowledged"] += 1
            if key not in inbox and known.at > self.scene.now() - KEPT:
                self.scene.wrong("R1", f"{key} was acknowledged and is lost: {answer.text}")

    def _words(self, tx: Tx, cases: dict[str, Case]) -> None:
        """R1, R2: the words of every acknowledged input are there, once for each.

        Those with which two cases are merged are in both.
        """
        found: Counter[str] = Counter()
        for case_id in cases:
            for content in tx.contents.of_case(case_id).values():
                found.update(set(MARK.findall(str(content.body))))
        sent: Counter[str] = Counter()
        perhaps: Counter[str] = Counter()
        for known in self.ledger.inputs.values():
            for mark in set(MARK.findall(str(getattr(known.intent, "values", "")))):
                copies = 2 if getattr(known.intent, "token", "").startswith("merge|") else 1
                sent[mark] += copies * (known.done is not None)
                perhaps[mark] += copies * known.is_open
                found[mark] += 0
        for mark, count in found.items():
            if count < sent[mark]:
                self.scene.wrong("R1", f"words of {mark}: {sent[mark]} accepted, {count} kept")
            if count > sent[mark] + perhaps[mark]:
                self.scene.wrong("R2", f"words of {mark}: {sent[mark]} accepted, {count} kept")

    # ------------------------------------------------------------------ what went out

    def _messages(self, tx: Tx, cases: dict[str, Case]) -> None:
        """Where the bot believes a message to be, it is; and nobody can press what is settled."""
        connection: Connection = tx.connection
        for row in connection.execute(text("SELECT person, slot, case_id, ref FROM messages")):
            message = self.platform.messages.get(row.ref)
            if message is None:
                self.scene.wrong("R7", f"recorded as sent, and never was: {row}")
                continue
            if row.person in self.platform.gone or row.person in self.platform.poisoned:
                continue
            for button in every_button(message.card):
                token = read_token(button.token)
                task = cases[token.case_id].task(token.task) if token.task else None
                taken = token.verb == "takeback" and task and task.status in DECIDED
                if taken or token.verb == "comment":
                    continue
                at_work = task and (
                    task.status is TaskStatus.OPEN or cases[token.case_id].added(task.id)
                )
                if task and not at_work:
                    self.scene.wrong("R9", f"{row.slot}: settled, and shows {button.token}")
        for row in connection.execute(text("SELECT * FROM outbox")):
            self.waiting.add((row.case_id or "", row.person, row.slot))
            if row.next_at < self.scene.now() - LATE:
                self.scene.wrong("R7", f"still owed: {row}")

    def _posts(self, tx: Tx) -> None:
        """R7: what was owed arrived, or somebody else was told, or it is a dead letter."""
        dead = {
            (d.payload.get("case_id") or "", d.payload.get("to"), d.payload.get("slot"))
            for d in tx.dead.all()
        }
        unwatched = {
            (case_id, event.actor): event.seq  # the last time
            for _, case_id, event in self.ledger.events
            if isinstance(event.body, WatchChanged) and not event.body.on
        }
        for (case_id, to, slot), post in self.ledger.posts.items():
            comment = int(slot.removeprefix("comment:")) if slot.startswith("comment:") else 0
            if 0 < comment < unwatched.get((case_id, to), 0):
                continue  # it may have been waiting when they asked for no more of them
            if post.kind in briefing.KINDS:
                continue  # there may have been nothing to say that morning
            row = _row(case_id, post)
            token = deliver.message_token(row, self.platform.name)
            instead = f"instead:{to}:{slot}"
            told = any(c == case_id and s == instead for c, _, s in self.ledger.posts)
            if self.platform.posts[token] or told or (case_id, to, slot) in dead | self.waiting:
                continue
            if storms.is_hourly(slot) and not any(
                storms.beyond(tx.digests.of_reader(to, digest=slot))
            ):
                continue  # the first escalations of an hour are messages of their own
            plan = deliver.prepare(
                tx, self.office, row, platforms={self.platform.name: self.platform}
            )
            if plan.sendings or plan.unreachable:
                self.scene.wrong("R7", f"owed and never sent: {case_id} {to} {slot}")

    def _reasons(self, tx: Tx) -> None:
        """Whoever heard of what an administrator did has read why."""
        by_seq = {(case_id, event.seq): event for _, case_id, event in self.ledger.events}
        for (case_id, to, slot), post in self.ledger.posts.items():
            if post.kind != SLOT:
                continue
            body: Any = by_seq[case_id, int(post.args["seq"])].body
            why = str((tx.contents.of_case(case_id)[body.content.id].body or {})["text"])
            ref = deliver.message_token(_row(case_id, post), self.platform.name)
            message = self.platform.messages.get(ref)
            if message is not None and why not in spell(message.card):
                self.scene.wrong("told", f"{case_id} {to} {slot}: the reason {why} is not there")

    def _copies(self) -> None:
        """R7: a second copy only where nobody could know whether there was a first one."""
        for token, count in self.platform.posts.items():
            copies = count - 1
            self.scene.figures["duplicates"] += copies
            if copies > self.platform.excused[token]:
                excused = self.platform.excused[token]
                self.scene.wrong("R7", f"{token}: {copies} copies, {excused} excused")

    # ------------------------------------------------------------------ dead letters, books

    def _dead(self, tx: Tx) -> None:
        for letter in tx.dead.all():
            self.scene.figures["dead letters"] += 1
            if not self._explained(letter, tx.people.directory()):
                self.scene.wrong("R11", f"dead for no reason: {letter}")

    def _explained(self, letter: DeadLetter, directory: Directory) -> bool:
        if "PoisonError" in letter.error or "StorageError" in letter.error:
            return True
        to = directory.get(str(letter.payload.get("to")))
        gone = to is not None and (to.key in self.platform.gone or not to.active)
        return letter.what == "message" and letter.error.startswith("unreachable") and gone

    def _books_fit(self, connection: Connection) -> None:
        """R6, R10: the chain verifies, and everything beside the events is what they say."""
        verdict = audit.verify(connection)
        if verdict.problem is not None:
            self.scene.wrong("R10", str(verdict.problem))
        for finding in _findings(connection):
            self.scene.wrong("R6", str(finding))


def _findings(connection: Connection) -> Iterator[fsck.Difference]:
    after: str | None = ""
    while after is not None:
        page = fsck.check_cases(connection, after=after)
        yield from page.findings
        after = page.after
    for table in fsck.LEFT_OVERS:
        yield from fsck.check_left_overs(connection, table, after="").findings


def _every_case(tx: Tx) -> Iterator[str]:
    before: str | None = None
    while rows := tx.cases.find(CaseQuery(limit=100, before=before)):
        yield from (row.id for row in rows)
        before = rows[-1].id


def _row(case_id: str, post: Post) -> OutboxRow:
    values: dict[str, Any] = {"created_at": None, "next_at": None}
    return OutboxRow(
        id="0",
        case_id=case_id or None,  # of an account
        to=post.to,
        slot=post.slot,
        kind=post.kind,
        lane=int(post.lane),
        task=post.task,
        args=post.args,
        attempts=0,
        revision=0,
        refresh_only=False,
        **values,
    )
