"""What cards say about cases that start each other, and the notice that one cannot be started."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from handlers.buttons import button
from handlers.cards import parts
from handlers.pages import Badge, Card, Fact, Tone
from handlers.reading.case import Reading
from workflows.case.task import Task
from workflows.flow.other_cases import OtherCaseRefused

Args = Mapping[str, str]


def facts(reading: Reading) -> Iterator[Fact]:
    """Yield the case that started this one, those that it waits for, and its duplicates."""
    words, case = reading.words, reading.case
    if case.merged_into:
        yield Fact(label=words.t("fact.merged_into"), value=case.merged_into)
    if case.merged:
        yield Fact(label=words.t("fact.merged"), value=reading.listed(case.merged))
    if case.parent is not None:
        yield Fact(label=words.t("fact.parent"), value=case.parent.case)
    if case.awaited:
        yield Fact(label=words.t("fact.other"), value=reading.listed(case.awaited))


def refused(reading: Reading, task: Task | None, args: Args) -> Card | None:
    """Return the notice that a case could not be started, for those who can resolve that."""
    body = reading.event(int(args["seq"])).body
    assert isinstance(body, OtherCaseRefused), "the notice is about a refused start"
    words, case = reading.words, reading.case
    waits = case.visit(body.visit) is not None and body.visit not in dict(case.others)
    return Card(
        kind="other_refused",
        case_id=case.id,
        title=words.t("card.other_refused", node=reading.node(body.node), case=case.id),
        badge=Badge(
            text=words.t("blocked.badge" if waits else "blocked.over"),
            tone=Tone.DANGER if waits else Tone.GOOD,
        ),
        text=words.t("other_refused.text", why=words.t(f"other.why.{body.why}")) if waits else "",
        facts=tuple(parts.subject_facts(reading)),
        buttons=(button(reading, "details"), button(reading, "comment")),
    )
