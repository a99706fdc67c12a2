"""What happened, as a sentence: the history of a case in the reader's language."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from handlers.pages import FileLink, Line
from handlers.reading.case import Reading
from workflows.actions.answer import QuestionAnswered
from workflows.actions.ask import QuestionAsked
from workflows.actions.claim import TaskClaimed
from workflows.actions.comment import Commented
from workflows.actions.decide import TaskCompleted
from workflows.actions.erase import ContentErased
from workflows.actions.fire_timers import Escalated, Reminded, RungsCollapsed
from workflows.actions.record import ActionRecorded
from workflows.actions.score import SurveyAnswered
from workflows.actions.send_back import TaskReturned
from workflows.actions.start import CaseStarted
from workflows.actions.watch import WatchChanged
from workflows.case.events import Event
from workflows.case.passed_over import PassedOver
from workflows.case.state import ContentRef, Task
from workflows.definition import FieldType
from workflows.flow.clocks import ClockPaused, ClockPlanned, ClockStopped
from workflows.flow.ending import CaseClosed, SurveyAsked, TaskCancelled
from workflows.flow.entering import CopiedIn, NodeEntered, RouteTaken, TaskOpened
from workflows.flow.offering import (
    DeputyOffered,
    DeputyPassedOver,
    TaskBlocked,
    TaskReoffered,
    TaskTransferred,
)
from workflows.flow.pauses import QuestionLapsed


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One event, told: who, what, what they wrote, which files. `kind` sorts it for the eye."""

    seq: int
    at: datetime
    who: str
    text: str
    quote: str
    kind: str
    node: str
    files: tuple[FileLink, ...]


EARLIER = "…"

# What nobody wants to read: the machinery between two deeds.
_SILENT = (NodeEntered, ClockStopped, RungsCollapsed)


def tell(reading: Reading) -> tuple[Told, ...]:
    """The history, oldest first, without the machinery."""
    found = []
    for event in reading.events:
        if isinstance(event.body, _SILENT):
            continue
        if isinstance(event.body, ClockPlanned) and event.body.why in ("started", "resumed"):
            continue
        found.append(_one(reading, event))
    return tuple(found)


def history_lines(reading: Reading, *, most: int, until: int | None = None) -> tuple[Line, ...]:
    """The history as lines of a card: the last `most`, and how many there were before them.

    `until` is the number of the last event that is told.
    """
    told = [one for one in tell(reading) if until is None or one.seq <= until]
    shown = tuple(
        Line(when=reading.at(one.at), text=one.text, quote=one.quote) for one in told[-most:]
    )
    earlier = len(told) - len(shown)
    if not earlier:
        return shown
    return (Line(when=EARLIER, text=reading.words.n("card.history.earlier", earlier)), *shown)


def is_cut(lines: tuple[Line, ...]) -> bool:
    """Whether a history on a card is not the whole one."""
    return bool(lines) and lines[0].when == EARLIER


def _one(reading: Reading, event: Event) -> Told:
    body = event.body
    facts: dict[str, object] = {"who": reading.actor(event)}
    facts.update(_FACTS[type(body)](reading, body) if type(body) in _FACTS else {})
    variant = facts.pop("variant", "")
    msgid = f"event.{body.stored}" + (f".{variant}" if variant else "")
    ref = getattr(body, "content", None)
    quote, files = _content(reading, ref)
    task = reading.case.task(getattr(body, "task", None) or "")
    return Told(
        seq=event.seq,
        at=event.at,
        who=reading.actor(event),
        text=_with_left_out(
            reading, reading.words.t(msgid, **facts), getattr(body, "passed_over", ())
        ),
        quote=quote,
        kind=_KINDS.get(type(body), "step"),
        node=task.node if task is not None else getattr(body, "node", ""),
        files=files,
    )


def _content(reading: Reading, ref: ContentRef | None) -> tuple[str, tuple[FileLink, ...]]:
    """What a person wrote with the event: the text, or the filled fields one below the other."""
    if ref is None:
        return "", ()
    values = reading.body_values(ref)
    ids: list[object] = []
    for field in reading.definition.every_field():
        if field.type is FieldType.FILES:
            ids.extend(reading.ids_of(values.get(field.id)))
    ids.extend(reading.ids_of(reading.body(ref).get("files")))
    shown = (reading.filled(ref), reading.body_text(ref))
    return "\n".join(part for part in shown if part), reading.links(ids)


def _node_of(reading: Reading, task_id: str) -> str:
    task = reading.case.task(task_id)
    return reading.node(task.node) if task is not None else ""


def _opened(reading: Reading, body: TaskOpened) -> dict[str, object]:
    node = reading.node(body.node)
    people = (body.assignee,) if body.assignee else body.candidates
    fell = body.fallback and people
    return {
        "variant": "fallback" if fell else _given(people),
        "node": node,
        "people": reading.names(people),
    }


def _given(people: tuple[str, ...]) -> str:
    """How work came to these people: given to one, offered to several, or for nobody."""
    return "nobody" if not people else "given" if len(people) == 1 else "offered"


def _reoffered(reading: Reading, body: TaskReoffered) -> dict[str, object]:
    people = (body.assignee,) if body.assignee else body.candidates
    node = _node_of(reading, body.task)
    return {"variant": _given(people), "node": node, "people": reading.names(people)}


def left_out(reading: Reading, task: Task, *, until: int) -> tuple[str, ...]:
    """Who was passed over when a task was last offered, and why, up to an event."""
    offers = [
        event.body.passed_over
        for event in reading.events[:until]
        if isinstance(event.body, TaskOpened | TaskReoffered) and event.body.task == task.id
    ]
    return _passed_over(reading, offers[-1]) if offers else ()


def _passed_over(reading: Reading, out: tuple[PassedOver, ...]) -> tuple[str, ...]:
    """People and the reason why each was left out, each once."""
    people = dict.fromkeys((one.person, one.why) for one in out)
    return tuple(
        reading.words.t(
            "history.left_out.one", who=reading.name(who), why=reading.words.t(f"bar.{why}")
        )
        for who, why in people
    )


def _with_left_out(reading: Reading, text: str, out: tuple[PassedOver, ...]) -> str:
    if not out:
        return text
    listed = reading.words.t("name.separator").join(_passed_over(reading, out))
    return reading.words.t("history.left_out", text=text, people=listed)


def _transferred(reading: Reading, body: TaskTransferred) -> dict[str, object]:
    return {"variant": body.why, "node": _node_of(reading, body.task), "to": reading.name(body.to)}


def _completed(reading: Reading, body: TaskCompleted) -> dict[str, object]:
    task = reading.case.task(body.task)
    assert task is not None, "a completed task is in the case"
    label = ""
    node = reading.definition.work_node(task.node)
    if node.kind == "approval":
        outcome = next(o for name, o in node.outcomes.items() if name == body.outcome)
        label = reading.text(outcome.label) if outcome.label else ""
    default = reading.words.t(f"outcome.{body.outcome}")
    return {"node": reading.node(task.node), "outcome": label or default}


def _routed(reading: Reading, body: RouteTaken) -> dict[str, object]:
    people = tuple(person for _, person in body.people if person)
    facts: dict[str, object] = {"node": reading.node(body.node), "to": reading.node(body.to)}
    if body.because == "limit":
        return {"variant": "limit", **facts}
    if people:
        return {"variant": "people", "people": reading.names(people), **facts}
    return {"variant": "plain", **facts}


def _planned(reading: Reading, body: ClockPlanned) -> dict[str, object]:
    return {
        "variant": body.why,
        "clock": reading.clock_name(body.clock),
        "due": reading.at(body.due_at),
    }


def _reminded(reading: Reading, body: Reminded) -> dict[str, object]:
    return {
        "variant": "overdue" if body.overdue else "ahead",
        "clock": reading.clock_name(body.clock),
        "people": reading.names(body.to),
    }


def _escalated(reading: Reading, body: Escalated) -> dict[str, object]:
    return {
        "clock": reading.clock_name(body.clock),
        "people": reading.names(body.to),
        "level": body.level,
    }


def _closed(reading: Reading, body: CaseClosed) -> dict[str, object]:
    return {"variant": body.status}


_FACTS: dict[type, Callable[[Reading, Any], dict[str, object]]] = {
    CaseStarted: lambda r, _: {"process": r.title},
    TaskOpened: _opened,
    DeputyOffered: lambda r, b: {
        "node": _node_of(r, b.task),
        "deputy": r.name(b.deputy),
        "principal": r.name(b.principal),
    },
    TaskReoffered: _reoffered,
    TaskBlocked: lambda r, b: {"node": _node_of(r, b.task), "people": r.names(b.to)},
    DeputyPassedOver: lambda r, b: {
        "node": _node_of(r, b.task),
        "deputy": r.name(b.deputy),
        "principal": r.name(b.principal),
        "why": r.words.t(f"bar.{b.why}"),
    },
    TaskClaimed: lambda r, b: {"node": _node_of(r, b.task)},
    TaskTransferred: _transferred,
    ActionRecorded: lambda r, b: {"action": r.text(r.definition.actions[b.action].name)},
    TaskCompleted: _completed,
    TaskReturned: lambda r, b: {"node": _node_of(r, b.task), "to": r.node(b.to)},
    TaskCancelled: lambda r, b: {"node": _node_of(r, b.task)},
    RouteTaken: _routed,
    ClockPlanned: _planned,
    ClockPaused: lambda r, b: {"clock": r.clock_name(b.clock)},
    Reminded: _reminded,
    Escalated: _escalated,
    QuestionAsked: lambda r, b: {"to": r.name(b.to)},
    QuestionAnswered: lambda r, b: (
        {"variant": "instead", "asked": r.name(b.instead_of)} if b.instead_of else {}
    ),
    QuestionLapsed: lambda _, b: {"variant": "left"} if b.why == "left" else {},
    CopiedIn: lambda r, b: {"people": r.names(b.people)},
    WatchChanged: lambda _, b: {"variant": "on" if b.on else "off"},
    CaseClosed: _closed,
    SurveyAsked: lambda r, b: {"to": r.name(b.to)},
    SurveyAnswered: lambda _, b: {"score": b.score},
    ContentErased: lambda _, b: {"count": len(b.contents)},
}

_KINDS: dict[type, str] = {
    CaseStarted: "start",
    Reminded: "reminder",
    Escalated: "escalation",
    Commented: "comment",
    QuestionAsked: "question",
    QuestionAnswered: "question",
    TaskCompleted: "decision",
    TaskReturned: "decision",
    ActionRecorded: "decision",
    CaseClosed: "end",
}
