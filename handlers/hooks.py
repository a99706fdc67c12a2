"""Tells other systems what happened to cases: stores a message for each target that wants it.

The messages are stored in the transaction of the decision and sent afterwards. They have ids and
results, and nothing that people wrote or that is about them: whoever needs more reads the case.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from handlers.office import HookType, Office
from storage.unit import Tx
from workflows.actions.fire_timers import Escalated
from workflows.actions.send_back import TaskReturned
from workflows.actions.start import CaseStarted
from workflows.case.clock import about_of
from workflows.case.events import Body, Event
from workflows.case.state import Case
from workflows.flow.by_rule import DecidedByRule
from workflows.flow.ending import CaseClosed
from workflows.flow.entering import TaskCompleted
from workflows.flow.opening import TaskOpened
from workflows.flow.rung_effects import DecidedByTimer
from workflows.moments import iso
from workflows.records import WebhookMessage


def follow(tx: Tx, office: Office, case: Case, events: Sequence[Event]) -> None:
    """Store the messages about new events of a case, in the transaction of the decision."""
    told = [(event, *found) for event in events for found in _told(case, event.body)]
    wanted = [one for one in told if any(one[1] in hook.types for hook in office.hooks)]
    if not wanted:
        return
    stored = tx.definitions.get(case.definition)
    version = 0 if stored is None else stored.version
    tx.webhooks.add(
        [
            WebhookMessage(
                target=hook.target,
                case_id=case.id,
                seq=event.seq,
                type=kind,
                body=_body(case, event, kind, version) | more,
                created_at=event.at,
            )
            for event, kind, more in wanted
            for hook in office.hooks
            if kind in hook.types
        ]
    )


def message_id(case_id: str, seq: int) -> str:
    """Return the id of the message about an event, the same for each attempt and target."""
    return f"msg_{case_id}_{seq}"


def _body(case: Case, event: Event, kind: HookType, version: int) -> dict[str, Any]:
    return {
        "id": message_id(case.id, event.seq),
        "type": kind,
        "at": iso(event.at),
        "case": case.id,
        "process": case.process,
        "version": version,
    }


def _told(case: Case, body: Body) -> Iterator[tuple[HookType, dict[str, Any]]]:
    """Yield the type of the message about an event and what it has besides; nothing for most."""
    match body:
        case CaseStarted():
            yield "case.started", {}
        case TaskOpened():
            yield "task.opened", {"task": body.task, "node": body.node, "round": body.round}
        case TaskCompleted() | DecidedByTimer() | DecidedByRule():
            yield "task.completed", _task(case, body.task) | {"outcome": body.outcome}
        case TaskReturned():
            yield "task.completed", _task(case, body.task) | {"outcome": "return", "to": body.to}
        case Escalated():
            about = about_of(body.clock)
            place = _task(case, about) if about else {}
            yield "case.escalated", {"clock": body.clock, "level": body.level} | place
        case CaseClosed():
            yield "case.closed", {"status": body.status}
        case _:
            pass


def _task(case: Case, task_id: str) -> dict[str, Any]:
    task = case.task(task_id)
    return {"task": task_id} | ({} if task is None else {"node": task.node, "round": task.round})
