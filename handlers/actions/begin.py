"""Begin: the buttons that open a branch of a case at rest, and the form that asks what about."""

from __future__ import annotations

from collections.abc import Iterator

from handlers.action_view import ActionView, Offered, Raw, Verb
from handlers.answers import read_word
from handlers.buttons import button
from handlers.i18n import translator
from handlers.interaction import Interaction, Looking
from handlers.pages import Answer, Choice, Question
from handlers.reading.case import Reading
from handlers.sheets import verb_sheet
from workflows.actions.begin import BeginBranch, subjects
from workflows.case.state import Visit
from workflows.case.status import Status
from workflows.errors import FormInvalid, Refusal
from workflows.flow.start_buttons import offered, starters
from workflows.flow.starts import may_begin
from workflows.model.fields import FieldType
from workflows.model.nodes import WaitNode
from workflows.model.starts import Start

_SUBJECT = "subject"


def _offer(reading: Reading) -> Iterator[Offered]:
    """Yield a button for each start that the reader may begin now."""
    if reading.case.status is not Status.RUNNING or not reading.case.rests:
        return
    for visit, start in offered(reading.definition, reading.case):
        if start.label is None or not _free(reading, visit, start):
            continue
        if reading.reader.key in starters(reading.case, reading.world, start):
            label = reading.text(start.label)
            asks = start.for_each is not None
            yield Offered(
                button=button(
                    reading,
                    "begin",
                    argument=start.id,
                    label=label,
                    confirm="" if asks else reading.words.t("confirm.begin", start=label),
                ),
                main=True,
            )


def _open(it: Looking) -> Answer | None:
    """Return the form that asks for which certificate; None for other starts."""
    visit, start = _start(it)
    if start.for_each is None or start.label is None:
        return None
    found = _free(it, visit, start)
    if not found:
        raise Refusal("branch_runs")
    it.would(_begin(it, found[0]))
    fields = [it.definition.field(one) for one in found]
    question = Question(
        id=_SUBJECT,
        type=FieldType.CHOICE.value,
        label=translator(it.language).t("sheet.begin.subject"),
        required=True,
        choices=tuple(
            Choice(id=one.id, label=one.label.of(it.language)) for one in fields if one is not None
        ),
        value=found[0] if len(found) == 1 else None,
    )
    return Answer(form=verb_sheet(it, question, start=start.label.of(it.language)))


def _free(at: Reading | Looking, visit: Visit, start: Start) -> tuple[str, ...]:
    """Return those of its subjects for which a start can begin now."""
    node = at.definition.node(visit.node)
    assert isinstance(node, WaitNode), "only these have starts"
    return tuple(
        one
        for one in subjects(at.definition, start)
        if may_begin(at.case, node, visit.id, to=start.to, subject=one)
    )


def _start(it: Looking) -> tuple[Visit, Start]:
    """Return the start of a button with its visit. Raises Refusal if there is none any more."""
    found = offered(it.definition, it.case)
    one = next((one for one in found if one[1].id == it.token.argument), None)
    if one is None:
        raise Refusal("start_not_offered")
    return one


def _begin(it: Looking, subject: str = "") -> BeginBranch:
    return BeginBranch(actor=it.person, via=it.via, start=it.token.argument, subject=subject)


def _act(it: Interaction) -> Answer:
    it.change(_begin(it))
    return it.done("answer.begun", case=it.case.id)


def _send(it: Interaction, raw: Raw) -> Answer:
    problems: dict[str, Refusal] = {}
    subject = read_word(raw.get(_SUBJECT), _SUBJECT, problems)
    if subject not in subjects(it.definition, _start(it)[1]):
        problems.setdefault(_SUBJECT, Refusal("not_an_option"))
    if problems:
        raise FormInvalid(problems)
    it.change(_begin(it, subject))
    return it.done("answer.begun", case=it.case.id)


VIEW = ActionView(
    name="begin",
    rank=30,
    verbs={"begin": Verb(opens=_open, acts=_act, sends=_send)},
    on_case=_offer,
)
