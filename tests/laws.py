"""What holds in every office after everything that happens, whatever a story is about."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from handlers.tokens import read_token
from tests.fakes.chat import every_button, spell
from workflows.case.events import Event, fold
from workflows.case.state import Case
from workflows.case.status import Status
from workflows.case.task import TaskStatus
from workflows.flow.facts import FactVoided
from workflows.flow.points import PointsCharged
from workflows.records import CaseQuery

if TYPE_CHECKING:
    from storage.unit import Tx
    from tests.office import Workplace

_OF_NO_CASE = (
    *("linked", "objected", "handover", "leaver_roles", "moved"),
    *("away_set", "away_ended", "deputy_left"),
    *("schedule_not_filed", "pilot_department_gone", "training", "review"),
)
_OPAQUE = re.compile(r"\b[apkfdm]_[0-9a-f]{6,}\b")


async def check(work: Workplace) -> None:
    """AssertionError for a broken law."""
    cases = await work.database.read(_cases)
    _messages_are_lawful(work, cases)


def _cases(tx: Tx) -> dict[str, Case]:
    found = {}
    for row in tx.cases.find(CaseQuery(limit=100)):
        case = tx.cases.load(row.id, lock=False)
        assert case is not None
        events = [chained.event for chained in tx.cases.events(row.id)]
        assert fold(events) == case, f"{row.id}: the events add up to another state"
        timers = [(timer.clock, timer.due_at) for timer in tx.timers.of_case(row.id)]
        assert sorted(timers) == sorted(case.timers()), f"{row.id}: other timers than clocks"
        ledger = [
            (one.seq, one.person, one.points, one.waived) for one in tx.points.of_case(row.id)
        ]
        assert ledger == charged(events), f"{row.id}: the ledger is not what was charged"
        if case.status is not Status.RUNNING:
            assert not case.open_tasks, f"{row.id} is over and has open tasks"
        found[row.id] = case
    return found


def charged(events: list[Event]) -> list[tuple[int, str, int, bool]]:
    """The charges of a case by its events: (event, person, points, whether they were waived)."""
    waived = {seq for one in events if isinstance(one.body, FactVoided) for seq in one.body.facts}
    return [
        (one.seq, one.body.person, one.body.points, one.seq in waived)
        for one in events
        if isinstance(one.body, PointsCharged)
    ]


def _messages_are_lawful(work: Workplace, cases: dict[str, Case]) -> None:
    for message in work.chat.messages.values():
        card, said = message.card, spell(message.card)
        if card.kind in _OF_NO_CASE:
            assert not _OPAQUE.search(said), f"an opaque key can be read:\n{said}"
            continue
        if card.kind == "digest":  # it is about several
            assert all(line.case_id in line.text for line in card.lines), said
        else:
            assert card.case_id is not None, f"a message is about no case:\n{said}"
            assert card.case_id in card.summary, f"a message does not name its case:\n{said}"
        assert not _OPAQUE.search(said), f"an opaque key can be read:\n{said}"
        for button in every_button(card):
            assert len(button.token.encode()) <= 64, f"too long a token: {button.token}"
            token = read_token(button.token)
            if token.task and token.verb != "comment":
                task = cases[token.case_id].task(token.task)
                assert task is not None, button.token
                if token.verb == "takeback":
                    assert task.outcome is not None, said
                    assert not task.voided, f"what does not count cannot be taken back:\n{said}"
                    continue
                at_work = task.status is TaskStatus.OPEN or cases[token.case_id].added(task.id)
                assert at_work, f"a settled task has buttons:\n{said}"
