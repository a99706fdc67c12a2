"""Judge: the form of one verdict, and the button that approves everything without one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from handlers.action_view import ActionView, Offered, Raw, Sentence, Standing, Verb
from handlers.answers import TEXT_MOST, read_form, read_text, required_word
from handlers.buttons import button
from handlers.i18n import translator
from handlers.interaction import Interaction, Looking
from handlers.pages import Answer, Choice, FormSheet, Question, Tone
from handlers.reading import verdicts
from handlers.reading.case import Reading
from handlers.sheets import filled_again, step_sheet, text_question, verb_sheet
from handlers.uploads import take_files
from workflows.actions.judge import (
    WITH_REASON,
    JudgeSubjects,
    SubjectsJudged,
    VerdictOutcome,
    left,
    offered,
)
from workflows.case.status import Status
from workflows.case.task import ContentRef, Task, TaskStatus, Verdict
from workflows.errors import FormInvalid, Refusal
from workflows.flow.returning import targets
from workflows.model.definition import Definition
from workflows.model.fields import FieldType, Form
from workflows.model.nodes import ApprovalNode
from workflows.records import FORM

OUTCOME = "verdict-of"  # the question for the verdict; no field can have this id
TEXT = "text"
_ABOUT_IT = (
    "expired_not_approved",
    "missing_not_approved",
    "returns_used_up",
    "return_branch_not_taken",
)
_LABELS: Mapping[str, str] = {
    "approve": "verdict.approve",
    "reject": "verdict.reject",
    "return": "verdict.return",
}

# ---------------------------------------------------------------------------- the buttons


def _offer(reading: Reading, task: Task, standing: Standing) -> Iterator[Offered]:
    if standing is not Standing.ASSIGNEE or not task.verdicts:
        return
    waiting = left(task)
    node = reading.definition.work_node(task.node)
    if waiting and not _asks(reading.definition, node.form):
        all_of_them = len(waiting) == len(task.verdicts)
        label = reading.words.t("button.judgerest.all" if all_of_them else "button.judgerest")
        sure = reading.words.n("confirm.judgerest", len(waiting), case=reading.case.id)
        rest = button(
            reading, "judgerest", task=task.id, label=label, style="primary", confirm=sure
        )
        yield Offered(button=rest, main=True)
    yield Offered(button=button(reading, "checks", task=task.id))


def _asks(definition: Definition, form: str | None) -> bool:
    """Return whether each verdict needs something to be written."""
    return form is not None and any(field.required for field in definition.forms[form].fields)


# ---------------------------------------------------------------------------- the form


def _open(it: Looking) -> Answer:
    """Return the form of one verdict, filled in as it was given before."""
    task, node, one = _about(it)
    question = Question(
        id=OUTCOME,
        type=FieldType.CHOICE.value,
        label=translator(it.language).t("sheet.judge.verdict"),
        required=True,
        choices=_choices(it, node, task),
        value=one.outcome or None,
    )
    return Answer(form=_sheet(it, node, one, question))


def _sheet(it: Looking, node: ApprovalNode, one: Verdict, question: Question) -> FormSheet:
    subject = _label(it, one)
    own = verb_sheet(it, question, *_reason(it, node), subject=subject)
    if node.form is None:
        return own
    form = it.definition.forms[node.form]
    filled = filled_again(it, form, one.content)
    sheet = step_sheet(it, form, title=subject, values=filled, extra=_reason(it, node))
    questions = (question, *sheet.questions)
    return replace(sheet, title=own.title, intro=own.intro, submit=own.submit, questions=questions)


def _reason(it: Looking, node: ApprovalNode) -> tuple[Question, ...]:
    """Return the question for the reason, where the form of the step has no main field for it."""
    if _main(it, node) is not None:
        return ()
    return (text_question("judge", language=it.language, required=False, id=TEXT),)


def _main(it: Looking, node: ApprovalNode) -> str | None:
    form = it.definition.forms[node.form] if node.form is not None else None
    main = form.main_field if form is not None else None
    return main.id if main is not None else None


def _choices(it: Looking, node: ApprovalNode, task: Task) -> tuple[Choice, ...]:
    words = translator(it.language)
    may_return = bool(targets(it.definition, it.case, task))
    return tuple(
        Choice(id=name, label=words.t(_LABELS[name]))
        for name in offered(node, task)
        if name != "return" or may_return
    )


def _about(it: Looking) -> tuple[Task, ApprovalNode, Verdict]:
    """Return the task of the token, its node, and the verdict that the token refers to."""
    task, node = it.own_task()
    index = int(it.token.argument) if it.token.argument.isdecimal() else len(task.verdicts)
    if not isinstance(node, ApprovalNode) or index >= len(task.verdicts):
        raise Refusal("subject_unknown")
    return task, node, task.verdicts[index]


def _label(it: Looking, one: Verdict) -> str:
    field = it.definition.field(one.subject)
    assert field is not None, "lint refuses a list of anything else"
    return field.label.of(it.language)


# ---------------------------------------------------------------------------- judging


def _send(it: Interaction, raw: Raw) -> Answer:
    """Give one verdict with the submitted form."""
    task, node, one = _about(it)
    chosen = required_word(raw.get(OUTCOME), OUTCOME)
    outcome = next((name for name in offered(node, task) if name == chosen), None)
    if outcome is None:
        raise FormInvalid({OUTCOME: Refusal("not_an_option")})
    body = _finding(it, node, raw, needed=outcome in WITH_REASON)
    kind = FORM + node.form if node.form is not None else TEXT
    try:
        return _judge(it, (one.subject,), outcome, it.keep(kind, body) if body else None)
    except Refusal as refusal:
        if refusal.code in _ABOUT_IT:
            raise FormInvalid({OUTCOME: refusal}) from None
        raise


def _finding(it: Interaction, node: ApprovalNode, raw: Raw, *, needed: bool) -> dict[str, object]:
    """Validate what was written with a verdict and return the body to store; empty if nothing."""
    body: dict[str, object] = {}
    main = _main(it, node)
    if node.form is not None:
        form = _with_reason(it.definition.forms[node.form], main) if needed else None
        form = form or it.definition.forms[node.form]
        values = read_form(form, raw, world=it.world)
        take_files(it.tx, form, values, person=it.person, case_id=it.case.id)
        body = {"values": values} if values else {}
    if main is None:
        text = read_text(raw.get(TEXT), most=TEXT_MOST, required=needed)
        body |= {"text": text} if text else {}
    return body


def _with_reason(form: Form, main: str | None) -> Form:
    fields = (
        field.model_copy(update={"required": True}) if field.id == main else field
        for field in form.fields
    )
    return form.model_copy(update={"fields": tuple(fields)})


def _approve_rest(it: Interaction) -> Answer:
    """Approve everything that has no verdict yet."""
    return _judge(it, (), "approve", None)


def _judge(
    it: Interaction,
    subjects: tuple[str, ...],
    outcome: VerdictOutcome,
    ref: ContentRef | None,
) -> Answer:
    case = it.change(
        JudgeSubjects(
            actor=it.person,
            via=it.via,
            task=it.token.task,
            subjects=subjects,
            outcome=outcome,
            content=ref,
        )
    )
    task = case.known_task(it.token.task)
    if case.status is not Status.RUNNING:
        return it.ended(case)
    if task.status is not TaskStatus.OPEN:
        return it.decided(case)
    text = translator(it.language).n("answer.judged", len(left(task)))
    return Answer(text=text, tone=Tone.GOOD, case_id=case.id)


def _told(reading: Reading, body: SubjectsJudged) -> dict[str, object]:
    return {
        "node": reading.node_of(body.task),
        "subjects": reading.labels(body.subjects),
        "verdict": verdicts.outcome(reading, body.outcome),
    }


VIEW = ActionView(
    name="judge",
    rank=41,
    verbs={"judge": Verb(opens=_open, sends=_send), "judgerest": Verb(acts=_approve_rest)},
    on_task=_offer,
    sentences={SubjectsJudged: Sentence(facts=_told, kind="decision", activity="judge")},
)
