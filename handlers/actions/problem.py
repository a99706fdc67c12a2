"""Problem: the form in which anybody who reads a case reports what is wrong with its process."""

from __future__ import annotations

from collections.abc import Iterator

from handlers.action_view import ActionView, Facts, Offered, Raw, Sentence, Standing, Verb
from handlers.answers import read_ids, read_text, required_word
from handlers.buttons import button
from handlers.interaction import UNWRITTEN, Interaction, Looking
from handlers.pages import Answer, Choice, Question
from handlers.problem_words import KIND, kind_name, kind_question
from handlers.reading.case import Reading
from handlers.sheets import text_question, verb_sheet
from workflows.actions.problem import (
    ProblemKind,
    ProblemReported,
    ReportProblem,
    may_be_reported,
    step_of,
)
from workflows.case.task import ContentRef, Task
from workflows.errors import FormInvalid, Refusal

STEP = "step"  # the id of a question


def _on_task(reading: Reading, task: Task, standing: Standing) -> Iterator[Offered]:
    if standing is not Standing.READER:
        yield Offered(button=button(reading, "problem", task=task.id))


def _on_case(reading: Reading) -> Iterator[Offered]:
    if may_be_reported(reading.case, now=reading.now):
        yield Offered(button=button(reading, "problem"))


def _open(it: Looking) -> Answer:
    it.would(_report(it, ProblemKind.OTHER, UNWRITTEN))
    text = text_question("problem", language=it.language)
    return Answer(form=verb_sheet(it, kind_question(it.words), *_which_step(it), text))


def _which_step(it: Looking) -> Iterator[Question]:
    """Yield the question for the step, if the case was at several."""
    here = step_of(it.case, it.person, task=it.token.task)
    nodes = [*dict.fromkeys((*(task.node for task in it.case.tasks), here))]
    if len(nodes) > 1:
        names = {node: it.definition.node(node).name.of(it.language) for node in nodes}
        yield Question(
            id=STEP,
            type="choice",
            label=it.words.t("sheet.problem.step"),
            required=True,
            choices=tuple(Choice(id=node, label=name) for node, name in names.items()),
            value=here,
        )


def _report(it: Looking, kind: ProblemKind, ref: ContentRef, node: str = "") -> ReportProblem:
    node = node or step_of(it.case, it.person, task=it.token.task)
    return ReportProblem(
        actor=it.person, via=it.via, kind=kind, content=ref, task=it.token.task, node=node
    )


def _send(it: Interaction, raw: Raw) -> Answer:
    typed = required_word(raw.get(KIND), KIND)
    if typed not in list(ProblemKind):
        raise FormInvalid({KIND: Refusal("not_an_option")})
    text = read_text(raw.get("text"))
    step = next(iter(read_ids(raw.get(STEP))), "")
    it.would(_report(it, ProblemKind(typed), UNWRITTEN, step))
    report = _report(it, ProblemKind(typed), it.keep_text("problem", text), step)
    it.change(report)
    node = it.definition.node(report.node).name.of(it.language)
    return it.done("answer.problem", case=it.case.id, node=node)


def _told(reading: Reading, body: ProblemReported) -> Facts:
    return {"node": reading.node(body.node), "kind": kind_name(reading.words, body.kind)}


VIEW = ActionView(
    name="problem",
    rank=95,
    verbs={"problem": Verb(opens=_open, sends=_send)},
    on_task=_on_task,
    on_case=_on_case,
    everywhere=True,
    sentences={ProblemReported: Sentence(facts=_told, kind="comment", activity="problem")},
)
