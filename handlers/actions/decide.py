"""Decide: the buttons of a task or an approval, the form of the step, and the reason."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from handlers.action_view import ActionView, Offered, Raw, Standing, Verb
from handlers.answers import TEXT_MOST, read_form, read_text, required_words
from handlers.buttons import Style, button
from handlers.changing.conversation import drop_draft, keep_draft, shown
from handlers.changing.draft import PROCESS, begun, note, offers
from handlers.i18n import translator
from handlers.interaction import Interaction, Looking
from handlers.mails import notices
from handlers.pages import Answer, Button, Choice, FormSheet, Question
from handlers.reading.case import Reading
from handlers.sheets import (
    filled_again,
    step_sheet,
    target_question,
    text_question,
    verb_sheet,
)
from handlers.uploads import take_files
from workflows.actions.decide import (
    OUTCOMES,
    WITH_REASON,
    DecideTask,
    offered,
)
from workflows.case.state import Case
from workflows.case.status import Status
from workflows.case.task import ContentRef, Task
from workflows.errors import FormInvalid, Refusal
from workflows.flow.entering import Outcome, missing_actions
from workflows.flow.returning import return_of, targets
from workflows.model.fields import Form
from workflows.model.nodes import ApprovalNode, TaskNode, WorkNode
from workflows.records import FORM

REASON = "reason"
TARGET = "return-to"  # the question for the steps to return to; no field can have this id
_OUTCOMES: Mapping[str, Outcome] = {outcome: outcome for outcome in OUTCOMES}

# ---------------------------------------------------------------------------- the buttons


def _offer(reading: Reading, task: Task, standing: Standing) -> Iterator[Offered]:
    if reading.case.process == PROCESS and not task.parent:
        yield from offers(reading, task, standing)
    if standing is Standing.ASSIGNEE:
        yield from (Offered(button=one, main=True) for one in _buttons(reading, task))


def _buttons(reading: Reading, task: Task) -> Iterator[Button]:
    node = reading.definition.work_node(task.node)
    if isinstance(node, ApprovalNode):
        for name in offered(node, task):
            outcome = node.outcome(name)
            if name == "return" and not targets(reading.definition, reading.case, task):
                continue
            own = outcome.label
            label = reading.text(own) if own is not None else reading.words.t(f"button.{name}")
            style: Style = "primary" if name == "approve" else "danger"
            sure = _sure(reading, node, name, label)
            yield button(reading, name, task=task.id, label=label, style=style, confirm=sure)
        return
    waits = missing_actions(node, reading.case, task)
    label = completing(node, language=reading.language)
    style = "default" if waits else "primary"
    sure = _sure(reading, node, "complete", label)
    yield button(reading, "complete", task=task.id, label=label, style=style, confirm=sure)


def completing(node: TaskNode, *, language: str) -> str:
    """Return the label of the button that completes a task, from the definition if it has one."""
    if node.button is not None:
        return node.button.of(language)
    return translator(language).t("button.submit" if node.form else "button.complete")


def _sure(reading: Reading, node: WorkNode, verb: str, label: str) -> str:
    """Return the question to confirm a decision for which no form opens; "" if one opens."""
    if node.form is not None or verb in WITH_REASON:
        return ""
    sure = reading.words.t(
        "confirm.decision", label=label, node=reading.text(node.name), case=reading.case.id
    )
    if not reading.definition.mails:
        return sure
    on = f"{node.id}.{verb}"
    mails = notices(reading.world, reading.case, on=on, form=None, language=reading.language)
    return "\n".join(filter(None, (sure, mails)))


# ---------------------------------------------------------------------------- the form


def _open(it: Looking) -> Answer | None:
    """Return the form of a task or of an approval's outcome; None if there is none to fill in."""
    task, node = it.own_task()
    _require_actions(it, task, node)
    sheet = _sheet(it, task, node)
    return Answer(form=sheet) if sheet is not None else None


def _require_actions(it: Looking, task: Task, node: WorkNode) -> None:
    """Raise Refusal if an action is missing that must be recorded before the decision."""
    missing = missing_actions(node, it.case, task)
    if missing:
        action = it.definition.actions[missing[0]]
        raise Refusal("action_missing", action=action.called.of(it.language))


def _sheet(it: Looking, task: Task, node: WorkNode) -> FormSheet | None:
    form, verb = _form(it, node, task), it.token.verb
    extra = (*_where_to(it, task), *((_reason(it),) if _asks_reason(it, form) else ()))
    if form is None:
        return verb_sheet(it, *extra) if extra else None
    title = it.definition.node(task.node).name.of(it.language)
    if isinstance(node, ApprovalNode):
        for name, outcome in node.outcomes.items():
            if name == verb and outcome.label is not None:
                title = outcome.label.of(it.language)
    own = isinstance(node, TaskNode) and node.button
    return step_sheet(
        it,
        form,
        title=title,
        submit=own.of(it.language) if own else "",
        values={}
        if verb in WITH_REASON
        else {
            **(begun(it) if it.case.process == PROCESS else {}),
            **filled_again(it, form, _last(it, task)),
            **_editable_values(it, node, task),
        },
        extra=extra,
        on=f"{task.node}.{verb}",
    )


def _last(it: Looking, here: Task) -> ContentRef | None:
    """Return the reference to the latest form that was submitted with this verb at this step.

    Among several signers and for added ones it is the latest of this person: nobody signs the
    opinion of another. A step that asks for the start form again begins with what was filed.
    """
    kept = tuple(
        task.content
        for task in it.case.tasks
        if task.node == here.node and task.outcome == it.token.verb and task.content
        if not (here.seat or here.parent or task.parent)
        or it.person in (task.decided_by, task.on_behalf_of)
    )
    start = it.definition.start_form
    if not kept and it.definition.work_node(here.node).form == start:
        forms = it.tx.contents.forms_of(it.case.id).values()
        kept = tuple(content.ref for content in forms if content.kind == FORM + start)
    return kept[-1] if kept else None


def _form(it: Looking, node: WorkNode, task: Task) -> Form | None:
    """Return the form of a node. If a reason is required, its main field becomes required.

    An added signer gives an opinion with it, and changes no field of another form.
    """
    if node.form is None:
        return None
    form = _alone(it, node, task)
    if it.token.verb not in WITH_REASON:
        return form if task.parent else _with_editable(it, form, node)
    fields = (f.model_copy(update={"required": True}) if f.main else f for f in form.fields)
    return form.model_copy(update={"fields": tuple(fields)})


def _alone(it: Looking, node: WorkNode, task: Task) -> Form:
    """Return the form of a node; with `only`, of it the certificate of the task's branch."""
    assert node.form is not None, "asked before"
    form, branch = it.definition.forms[node.form], it.case.started(task.spot)
    if not (isinstance(node, TaskNode) and node.only and branch and branch.opened):
        return form
    fields = form.about(branch.opened.subject)
    return form.model_copy(update={"fields": fields}) if fields else form


def _with_editable(it: Looking, form: Form, node: WorkNode) -> Form:
    """Return the form with the fields of other forms that its people change, asked as there."""
    own = {field.id for field in form.fields}
    found = (field for name in node.editable for field in it.definition.asked_as(name))
    fields = tuple(
        field.model_copy(update={"main": False, "when": None})
        for field in found
        if field.id not in own
    )
    return form.model_copy(update={"fields": (*form.fields, *fields)}) if fields else form


def _editable_values(it: Looking, node: WorkNode, task: Task) -> Mapping[str, object]:
    names = () if task.parent else it.definition.with_expiries(node.editable)
    return {name: it.world.values[name] for name in names if name in it.world.values}


def _asks_reason(it: Looking, form: Form | None) -> bool:
    """Return whether the form needs a further question for the reason."""
    return it.token.verb in WITH_REASON and (form is None or form.main_field is None)


def _where_to(it: Looking, task: Task) -> tuple[Question, ...]:
    """Return the question for the steps to return to, where there are several."""
    if it.token.verb != "return" or not _several(it, task):
        return ()
    found = targets(it.definition, it.case, task)
    choices = [Choice(id=to, label=it.definition.node(to).name.of(it.language)) for to in found]
    outcome, hint = return_of(it.definition, task), "sheet.return.several"
    named = outcome is not None and outcome.label is not None  # such as “Prolong or change”
    label = "sheet.return.on" if named else "sheet.return.to"
    return (target_question(it, choices, id=TARGET, label=label, hint=hint),)


def _several(it: Looking, task: Task) -> bool:
    outcome = return_of(it.definition, task)
    return outcome is not None and len(outcome.to) > 1


def _reason(it: Looking) -> Question:
    return text_question(it.token.verb, language=it.language, id=REASON)


# ---------------------------------------------------------------------------- deciding


def _act(it: Interaction) -> Answer:
    """Decide a task that needs no form; otherwise return the form."""
    return _open(it) or _decide(it, None, {})


def _send(it: Interaction, raw: Raw) -> Answer:
    """Decide a task with the submitted form."""
    task, node = it.own_task()
    _require_actions(it, task, node)
    form = _form(it, node, task)
    body, values = _read(it, form, raw, reason=_asks_reason(it, form))
    if form is not None:
        take_files(it.tx, form, values, person=it.person, case_id=it.case.id)
    to: tuple[str, ...] = ()
    if it.token.verb == "return" and _several(it, task):
        to = required_words(raw.get(TARGET), TARGET)
    ref = it.keep(FORM + node.form if node.form is not None else REASON, body)
    return _decide(it, ref, values, to=to)


def _read(
    it: Interaction, form: Form | None, raw: Raw, *, reason: bool
) -> tuple[dict[str, object], dict[str, object]]:
    """Validate a form and return the body to store and the values for the engine.

    A field that was left empty is empty for the engine too, also if an earlier round filled it.
    Raises FormInvalid with all problems.
    """
    problems: dict[str, Refusal] = {}
    values: dict[str, object] = {}
    body: dict[str, object] = {}
    if form is not None:
        try:
            values = read_form(form, raw, world=it.world)
        except FormInvalid as invalid:
            problems.update(invalid.problems)
    if reason:
        try:
            body["text"] = read_text(raw.get(REASON), most=TEXT_MOST)
        except FormInvalid as invalid:
            problems[REASON] = invalid.problems["text"]
    if problems:
        raise FormInvalid(problems)
    fields = form.fields if form is not None else ()
    empty = dict.fromkeys(name for field in fields for name in field.names)
    return {**body, "values": values}, {**empty, **values}


def _decide(
    it: Interaction,
    ref: ContentRef | None,
    values: Mapping[str, object],
    *,
    to: tuple[str, ...] = (),
) -> Answer:
    case = it.change(
        DecideTask(
            actor=it.person,
            via=it.via,
            task=it.token.task,
            outcome=_OUTCOMES[it.token.verb],
            content=ref,
            values=values,
            to=to,
        )
    )
    if case.status is not Status.RUNNING:
        return it.ended(case)
    if it.token.verb == "return" and _back_at_work(it, case):
        owners = [owner for task in case.open_tasks for owner in task.owners]
        return it.done("answer.sent_back", to=it.names(owners))
    left = _still_to_sign(it, case)
    if left:
        return it.done("answer.signed", names=it.names(left))
    return it.decided(case)


def _still_to_sign(it: Interaction, case: Case) -> list[str]:
    """Return the people of the seats that are left after a vote; none if the step has ended."""
    task = case.task(it.token.task)
    assert task is not None, "it was decided"
    left = (one for one in case.tasks if one.visit == task.visit and one.unfinished)
    signing = (one for one in left if one.outcome is None and not case.added(one.id))
    return [owner for one in signing for owner in one.owners if task.visit]


def _back_at_work(it: Interaction, case: Case) -> bool:
    """Return whether a return led back to a task; after the last one allowed it leads onward."""
    task = case.task(it.token.task)
    if task is None:
        return False
    outcome = return_of(it.definition, task)
    return outcome is not None and case.node in outcome.to


def _notes(reading: Reading, task: Task) -> Iterator[str]:
    if reading.case.process == PROCESS:
        yield from note(reading, task)


VIEW = ActionView(
    name="decide",
    rank=40,
    verbs={
        "complete": Verb(opens=_open, acts=_act, sends=_send),
        "approve": Verb(opens=_open, acts=_act, sends=_send),
        "reject": Verb(opens=_open, acts=_act, sends=_send),
        "return": Verb(opens=_open, acts=_act, sends=_send),
        "change": Verb(opens=shown, acts=drop_draft, sends=keep_draft),
    },
    on_task=_offer,
    notes=_notes,
)
