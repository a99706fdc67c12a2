"""Writes the history of a case: a sentence for each event, in the reader's language."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from msgspec import UNSET

from handlers.action_view import Sentence
from handlers.history_branches import BRANCHES
from handlers.pages import FileLink, Line
from handlers.reading import signers
from handlers.reading.case import Reading
from handlers.reading.earlier import at_events
from handlers.reading.facts import fact_noted
from handlers.registry import SENTENCES
from workflows.case.clock import ClockKind, kind_of
from workflows.case.events import Body, Event
from workflows.case.passed_over import PassedOver
from workflows.case.task import ContentRef, Task
from workflows.flow.adding import AddedSignersDecided
from workflows.flow.ballots import BallotDecided, BallotOpened
from workflows.flow.by_rule import DecidedByRule
from workflows.flow.clocks import ClockPaused, ClockPlanned, ClockStopped
from workflows.flow.ending import CaseClosed, SurveyAsked, TaskCancelled
from workflows.flow.entering import CopiedIn, NodeEntered, RouteTaken, TaskCompleted
from workflows.flow.facts import FactNoted, FactVoided, ResultNoted
from workflows.flow.offering import (
    DeputyOffered,
    DeputyPassedOver,
    StepInTold,
    TaskBlocked,
    TaskReoffered,
    TaskTransferred,
)
from workflows.flow.opening import TaskOpened
from workflows.flow.pauses import QuestionLapsed
from workflows.flow.points import DaySpared, PointsCharged
from workflows.flow.reopening import TasksRenewed
from workflows.flow.stale import DecisionVoided
from workflows.flow.verdicts import SubjectsListed
from workflows.model.fields import FieldType
from workflows.model.nodes import ApprovalNode
from workflows.moments import Moment


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """An event as an entry of the history.

    Args:
        seq: the number of the event in its case.
        who: the name of its actor.
        text: the sentence.
        quote: what the person wrote.
        kind: the group by which it is marked on a card, see `Sentence`.
        node: the id of the node that it concerns, or "".
    """

    seq: int
    at: Moment
    who: str
    text: str
    quote: str
    kind: str
    node: str
    files: tuple[FileLink, ...]


EARLIER = "…"


def tell(reading: Reading, *, only: Callable[[Event], bool] = lambda _: True) -> tuple[Told, ...]:
    """Return the history, oldest entry first.

    Events without a sentence, the numbers of facts that the reader may not see, and events for
    which `only` is false are left out.
    """
    return _told(reading, [one for one in _with_sentence(reading) if only(one[0])])


def history_lines(reading: Reading, *, most: int, until: int | None = None) -> tuple[Line, ...]:
    """Return the history as lines of a card.

    Args:
        most: how many entries are shown; the first line says how many earlier ones there are.
        until: the number of the last event that is included; by default all are.
    """
    found = _with_sentence(reading)
    found = tuple(one for one in found if until is None or one[0].seq <= until)
    shown = tuple(
        Line(when=reading.at(one.at), text=one.text, quote=one.quote)
        for one in _told(reading, found[-most:])
    )
    earlier = len(found) - len(shown)
    if not earlier:
        return shown
    return (Line(when=EARLIER, text=reading.words.n("card.history.earlier", earlier)), *shown)


def _with_sentence(reading: Reading) -> tuple[tuple[Event, Sentence], ...]:
    """Return the events that the reader sees, each with what makes its sentence."""
    shown = (event for event in reading.events if not _is_hidden(reading, event.body))
    found = ((event, _sentence(event.body)) for event in shown)
    return tuple((event, sentence) for event, sentence in found if sentence is not None)


def _told(reading: Reading, found: Sequence[tuple[Event, Sentence]]) -> tuple[Told, ...]:
    at = at_events(reading.whole)
    return tuple(_one(at(event.seq), event, sentence) for event, sentence in found)


def is_cut(lines: tuple[Line, ...]) -> bool:
    """Return whether the history on a card was shortened."""
    return bool(lines) and lines[0].when == EARLIER


def _is_hidden(reading: Reading, body: Body) -> bool:
    return isinstance(body, FactNoted | ResultNoted) and reading.hides_fact(body.fact)


def _sentence(body: Body) -> Sentence | None:
    """Return the sentence of an event; None if the history leaves the event out."""
    if isinstance(body, ClockPlanned) and body.why in ("started", "resumed", "moved"):
        begins = body.why != "moved" and kind_of(body.clock) is ClockKind.UNTIL
        return FLOW[ClockPlanned] if begins else None
    if isinstance(body, TaskTransferred) and body.why == "reassigned":
        return None  # the rung that handed it over has a sentence
    return SENTENCES[type(body)] if type(body) in SENTENCES else FLOW[type(body)]


def _one(reading: Reading, event: Event, sentence: Sentence) -> Told:
    body = event.body
    facts = {"who": reading.actor(event), **sentence.facts(reading, body)}
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
        kind=sentence.kind,
        node=task.node if task is not None else getattr(body, "node", ""),
        files=files,
    )


def _content(reading: Reading, ref: ContentRef | None) -> tuple[str, tuple[FileLink, ...]]:
    """Return what a person wrote with an event, a form as lines of its fields, and the files."""
    if ref is None:
        return "", ()
    values = reading.body_values(ref)
    ids: list[object] = []
    for field in reading.definition.every_field():
        if field.type is FieldType.FILES:
            ids.extend(reading.ids_of(values.get(field.id)))
    ids.extend(reading.ids_of(reading.body(ref).get("files")))
    return reading.written(ref), reading.links(ids)


def _opened(reading: Reading, body: TaskOpened) -> dict[str, object]:
    node = reading.node(body.node)
    people = (body.assignee,) if body.assignee else body.candidates
    fell = body.fallback and people
    return {
        "variant": _FELL.get(body.fallback, "fallback") if fell else _given(people),
        "node": node,
        "people": reading.names(people),
    }


_FELL = {  # the first two in the place of the filer
    "supervisor": "supervisor",
    "dept_head": "dept_head",
    "nobody": "step_in",
}


def _given(people: tuple[str, ...]) -> str:
    """Return the variant of the sentence: given to one person, offered to several, or to nobody."""
    return "nobody" if not people else "given" if len(people) == 1 else "offered"


def _by_rule(reading: Reading, body: DecidedByRule) -> dict[str, object]:
    task = reading.case.known_task(body.task)
    return {"node": reading.node(body.node), "outcome": reading.outcome(task)}


def _stale(reading: Reading, body: DecisionVoided) -> dict[str, object]:
    task = reading.case.known_task(body.task)
    if task.outcome == "reject":
        return {
            "variant": "rejected",
            "node": reading.node(task.node),
            "who": reading.performer(task.decided_by, on_behalf_of=task.on_behalf_of),
        }
    if not body.by:
        return {"variant": "jumped", "node": reading.node_of(body.task)}
    return {
        "variant": "changed" if body.fields else "returned",
        "node": reading.node_of(body.task),
        "fields": reading.labels(body.fields),
        "by": reading.node_of(body.by),
    }


def _completed(reading: Reading, body: TaskCompleted) -> dict[str, object]:
    task = reading.case.known_task(body.task)
    return {"node": reading.node(task.node), "outcome": reading.outcome(task)}


def _listed(reading: Reading, body: SubjectsListed) -> dict[str, object]:
    facts: dict[str, object] = {
        "node": reading.node_of(body.task),
        "subjects": reading.labels(body.subjects) or reading.words.t("verdict.none"),
    }
    if body.unchanged:
        facts |= {"variant": "unchanged", "unchanged": reading.labels(body.unchanged)}
    return facts


def _ballot_opened(reading: Reading, body: BallotOpened) -> dict[str, object]:
    node = reading.definition.node(body.node)
    assert isinstance(node, ApprovalNode), "only approvals have signers"
    rule = signers.rule_text(reading, node)
    return {"node": reading.text(node.name), "seats": len(body.seats), "rule": rule}


def _ballot_decided(reading: Reading, body: BallotDecided) -> dict[str, object]:
    seats = reading.case.ballot(body.visit)
    return {
        "node": reading.node(body.node),
        "outcome": reading.outcome_at(body.node, body.outcome),
        "counts": signers.counts(reading, seats),
    }


def _reoffered(reading: Reading, body: TaskReoffered) -> dict[str, object]:
    people = (body.assignee,) if body.assignee else body.candidates
    node = reading.node_of(body.task)
    return {"variant": _given(people), "node": node, "people": reading.names(people)}


def left_out(reading: Reading, task: Task, *, until: int) -> tuple[str, ...]:
    """Return the people who were passed over when a task was last offered, with the reasons.

    Only events up to the number `until` are considered.
    """
    offers = [
        event.body.passed_over
        for event in reading.events[:until]
        if isinstance(event.body, TaskOpened | TaskReoffered) and event.body.task == task.id
    ]
    return _passed_over(reading, offers[-1]) if offers else ()


def _passed_over(reading: Reading, out: tuple[PassedOver, ...]) -> tuple[str, ...]:
    """Return each person who was passed over with the reason, without duplicates."""
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
    return {"variant": body.why, "node": reading.node_of(body.task), "to": reading.name(body.to)}


def _routed(reading: Reading, body: RouteTaken) -> dict[str, object]:
    people = tuple(person for _, person in body.people if person)
    facts: dict[str, object] = {"node": reading.node(body.node), "to": reading.node(body.to)}
    if body.because == "limit":
        return {"variant": "limit", **facts}
    if body.because == "holds":
        return {"variant": "holds", **facts}
    if people:
        return {"variant": "people", "people": reading.names(people), **facts}
    return {"variant": "plain", **facts}


def _planned(reading: Reading, body: ClockPlanned) -> dict[str, object]:
    return {
        "variant": "until" if body.why == "started" else body.why,
        "clock": reading.clock_name(body.clock),
        "due": reading.at(body.due_at),
    }


def _noted(reading: Reading, body: FactNoted | ResultNoted) -> dict[str, object]:
    key = "amount" if isinstance(body, FactNoted) else "value"
    return {"fact": reading.fact_name(body.fact), key: reading.fact_value(fact_noted(body))}


def _voided(reading: Reading, body: FactVoided) -> dict[str, object]:
    facts = [fact for fact in reading.case.facts if fact.seq in body.facts]
    names = dict.fromkeys(fact.name for fact in facts)
    return {
        "variant": body.why,
        "fact": reading.listed(map(reading.fact_name, names)),
        "people": reading.names(dict.fromkeys(fact.subject for fact in facts)),
        "points": reading.words.n("points.amount", sum(fact.number for fact in facts) // 100),
    }


def _closed(reading: Reading, body: CaseClosed) -> Mapping[str, object]:
    """Return how the case ended; one that was opened again to be revoked is revoked."""
    revoked = body.status == "withdrawn" and reading.case.first_closed_at is not None
    if reading.case.merged_into:
        return {"variant": "merged", "into": reading.case.merged_into}
    by_admin = body.told is not UNSET
    return {"variant": "ended" if by_admin else "revoked" if revoked else body.status}


FLOW: Mapping[type[Body], Sentence | None] = {
    NodeEntered: None,  # the task that is opened has a sentence
    ClockStopped: None,  # the event that stopped it has a sentence
    TasksRenewed: None,  # so has each new task
    TaskOpened: Sentence(facts=_opened),
    TaskCompleted: Sentence(facts=_completed, kind="decision", activity=""),
    BallotOpened: Sentence(facts=_ballot_opened),
    SubjectsListed: Sentence(facts=_listed),
    BallotDecided: Sentence(facts=_ballot_decided, kind="decision"),
    AddedSignersDecided: Sentence(
        facts=lambda r, b: {"variant": b.outcome, "node": r.node_of(b.task)}, kind="decision"
    ),
    TaskReoffered: Sentence(facts=_reoffered),
    DecidedByRule: Sentence(facts=_by_rule, kind="decision", activity=""),
    DecisionVoided: Sentence(facts=_stale),
    StepInTold: Sentence(
        facts=lambda r, b: {
            "node": r.node_of(b.task),
            "people": r.names(b.people),
            "to": r.names(b.to),
        }
    ),
    TaskBlocked: Sentence(
        facts=lambda r, b: {"node": r.node_of(b.task), "people": r.names(b.to)},
    ),
    DeputyOffered: Sentence(
        facts=lambda r, b: {
            "node": r.node_of(b.task),
            "deputy": r.name(b.deputy),
            "principal": r.name(b.principal),
        }
    ),
    DeputyPassedOver: Sentence(
        facts=lambda r, b: {
            "node": r.node_of(b.task),
            "deputy": r.name(b.deputy),
            "principal": r.name(b.principal),
            "why": r.words.t(f"bar.{b.why}"),
        }
    ),
    TaskTransferred: Sentence(facts=_transferred, activity="transfer"),
    TaskCancelled: Sentence(facts=lambda r, b: {"node": r.node_of(b.task)}),
    RouteTaken: Sentence(facts=_routed),
    **BRANCHES,
    FactNoted: Sentence(facts=_noted),
    ResultNoted: Sentence(facts=_noted),
    FactVoided: Sentence(facts=_voided),
    PointsCharged: Sentence(
        facts=lambda r, b: {
            "node": r.node_of(b.task),
            "person": r.name(b.person),
            "points": r.words.n("points.amount", b.points),
            "day": r.at(b.day),
        }
    ),
    DaySpared: Sentence(
        facts=lambda r, b: {
            "node": r.node_of(b.task),
            "day": r.at(b.day),
            "why": r.words.t(f"points.spared.{b.why}"),
        }
    ),
    ClockPlanned: Sentence(facts=_planned),
    ClockPaused: Sentence(facts=lambda r, b: {"clock": r.clock_name(b.clock)}),
    QuestionLapsed: Sentence(facts=lambda _, b: {"variant": "left"} if b.why == "left" else {}),
    CopiedIn: Sentence(facts=lambda r, b: {"people": r.names(b.people)}, activity="copy"),
    CaseClosed: Sentence(facts=_closed, kind="end", activity="withdraw"),
    SurveyAsked: Sentence(facts=lambda r, b: {"to": r.name(b.to)}),
}
"""The sentences of events that several actions or a rule of the definition lead to."""
