"""Rehearsals for a fake desk: played by the real engine, with the shipped process and a bad one."""

from collections.abc import Callable

from bot.playground_rehearsals import Rehearsals
from bot.system import pause
from handlers.playground.rehearsal import flaws_view
from handlers.playground.rehearsal_page import PageBegun, PageRehearsal
from handlers.rehearsing import Rehearsing
from tests.fakes.playground_cast import L
from tests.unit.workflows import office
from tests.unit.workflows.rehearsal.rehearsed import definition
from workflows.errors import DefinitionError, Refusal
from workflows.loading import Loaded, load_definition
from workflows.rehearsal.rehearse import Rehearsal, beginning

PROCESSES = [
    {"key": "complaint", "name": L("客户投诉处理流程", "Customer complaint")},
    {"key": "sample", "name": L("样例", "Sample")},
]

# It can be returned for ever, is never escalated, reads what is empty, and leaves a step unreached.
BROKEN = """
#: start_form = "request"
[[nodes]]
id = "first"
kind = "task"
name = { zh = "核对申请", en = "Check the request" }
assignee = "person:liu.yang"
due = "4wh"
ladder = "quiet"
next = "fork"

[[nodes]]
id = "fork"
kind = "gateway"
name = { zh = "金额", en = "How much" }

[[nodes.routes]]
when = "amount > 500"
to = "approve"

[[nodes.routes]]
to = "done"

[[nodes]]
id = "approve"
kind = "approval"
name = { zh = "批准", en = "Approve" }
assignee = "person:he.jun"
due = "4wh"
ladder = "step"

[nodes.outcomes.approve]
to = "done"

[nodes.outcomes.return]
to = "first"

[[nodes]]
id = "notify"
kind = "task"
name = { zh = "通知财务", en = "Tell finance" }
assignee = "person:he.jun"
due = "4wh"
ladder = "step"
next = "done"

[ladders.quiet]
rungs = [{ at = "50%", remind = "assignee" }, { at = "due", remind = "assignee" }]

[forms.request]
name = { zh = "申请", en = "Request" }

[[forms.request.fields]]
id = "what"
type = "text"
required = true
label = { zh = "事", en = "What" }

[[forms.request.fields]]
id = "amount"
type = "number"
label = { zh = "金额", en = "Amount" }
"""


def broken() -> Loaded:
    """A definition with something wrong on four of its lines."""
    return definition(BROKEN)


def rehearsing(loaded: Loaded, *, draft: bool = False) -> Rehearsing:
    """A rehearsal with the people of the tests."""
    calendar = office.calendar()
    return Rehearsing(
        Rehearsal(
            loaded,
            directory=office.directory(),
            calendar=calendar,
            start=beginning(calendar),
        ),
        draft=draft,
    )


class FakeRehearsals:
    """The part of a fake desk that rehearses; `tell` says that there is something new."""

    def __init__(self, tell: Callable[[], None]) -> None:
        self._rehearsals = Rehearsals(pause=pause, tell=tell)

    async def rehearse(self, *, process: str) -> bool:
        definitions: dict[str, Callable[[], Loaded]] = {
            "complaint": office.complaint,
            "sample": broken,
        }
        if process not in definitions:
            raise Refusal("process_unknown", process=process)
        return self._rehearsals.begin(rehearsing(definitions[process]()))

    async def rehearse_draft(self, *, text: str, file: str, language: str) -> PageBegun:
        try:
            loaded = load_definition(text, file=file)
        except DefinitionError as error:
            return PageBegun(begun=False, flaws=flaws_view(error.findings, language=language))
        return PageBegun(begun=self._rehearsals.begin(rehearsing(loaded, draft=True)))

    async def rehearsal(self, *, language: str, part: str) -> PageRehearsal | None:
        return await self._rehearsals.view(language=language, part=part)

    async def stop_rehearsal(self) -> None:
        await self._rehearsals.stop()
