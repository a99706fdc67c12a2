"""Acting on a task: claim, complete, decide, return, hand over, take over, record an action.

Each verb has two halves: pressing its button (which may open a sheet) and sending the sheet.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from handlers import casework
from handlers.answers import TEXT_MOST, read_form, read_text
from handlers.cards.model import Answer, Choice, FormSheet, Question, Tone
from handlers.contents import keep
from handlers.i18n import translator
from handlers.interaction import Interaction
from handlers.sheets import form_sheet, own_sheet, person_question, text_question
from handlers.uploads import take_files
from workflows import commands as cmd
from workflows.definition import ApprovalNode, Form, TaskNode, WorkNode
from workflows.engine import authority
from workflows.engine.draft import Draft
from workflows.errors import FormInvalid, Refusal
from workflows.events import ContentRef
from workflows.state import Case, Task

REASON = "reason"
_OUTCOMES: Mapping[str, Literal["complete", "approve", "reject", "return"]] = {
    "complete": "complete",
    "approve": "approve",
    "reject": "reject",
    "return": "return",
}


# ---------------------------------------------------------------------------- pressing


def press_claim(it: Interaction) -> Answer:
    """Take a task that was offered to several."""
    case = it.change(cmd.ClaimTask(actor=it.person, via=it.via, task=it.token.task))
    return it.done("answer.claimed", node=it.node_name(case))


def press_takeover(it: Interaction) -> Answer:
    """Take over a task that was escalated to the reader."""
    case = it.change(cmd.TakeOver(actor=it.person, via=it.via, task=it.token.task))
    return it.done("answer.taken_over", node=it.node_name(case))


def press_decide(it: Interaction) -> Answer:
    """Complete a task or give an approval's outcome: opens the form, if there is one to fill."""
    case, task, node = _mine(it)
    missing = [action for action in node.requires if action not in case.actions]
    if missing:
        action = it.definition(case).actions[missing[0]]
        raise Refusal("action_missing", action=action.name.of(it.language))
    sheet = _decision_sheet(it, case, task, node)
    if sheet is None:
        return _decide(it, case, None, {})
    return Answer(form=sheet)


def press_act(it: Interaction) -> Answer:
    """Open the form of an action inside a task."""
    case, _, node = _mine(it)
    action = it.definition(case).actions.get(it.token.argument)
    if action is None or node.id not in action.nodes:
        raise Refusal("action_not_offered")
    form = it.definition(case).forms[action.form]
    return Answer(form=_sheet(it, case, form, title=action.name.of(it.language)))


def press_back(it: Interaction) -> Answer:
    """Open the sheet for sending the case back to an earlier step."""
    case, _, node = _mine(it)
    targets = [to for to in _targets(node) if case.visits(to)]
    if not targets:
        raise Refusal("return_not_offered")
    definition = it.definition(case)
    words = translator(it.language)
    choices = tuple(Choice(id=to, label=definition.node(to).name.of(it.language)) for to in targets)
    to = Question(
        id="to",
        type="choice",
        label=words.t("sheet.back.to"),
        required=True,
        choices=choices,
        value=choices[0].id if len(choices) == 1 else None,
    )
    questions = (to, text_question("back", language=it.language))
    return Answer(form=own_sheet("back", token=it.token, language=it.language, questions=questions))


def press_transfer(it: Interaction) -> Answer:
    """Open the sheet for handing the task to a colleague."""
    case, task, _ = _mine(it)
    out = (it.person, case.filer, *task.owners)
    questions = (
        person_question("transfer", language=it.language, directory=it.directory, leave_out=out),
        text_question("transfer", language=it.language, required=False),
    )
    return Answer(
        form=own_sheet("transfer", token=it.token, language=it.language, questions=questions)
    )


# ---------------------------------------------------------------------------- sending


def send_decide(it: Interaction, raw: Mapping[str, object]) -> Answer:
    """Complete or decide with the filled form."""
    case = it.case()
    task = case.task(it.token.task)
    if task is None:
        raise Refusal("task_unknown")
    node = it.definition(case).work_node(task.node)
    form = it.definition(case).forms[node.form] if node.form is not None else None
    body, values = _read(it, form, raw, reason=it.token.verb in ("reject", "return"))
    if form is not None:
        take_files(it.tx, form, values, person=it.person, case_id=case.id)
    content = keep(
        it.tx,
        it.office,
        case_id=case.id,
        kind=f"form:{node.form}" if node.form is not None else REASON,
        author=it.person,
        body=body,
    )
    return _decide(it, case, content.ref, values)


def send_act(it: Interaction, raw: Mapping[str, object]) -> Answer:
    """Record an action with its filled form."""
    case = it.case()
    action = it.definition(case).actions.get(it.token.argument)
    if action is None:
        raise Refusal("action_not_offered")
    form = it.definition(case).forms[action.form]
    values = read_form(form, raw, directory=it.directory)
    take_files(it.tx, form, values, person=it.person, case_id=case.id)
    content = keep(
        it.tx,
        it.office,
        case_id=case.id,
        kind=f"form:{action.form}",
        author=it.person,
        body={"values": values},
    )
    it.change(
        cmd.RecordAction(
            actor=it.person,
            via=it.via,
            task=it.token.task,
            action=it.token.argument,
            content=content.ref,
            values=values,
        )
    )
    return it.done("answer.recorded", action=action.name.of(it.language))


def send_back(it: Interaction, raw: Mapping[str, object]) -> Answer:
    """Send the case back to an earlier step."""
    to = str(raw.get("to") or "")
    if not to:
        raise FormInvalid({"to": Refusal("field_required")})
    ref = it.keep_text(REASON, read_text(raw.get("text")))
    case = it.change(
        cmd.ReturnTask(actor=it.person, via=it.via, task=it.token.task, to=to, content=ref)
    )
    return it.done("answer.returned", node=it.node_name(case))


def send_transfer(it: Interaction, raw: Mapping[str, object]) -> Answer:
    """Hand the task over."""
    to = str(raw.get("person") or "")
    if not to:
        raise FormInvalid({"person": Refusal("field_required")})
    text = read_text(raw.get("text"), required=False)
    ref = it.keep_text(REASON, text) if text else None
    it.change(cmd.TransferTask(actor=it.person, via=it.via, task=it.token.task, to=to, content=ref))
    return it.done("answer.transferred", to=it.name(to))


# ---------------------------------------------------------------------------- between


def _mine(it: Interaction) -> tuple[Case, Task, WorkNode]:
    """The task behind a button, if the presser may decide it; the engine's own checks, early.

    So that nobody fills a form only to learn that it was not theirs.
    """
    case = it.case()
    draft = Draft(case, cmd.ClaimTask(actor=it.person, via=it.via, task=""), it.world(case))
    task = authority.require_open(draft, it.token.task)
    authority.require_owner(draft, task)
    return case, task, it.definition(case).work_node(task.node)


def _targets(node: WorkNode) -> tuple[str, ...]:
    return node.return_to if isinstance(node, TaskNode) else ()


def _decision_sheet(it: Interaction, case: Case, task: Task, node: WorkNode) -> FormSheet | None:
    needs_reason = it.token.verb in ("reject", "return")
    definition = it.definition(case)
    title = definition.node(task.node).name.of(it.language)
    if isinstance(node, ApprovalNode):
        for name, outcome in node.outcomes.items():
            if name == it.token.verb and outcome.label is not None:
                title = outcome.label.of(it.language)
    if node.form is not None:
        extra = (_reason(it),) if needs_reason else ()
        return _sheet(it, case, definition.forms[node.form], title=title, extra=extra)
    if needs_reason:
        return own_sheet(
            it.token.verb,
            token=it.token,
            language=it.language,
            questions=(_reason(it),),
        )
    return None


def _reason(it: Interaction) -> Question:
    return text_question(it.token.verb, language=it.language, id=REASON)


def _sheet(
    it: Interaction, case: Case, form: Form, *, title: str, extra: tuple[Question, ...] = ()
) -> FormSheet:
    words = translator(it.language)
    return form_sheet(
        form,
        token=it.token,
        language=it.language,
        directory=it.directory,
        title=words.t("sheet.title", title=title, case=case.id),
        submit=words.t("button.submit"),
        values={} if extra else _again(it, case, form),
        extra=extra,
    )


def _again(it: Interaction, case: Case, form: Form) -> Mapping[str, object]:
    """What was filled in an earlier round, so that it is mended and not typed again."""
    known = it.world(case).values
    return {field.id: known[field.id] for field in form.fields if field.id in known}


def _read(
    it: Interaction, form: Form | None, raw: Mapping[str, object], *, reason: bool
) -> tuple[dict[str, object], dict[str, object]]:
    """The body to keep and the values for the engine, or every problem at once."""
    problems: dict[str, Refusal] = {}
    values: dict[str, object] = {}
    body: dict[str, object] = {}
    if form is not None:
        try:
            values = read_form(form, raw, directory=it.directory)
        except FormInvalid as invalid:
            problems.update(invalid.problems)
    if reason:
        try:
            body["text"] = read_text(raw.get(REASON), most=TEXT_MOST)
        except FormInvalid as invalid:
            problems[REASON] = invalid.problems["text"]
    if problems:
        raise FormInvalid(problems)
    return {**body, "values": values}, values


def _decide(
    it: Interaction, case: Case, ref: ContentRef | None, values: Mapping[str, object]
) -> Answer:
    outcome = _OUTCOMES[it.token.verb]
    new = casework.change(
        it.tx,
        it.office,
        cmd.CompleteTask(
            actor=it.person,
            via=it.via,
            task=it.token.task,
            outcome=outcome,
            content=ref,
            values=values,
        ),
        case_id=case.id,
    )
    return Answer(
        text=translator(it.language).t("answer.decided", next=it.node_name(new)), tone=Tone.GOOD
    )
