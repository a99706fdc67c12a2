"""Watch: the buttons that turn notifications about a case on and off."""

from __future__ import annotations

from collections.abc import Iterator

from handlers.action_view import ActionView, Offered, Sentence, Standing, Verb
from handlers.buttons import button
from handlers.interaction import Interaction
from handlers.pages import Answer
from handlers.reading.case import Reading
from workflows.actions.watch import Watch, WatchChanged
from workflows.case.status import Status
from workflows.case.task import Task
from workflows.flow import authority


def _on_case(reading: Reading) -> Iterator[Offered]:
    """Yield the button to stop watching the case, or the one to watch it while it is running."""
    if not authority.may_read(reading.case, person=reading.reader.key, world=reading.world):
        return
    if reading.case.watches(reading.reader.key):
        yield Offered(button=button(reading, "unwatch"))
    elif reading.case.status is Status.RUNNING:
        yield Offered(button=button(reading, "watch"))


def _on_task(reading: Reading, _: Task, __: Standing) -> Iterator[Offered]:
    yield from _on_case(reading)


def _act(it: Interaction) -> Answer:
    on = it.token.verb == "watch"
    it.change(Watch(actor=it.person, via=it.via, on=on))
    return it.done("answer.watching" if on else "answer.unwatched", case=it.case.id)


VIEW = ActionView(
    name="watch",
    rank=100,
    verbs={"watch": Verb(acts=_act), "unwatch": Verb(acts=_act)},
    on_task=_on_task,
    on_case=_on_case,
    everywhere=True,
    sentences={
        WatchChanged: Sentence(facts=lambda _, body: {"variant": "on" if body.on else "off"})
    },
)
