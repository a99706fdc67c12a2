"""Cards about a case as a whole: the filer's own, a copy, the closing, the survey."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from handlers.buttons import button
from handlers.cards import parts
from handlers.choices import case_choices, choice, task_choices
from handlers.documents.papers import links
from handlers.history import history_lines, is_cut
from handlers.pages import Badge, Button, Card, Fact, Tone
from handlers.reading.case import Reading
from workflows.actions.score import BEST, WORST
from workflows.case.events import SYSTEM
from workflows.case.state import ClockStatus, Task
from workflows.case.status import Status
from workflows.flow.entering import CopiedIn

Args = Mapping[str, str]


def status_badge(reading: Reading) -> Badge:
    """Where a case stands, in a word."""
    status = reading.case.status
    late = any(
        clock.status is ClockStatus.RUNNING and clock.due_at <= reading.now
        for clock in reading.case.clocks
    )
    if status is Status.RUNNING and late:
        return Badge(text=reading.words.t("task.overdue"), tone=Tone.DANGER)
    tone = {Status.RUNNING: Tone.INFO, Status.COMPLETED: Tone.GOOD}.get(status, Tone.NEUTRAL)
    return Badge(text=reading.words.t(f"status.{status.value}"), tone=tone)


def case_card(reading: Reading, task: Task | None, args: Args) -> Card | None:
    """The filer's card: where the case stands, who has it, what the filer can do."""
    main, more = case_choices(reading)
    return Card(
        kind="case",
        case_id=reading.case.id,
        title=reading.words.t("card.case", process=reading.title, case=reading.case.id),
        badge=status_badge(reading),
        facts=tuple(standing_facts(reading)),
        quote=parts.what_happened(reading),
        files=parts.start_files(reading),
        buttons=(*main, button(reading, "details")),
        more=more,
        note=reading.words.t("note.filed", when=reading.at(reading.case.created_at)),
    )


def standing_facts(reading: Reading) -> Iterator[Fact]:
    """Where a case stands: step, who has it, clocks, grades."""
    words, case = reading.words, reading.case
    if case.status is Status.RUNNING:
        yield Fact(label=words.t("fact.step"), value=reading.node(case.node))
        yield Fact(label=words.t("fact.has_it"), value=parts.has_it(reading, case.open_tasks))
        yield from parts.case_clock_facts(reading)
    yield from parts.triage_facts(reading)
    yield from parts.form_facts(reading, reading.definition.start_form)


def copied(reading: Reading, task: Task | None, args: Args) -> Card | None:
    """A copy for somebody who reads along."""
    event = reading.event(int(args["seq"]))
    assert isinstance(event.body, CopiedIn), "a copy card is about copying in"
    by_rule = event.actor == SYSTEM
    words = reading.words
    return Card(
        kind="copied",
        case_id=reading.case.id,
        title=words.t("card.copied", process=reading.title, case=reading.case.id),
        badge=status_badge(reading),
        text=words.t("copied.rule") if by_rule else words.t("copied.by", who=reading.actor(event)),
        facts=tuple(standing_facts(reading)),
        quote=parts.what_happened(reading),
        files=parts.start_files(reading),
        buttons=(button(reading, "details"), button(reading, "comment")),
        more=choice(reading, "watch"),
        note=reading.body_text(event.body.content),
    )


def closed(reading: Reading, task: Task | None, args: Args) -> Card | None:
    """The case ended: how, how long it took, and its document."""
    case, words = reading.case, reading.words
    took = reading.length((case.closed_at or reading.now) - case.created_at)
    clocks = [
        Fact(
            label=reading.clock_name(clock.key),
            value=words.t("clock.met" if clock.met else "clock.missed"),
            tone=Tone.GOOD if clock.met else Tone.DANGER,
        )
        for clock in reading.clocks
        if ":" not in clock.key and clock.met is not None
    ]
    return Card(
        kind="closed",
        case_id=case.id,
        title=words.t(
            "card.closed",
            status=words.t(f"status.{case.status.value}"),
            process=reading.title,
            case=case.id,
        ),
        badge=status_badge(reading),
        facts=(
            Fact(label=words.t("fact.took"), value=took),
            *clocks,
            *parts.triage_facts(reading),
            *parts.subject_facts(reading),
        ),
        files=links(reading),
        buttons=(button(reading, "details"),),
        more=(button(reading, "comment"), *choice(reading, "watch")),
    )


def survey(reading: Reading, task: Task | None, args: Args) -> Card | None:
    """How satisfied is the filer? Five buttons, or the score that was given."""
    asked, rule = reading.case.survey, reading.definition.survey
    if asked is None or rule is None:
        return None
    words = reading.words
    given = asked.score is not None
    return Card(
        kind="survey",
        case_id=reading.case.id,
        title=words.t("card.survey", case=reading.case.id),
        badge=Badge(text=words.t("survey.thanks"), tone=Tone.GOOD) if given else None,
        text=reading.text(rule.question),
        facts=(Fact(label=words.t("fact.score"), value=words.t("survey.score", score=asked.score)),)
        if given
        else (),
        quote=reading.body_text(asked.content) if given else "",
        buttons=()
        if given
        else tuple(
            button(reading, "score", argument=str(score), label=words.t(f"button.score.{score}"))
            for score in range(WORST, BEST + 1)
        ),
        note=reading.text(rule.hint) if rule.hint is not None and not given else "",
    )


def details(reading: Reading) -> Card:
    """One case, whole: where it stands and its history, for anybody who may read it."""
    lines = history_lines(reading, most=parts.HISTORY_MOST)
    over = reading.case.status is not Status.RUNNING
    mine, rarer = _task_buttons(reading)
    main, more = case_choices(reading)
    return Card(
        kind="details",
        case_id=reading.case.id,
        title=reading.words.t("card.case", process=reading.title, case=reading.case.id),
        badge=status_badge(reading),
        facts=(
            *standing_facts(reading),
            Fact(label=reading.words.t("fact.filer"), value=reading.name(reading.case.filer)),
        ),
        quote=parts.what_happened(reading),
        lines_title=reading.words.t("card.history"),
        lines=lines,
        files=(*parts.start_files(reading), *(links(reading) if over or is_cut(lines) else ())),
        buttons=(*mine, *main),
        more=(*rarer, *more),
    )


_ON_EVERY_CASE = ("comment", "watch", "unwatch", "details")


def _task_buttons(reading: Reading) -> tuple[tuple[Button, ...], tuple[Button, ...]]:
    """What the reader can do with the open tasks; what the card has anyway is left out."""
    on_card: list[Button] = []
    rarer: list[Button] = []
    for task in reading.case.open_tasks:
        buttons, more = task_choices(reading, task)
        on_card.extend(button for button in buttons if button.verb != "comment")
        rarer.extend(button for button in more if button.verb not in _ON_EVERY_CASE)
    return tuple(on_card), tuple(rarer)
