"""Cases, events and contents made by hand: small, valid, and each different from the others."""

import hashlib
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from msgspec import structs

from storage.unit import Tx
from workflows.actions.comment import Commented
from workflows.actions.erase import ContentErased
from workflows.actions.start import CaseStarted
from workflows.canonical import content_digest
from workflows.case.clock import Clock, ClockStatus, PlannedRung
from workflows.case.events import SYSTEM, Event
from workflows.case.state import Case
from workflows.case.status import Status
from workflows.case.task import ContentRef, Task, TaskStatus
from workflows.flow.clocks import ClockPlanned
from workflows.flow.opening import TaskOpened
from workflows.moments import MINUTE, Moment, moment_of
from workflows.records import Change, Content

NOW = moment_of(datetime(2026, 3, 2, 1, 0, tzinfo=UTC))
DEFINITION = "key = 'complaint'\n"
HASH = hashlib.sha256(DEFINITION.encode()).hexdigest()


def at(minutes: float) -> Moment:
    return NOW + round(minutes * MINUTE)


def content(case_id: str, content_id: str, text: str = "投诉：漏水 💧", **changes: Any) -> Content:
    body = {"text": text}
    salt = f"{len(content_id):032x}"
    given = Content(
        id=content_id,
        case_id=case_id,
        kind="comment",
        author="p_filer",
        at=NOW,
        salt=salt,
        body=body,
        digest=content_digest(salt=salt, body=body),
    )
    return replace(given, **changes)


def event(seq: int, body: Any, *, minutes: float = 0, actor: str = SYSTEM) -> Event:
    return Event(seq=seq, at=at(minutes), actor=actor, on_behalf_of=None, via="rule", body=body)


def task(task_id: str = "t1", **changes: Any) -> Task:
    given = Task(
        id=task_id,
        node="handle",
        round=1,
        status=TaskStatus.OPEN,
        assignee="p_handler",
        candidates=(),
        opened_at=NOW,
    )
    return structs.replace(given, **changes)


def clock(key: str = "task:t1", *, due: float = 120, first: float = 60, **changes: Any) -> Clock:
    given = Clock(
        key=key,
        status=ClockStatus.RUNNING,
        started_at=NOW,
        limit="2h",
        ladder="usual",
        due_at=at(due),
        planned=(PlannedRung(id="0", at=at(first)), PlannedRung(id="1", at=at(due))),
    )
    return structs.replace(given, **changes)


def case(case_id: str = "C-2026-0001", **changes: Any) -> Case:
    given = Case(
        id=case_id,
        process="complaint",
        definition=HASH,
        filer="p_filer",
        status=Status.RUNNING,
        created_at=NOW,
        seq=3,
        node="handle",
        tasks=(task(),),
        clocks=(clock(),),
    )
    return structs.replace(given, **changes)


def first_events(given: Case) -> tuple[Event, ...]:
    """Three events for a new case, whatever its state says."""
    start = content(given.id, f"c_{given.id}")
    opened = given.tasks[0] if given.tasks else task()
    planned = given.clocks[0] if given.clocks else clock()
    return (
        event(
            1,
            CaseStarted(
                case=given.id,
                process=given.process,
                definition=given.definition,
                filer=given.filer,
                content=start.ref,
            ),
            actor=given.filer,
        ),
        event(
            2,
            TaskOpened(
                task=opened.id,
                node=opened.node,
                round=1,
                assignee=opened.assignee,
                candidates=opened.candidates,
            ),
        ),
        event(
            3,
            ClockPlanned(
                clock=planned.key,
                why="started",
                started_at=NOW,
                limit=planned.limit,
                ladder="usual",
                due_at=planned.due_at,
                rungs=planned.planned,
            ),
        ),
    )


def file_case(tx: Tx, given: Case | None = None) -> Case:
    """Saves a new case with its first content."""
    new = given or case()
    tx.contents.put(content(new.id, f"c_{new.id}"))
    tx.cases.save(Change(case=new, events=first_events(new), new=True))
    return new


def go_on(tx: Tx, case_id: str = "C-2026-0001", body: Any = None, **changes: Any) -> Case:
    """Saves one more event, a comment if no other is given, with these changes of the state."""
    old = tx.cases.load(case_id)
    assert old is not None
    seq = old.seq + 1
    if body is None:
        said = content(case_id, f"c_{case_id}_{seq}", f"No. {seq}")
        tx.contents.put(said)
        body = Commented(content=said.ref)
    new = structs.replace(old, seq=seq, **changes)
    tx.cases.save(Change(case=new, events=(event(seq, body),)))
    return new


def erase(tx: Tx, case_id: str, *content_ids: str) -> None:
    tx.contents.erase(content_ids)
    go_on(tx, case_id, ContentErased(contents=content_ids))


def ref(content_id: str = "c_1", digest: str = "d" * 64) -> ContentRef:
    return ContentRef(id=content_id, digest=digest)
