"""Acting on a task: claim, complete, decide, return, hand over, take over, record an action.

Each verb has two halves: pressing its button (which may open a sheet) and sending the sheet.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from handlers.answers import TEXT_MOST, read_form, read_text, required_word
from handlers.conversation.interaction import Interaction, Looking
from handlers.conversation.uploads import take_files
from handlers.i18n import translator
from handlers.pages import Answer, Choice, FormSheet, Question
from handlers.sheets import form_sheet, own_sheet, person_question, text_question
from workflows.actions.claim import ClaimTask
from workflows.actions.decide import DecideTask
from workflows.actions.record import RecordAction
from workflows.actions.send_back import SendBack
from workflows.actions.take_over import TakeOver
from workflows.actions.transfer import TransferTask
from workflows.case.draft import Draft
from workflows.case.state import Case, ContentRef, Task
from workflows.case.status import Status
from workflows.definition import Action, ApprovalNode, Form, TaskNode, WorkNode
from workflows.errors import FormInvalid, Refusal
from workflows.flow import authority, offer

REASON = "reason"
_WITH_REASON = ("reject", "return")
_OUTCOMES: Mapping[str, Literal["complete", "approve", "reject", "return"]] = {
    "complete": "complete",
    "approve": "approve",
    "reject": "reject",
    "return": "return",
}


# ---------------------------------------------------------------------------- pressing


def press_claim(it: Interaction) -> Answer:
    """Take a task that was offered to several."""
    case = it.change(ClaimTask(actor=it.person, via=it.via, task=it.token.task))
    return it.done("answer.claimed", node=it.node_name(case))


def press_takeover(it: Interaction) -> Answer:
    """Take over a task that was escalated to the reader."""
    case = it.change(TakeOver(actor=it.person, via=it.via, task=it.token.task))
    return it.done("answer.taken_over", node=it.node_name(case))


def open_decide(it: Looking) -> Answer | None:
    """The form of a task or of an approval's outcome; None when there is nothing to fill in."""
    task, node = _mine(it)
    _require_actions(it, node)
    sheet = _decision_sheet(it, task, node)
    return Answer(form=sheet) if sheet is not None else None


def press_decide(it: Interaction) -> Answer:
    """Complete a task or give an approval's outcome, where there is nothing to fill in."""
    return open_decide(it) or _decide(it, None, {})


def press_act(it: Looking) -> Answer:
    """Open the form of an action inside a task."""
    action = _action(it)
    form = it.definition.forms[action.form]
    return Answer(form=_sheet(it, form, title=action.called.of(it.language)))


def press_back(it: Looking) -> Answer:
    """Open the sheet for sending the case back to an earlier step."""
    _, node = _mine(it)
    targets = [to for to in _targets(node) if it.case.visits(to)]
    if not targets:
        raise Refusal("return_not_offered")
    words = translator(it.language)
    choices = tuple(
        Choice(id=to, label=it.definition.node(to).name.of(it.language)) for to in targets
    )
    to = Question(
        id="to",
        type="choice",
        label=words.t("sheet.back.to"),
        required=True,
        choices=choices,
        value=choices[0].id if len(choices) == 1 else None,
    )
    return Answer(form=_own(it, "back", to, text_question("back", language=it.language)))


def press_transfer(it: Looking) -> Answer:
    """Open the sheet for handing the task to a colleague: to those who may have it."""
    task, _ = _mine(it)
    bars = offer.barred(offer.Place.of(task, case=it.case, world=it.world), way="handed")
    out = (it.person, *task.owners, *bars)
    to = person_question("transfer", language=it.language, directory=it.directory, leave_out=out)
    if not to.choices:
        raise Refusal("nobody_to_transfer_to")
    it.would(TransferTask(actor=it.person, via=it.via, task=task.id, to=to.choices[0].id))
    why = text_question("transfer", language=it.language, required=False)
    return Answer(form=_own(it, "transfer", to, why))


# ---------------------------------------------------------------------------- sending


def send_decide(it: Interaction, raw: Mapping[str, object]) -> Answer:
    """Complete or decide with the filled form."""
    _, node = _mine(it)
    _require_actions(it, node)
    form = _form(it, node)
    body, values = _read(it, form, raw, reason=_asks_reason(it, form))
    if form is not None:
        take_files(it.tx, form, values, person=it.person, case_id=it.case.id)
    ref = it.keep(f"form:{node.form}" if node.form is not None else REASON, body)
    return _decide(it, ref, values)


def send_act(it: Interaction, raw: Mapping[str, object]) -> Answer:
    """Record an action with its filled form."""
    action = _action(it)
    form = it.definition.forms[action.form]
    values = read_form(form, raw, directory=it.directory)
    take_files(it.tx, form, values, person=it.person, case_id=it.case.id)
    ref = it.keep(f"form:{action.form}", {"values": values})
    it.change(
        RecordAction(
            actor=it.person,
            via=it.via,
            task=it.token.task,
            action=it.token.argument,
            content=ref,
            values=values,
        )
    )
    return it.done("answer.recorded", action=action.name.of(it.language))


def send_back(it: Interaction, raw: Mapping[str, object]) -> Answer:
    """Send the case back to an earlier step."""
    to = required_word(raw.get("to"), "to")
    ref = it.keep_text(REASON, read_text(raw.get("text")))
    case = it.change(SendBack(actor=it.person, via=it.via, task=it.token.task, to=to, content=ref))
    return it.done("answer.returned", node=it.node_name(case))


def send_transfer(it: Interaction, raw: Mapping[str, object]) -> Answer:
    """Hand the task over."""
    to = required_word(raw.get("person"), "person")
    text = read_text(raw.get("text"), required=False)
    ref = it.keep_text(REASON, text) if text else None
    it.change(TransferTask(actor=it.person, via=it.via, task=it.token.task, to=to, content=ref))
    return it.done("answer.transferred", to=it.name(to))


# ---------------------------------------------------------------------------- between


def _mine(it: Looking) -> tuple[Task, WorkNode]:
    """The task behind a button, if the presser may decide it; the engine's own checks, early.

    So that nobody fills a form only to learn that it was not theirs.
    """
    draft = Draft(it.case, actor=it.person, via=it.via, values={}, world=it.world)
    task, _ = authority.require_owner(draft, it.token.task)
    return task, it.definition.work_node(task.node)


def _action(it: Looking) -> Action:
    """The action behind a button, if the step offers it and the presser has the step."""
    _, node = _mine(it)
    action = it.definition.actions.get(it.token.argument)
    if action is None or node.id not in action.nodes:
        raise Refusal("action_not_offered")
    return action


def _require_actions(it: Looking, node: WorkNode) -> None:
    """Refuse a decision while an action is missing that has to come first."""
    missing = [action for action in node.requires if action not in it.case.actions]
    if missing:
        action = it.definition.actions[missing[0]]
        raise Refusal("action_missing", action=action.called.of(it.language))


def _targets(node: WorkNode) -> tuple[str, ...]:
    return node.return_to if isinstance(node, TaskNode) else ()


def _decision_sheet(it: Looking, task: Task, node: WorkNode) -> FormSheet | None:
    form = _form(it, node)
    needs_reason = _asks_reason(it, form)
    title = it.definition.node(task.node).name.of(it.language)
    if isinstance(node, ApprovalNode):
        for name, outcome in node.outcomes.items():
            if name == it.token.verb and outcome.label is not None:
                title = outcome.label.of(it.language)
    if form is not None:
        extra = (_reason(it),) if needs_reason else ()
        own = isinstance(node, TaskNode) and node.button
        submit = own.of(it.language) if own else ""
        return _sheet(it, form, title=title, submit=submit, extra=extra)
    return _own(it, it.token.verb, _reason(it)) if needs_reason else None


def _form(it: Looking, node: WorkNode) -> Form | None:
    """The form of a node; where a reason is due, its main field is that and must be filled."""
    if node.form is None:
        return None
    form = it.definition.forms[node.form]
    if it.token.verb not in _WITH_REASON:
        return form
    fields = (f.model_copy(update={"required": True}) if f.main else f for f in form.fields)
    return form.model_copy(update={"fields": tuple(fields)})


def _asks_reason(it: Looking, form: Form | None) -> bool:
    """Whether a reason has to be asked for beside the form."""
    return it.token.verb in _WITH_REASON and (form is None or form.main_field is None)


def _reason(it: Looking) -> Question:
    return text_question(it.token.verb, language=it.language, id=REASON)


def _own(it: Looking, verb: str, *questions: Question) -> FormSheet:
    return own_sheet(
        verb,
        token=it.token,
        language=it.language,
        questions=questions,
        facts={"case": it.case.id},
    )


def _sheet(
    it: Looking,
    form: Form,
    *,
    title: str,
    submit: str = "",
    extra: tuple[Question, ...] = (),
) -> FormSheet:
    words = translator(it.language)
    return form_sheet(
        form,
        token=it.token,
        language=it.language,
        directory=it.directory,
        title=words.t("sheet.title", title=title, case=it.case.id),
        submit=submit or words.t("button.submit"),
        values={} if it.token.verb in _WITH_REASON else _again(it, form),
        extra=extra,
    )


def _again(it: Looking, form: Form) -> Mapping[str, object]:
    """What the same person filled in when they last did the same here: to be mended, not typed.

    Never what somebody else wrote, nor what was written with another outcome.
    """
    ref = _last_of(it)
    content = it.tx.contents.of_case(it.case.id).get(ref.id) if ref is not None else None
    if content is None or content.body is None or content.author != it.person:
        return {}
    values = content.body.get("values", {})
    return {field.id: values[field.id] for field in form.fields if field.id in values}


def _last_of(it: Looking) -> ContentRef | None:
    """Where the form stands that was last sent with this verb at this step."""
    verb, argument = it.token.verb, it.token.argument
    if verb == "act":
        kept = (ref for what, ref in it.case.contents if what == f"action:{argument}")
    else:
        here = it.case.task(it.token.task)
        kept = (
            task.content
            for task in it.case.tasks
            if here is not None and task.node == here.node and task.outcome == verb and task.content
        )
    return next(reversed(tuple(kept)), None)


def _read(
    it: Interaction, form: Form | None, raw: Mapping[str, object], *, reason: bool
) -> tuple[dict[str, object], dict[str, object]]:
    """The body to keep and the values for the engine, or every problem at once.

    What was left empty is empty for the engine too, whatever an earlier round said.
    """
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
    empty = dict.fromkeys(field.id for field in form.fields) if form is not None else {}
    return {**body, "values": values}, {**empty, **values}


def _decide(it: Interaction, ref: ContentRef | None, values: Mapping[str, object]) -> Answer:
    case = it.change(
        DecideTask(
            actor=it.person,
            via=it.via,
            task=it.token.task,
            outcome=_OUTCOMES[it.token.verb],
            content=ref,
            values=values,
        )
    )
    if case.status is not Status.RUNNING:
        return it.done("answer.closed", case=case.id)
    if it.token.verb == "return" and _back_at_work(it, case):
        owners = [owner for task in case.open_tasks for owner in task.owners]
        return it.done("answer.sent_back", to=it.names(owners))
    return it.done("answer.decided", next=it.node_name(case))


def _back_at_work(it: Interaction, case: Case) -> bool:
    """Whether a return led back to the work, and not on because it was the last one allowed."""
    task = case.task(it.token.task)
    if task is None:
        return False
    node = it.definition.work_node(task.node)
    outcome = node.outcomes.get("return") if isinstance(node, ApprovalNode) else None
    return outcome is not None and case.node == outcome.to
