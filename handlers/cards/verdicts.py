"""Makes the notices about decisions by rule, void ones, late tasks, and those of added signers."""

from __future__ import annotations

from collections.abc import Mapping

from handlers.buttons import button
from handlers.cards import parts
from handlers.choices import task_choices
from handlers.history import tell
from handlers.pages import Badge, Card, Fact, Tone
from handlers.reading import standing
from handlers.reading.case import Reading
from workflows.actions.advise import AdviceGiven
from workflows.case.task import Task, TaskStatus
from workflows.flow.adding import AddedSignersDecided
from workflows.flow.offering import StepInTold
from workflows.flow.rung_effects import ReassignmentDue
from workflows.flow.stale import DecisionVoided

Args = Mapping[str, str]


def by_rule(reading: Reading, task: Task | None, args: Args) -> Card | None:
    """Return the notice to a process owner that a rule decided, because nobody was named."""
    assert task is not None, "a rule decides a task"
    words = reading.words
    return _card(
        reading,
        task,
        kind="by_rule",
        badge=Badge(text=reading.outcome(task), tone=Tone.WARN),
        text=words.t("by_rule.text", node=reading.node(task.node)),
    )


def step_in(reading: Reading, task: Task | None, args: Args) -> Card | None:
    """Return the notice to a process owner that others have a task, because nobody was found."""
    assert task is not None, "somebody steps in on a task"
    body = reading.event(int(args["seq"])).body
    assert isinstance(body, StepInTold), "the notice is about one"
    words = reading.words
    return _card(
        reading,
        task,
        kind="step_in",
        badge=Badge(text=words.t("step_in.badge"), tone=Tone.WARN),
        text=words.t(
            f"step_in.{body.fallback}",
            node=reading.node(task.node),
            people=reading.names(body.people),
        ),
    )


def voided(reading: Reading, task: Task | None, args: Args) -> Card | None:
    """Return the notice to whoever decided that their decision counts no more."""
    assert task is not None, "a decision is that of a task"
    body = reading.event(int(args["seq"])).body
    assert isinstance(body, DecisionVoided), "the notice is about one"
    words = reading.words
    return _card(
        reading,
        task,
        kind="voided",
        badge=Badge(text=words.t("voided.badge"), tone=Tone.WARN),
        text=_why_void(reading, task, body),
    )


def timed_out(reading: Reading, task: Task | None, args: Args) -> Card | None:
    """Return the notice to whoever had a task that the system decided it, because it was late."""
    assert task is not None, "a rung decides a task"
    words = reading.words
    return _card(
        reading,
        task,
        kind="timed_out",
        badge=Badge(text=words.t("timed_out.badge"), tone=Tone.WARN),
        text=words.t("timed_out.text", node=reading.node(task.node)),
    )


def reassigned(reading: Reading, task: Task | None, args: Args) -> Card | None:
    """Return the notice to whoever had a task that it was late and somebody else has it now."""
    assert task is not None, "a rung hands a task over"
    body = reading.event(int(args["seq"])).body
    assert isinstance(body, ReassignmentDue), "the notice is about one"
    assert body.to is not None, "who had it is told of who has it now"
    words = reading.words
    return _card(
        reading,
        task,
        kind="reassigned",
        badge=Badge(text=words.t("task.moved"), tone=Tone.WARN),
        text=words.t("reassigned.text", node=reading.node(task.node), to=reading.name(body.to)),
    )


def _why_void(reading: Reading, task: Task, body: DecisionVoided) -> str:
    node = reading.node(task.node)
    if not body.fields:
        return reading.words.t("voided.rejected", node=node)
    by, fields = reading.node_of(body.by), reading.labels(body.fields)
    return reading.words.t("voided.text", node=node, by=by, fields=fields)


def back(reading: Reading, task: Task | None, args: Args) -> Card | None:
    """Return the notice to the owner of an approval that added signers passed, or gave advice."""
    assert task is not None, "an approval comes back"
    event, words = reading.event(int(args["seq"])), reading.words
    body = event.body
    assert isinstance(body, AddedSignersDecided | AdviceGiven), "the notice is about one of them"
    last = reading.case.known_task(body.by if isinstance(body, AddedSignersDecided) else body.task)
    who = reading.performer(last.decided_by, on_behalf_of=last.on_behalf_of)
    buttons, more = task_choices(reading, task)
    text = "back.text" if task.status is TaskStatus.OPEN else "back.said"
    return Card(
        kind="back",
        case_id=reading.case.id,
        title=words.t("card.back", node=reading.node(task.node), case=reading.case.id),
        badge=parts.task_badge(reading, task),
        text=words.t(text, who=who, what=reading.outcome(last)),
        facts=(*parts.signers_facts(reading, task.visit), *parts.subject_facts(reading)),
        quote=reading.written(last.content),
        buttons=buttons,
        more=more,
        note=parts.task_note(reading, task),
    )


def administered(reading: Reading, task: Task | None, args: Args) -> Card | None:
    """Return the notice about what an administrator did, with the reason."""
    seq, words = int(args["seq"]), reading.words
    told = tell(reading, only=lambda event: event.seq == seq)
    return Card(
        kind="administered",
        case_id=reading.case.id,
        title=words.t("card.administered", case=reading.case.id),
        badge=Badge(text=words.t("administered.badge"), tone=Tone.WARN),
        text="\n".join(one.text for one in told),
        quote="\n".join(one.quote for one in told),
        facts=tuple(parts.subject_facts(reading)),
        buttons=(button(reading, "details"), button(reading, "comment")),
    )


def _card(reading: Reading, task: Task, *, kind: str, badge: Badge, text: str) -> Card:
    words = reading.words
    return Card(
        kind=kind,
        case_id=reading.case.id,
        title=words.t(f"card.{kind}", node=reading.node(task.node), case=reading.case.id),
        badge=badge,
        text=text,
        facts=(
            *parts.subject_facts(reading),
            Fact(label=words.t("fact.filer"), value=standing.filer(reading)),
        ),
        buttons=(button(reading, "details"), button(reading, "comment", task=task.id)),
        note=parts.task_note(reading, task),
    )
