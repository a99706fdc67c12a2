"""Begin: the buttons that open a branch of a case at rest."""

from __future__ import annotations

from collections.abc import Iterator

from handlers.action_view import ActionView, Offered, Verb
from handlers.buttons import button
from handlers.interaction import Interaction
from handlers.pages import Answer
from handlers.reading.case import Reading
from workflows.actions.begin import BeginBranch, offered, starters
from workflows.case.status import Status
from workflows.flow.starts import may_begin
from workflows.model.nodes import WaitNode


def _offer(reading: Reading) -> Iterator[Offered]:
    """Yield a button for each start that the reader may begin now."""
    if reading.case.status is not Status.RUNNING or not reading.case.rests:
        return
    for visit, start in offered(reading.definition, reading.case):
        node = reading.definition.node(visit.node)
        assert isinstance(node, WaitNode), "only these have starts"
        free = may_begin(reading.case, node, visit.id, to=start.to)
        if not free or start.label is None:
            continue
        if reading.reader.key in starters(reading.case, reading.world, start):
            label = reading.text(start.label)
            yield Offered(
                button=button(
                    reading,
                    "begin",
                    argument=start.id,
                    label=label,
                    confirm=reading.words.t("confirm.begin", start=label),
                ),
                main=True,
            )


def _act(it: Interaction) -> Answer:
    it.change(BeginBranch(actor=it.person, via=it.via, start=it.token.argument))
    return it.done("answer.begun", case=it.case.id)


VIEW = ActionView(
    name="begin",
    rank=30,
    verbs={"begin": Verb(acts=_act)},
    on_case=_offer,
)
