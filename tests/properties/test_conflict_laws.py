"""Two people press what both saw, one after the other: one wins, or both are compatible.

The actions are those of the registry, so a new action is tried in every pair because it exists.
Each situation is a case with its open cards. Everything that anybody could do there is found by
trying it; then each of these is done, and after it each other as it was on the card that was shown
before. The second either counts as well or is refused with a text in both languages, and every law
of `tests/unit/workflows/laws.py` holds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from itertools import product
from typing import Literal

import pytest

from handlers.i18n import translator
from handlers.refusals import say_problem
from tests.unit.workflows import office
from tests.unit.workflows.deeds import (
    add_signers,
    approve,
    ask,
    claim,
    complete,
    delegate,
    dissatisfied,
    file,
    respond,
)
from tests.unit.workflows.laws import lawful_decide
from tests.unit.workflows.office import key
from tests.unit.workflows.playbook import Playbook, absent, until, whatever
from tests.unit.workflows.playbooks.forked import INTO, at_decide, forking
from tests.unit.workflows.playbooks.seated import process, vote
from tests.unit.workflows.playbooks.test_checking import at_check, checks
from tests.unit.workflows.playbooks.test_resting import resting, signed
from tests.unit.workflows.playbooks.test_returning import at_third, returning
from tests.unit.workflows.playbooks.test_revoking import revocable
from tests.unit.workflows.playbooks.test_waiting import process as repairing
from tests.unit.workflows.playbooks.test_waiting import wait
from workflows.actions.answer import QuestionAnswered
from workflows.actions.carry_on import WaitingEnded
from workflows.actions.claim import TaskClaimed
from workflows.actions.comment import AddComment
from workflows.actions.copy_in import CopyIn
from workflows.actions.finish_work import FinishWork
from workflows.actions.follow_other_case import FollowOtherCase
from workflows.actions.record import ActionRecorded
from workflows.actions.send_back import TaskReturned
from workflows.actions.start import StartCase
from workflows.actions.watch import Watch
from workflows.case.action_type import Deed
from workflows.case.command import Command
from workflows.case.events import SYSTEM, Event
from workflows.case.state import Case
from workflows.case.status import Status
from workflows.case.task import TaskStatus
from workflows.engine import decide
from workflows.errors import Refusal
from workflows.flow.entering import TaskCompleted
from workflows.flow.offering import TaskTransferred
from workflows.loading import Loaded
from workflows.model.nodes import WaitNode
from workflows.registry import ACTIONS

DECIDING = (TaskCompleted, TaskReturned)
OF_ONE = (
    *DECIDING,
    TaskClaimed,
    ActionRecorded,
    TaskTransferred,
    QuestionAnswered,
    WaitingEnded,
)
TALK = (AddComment, CopyIn, Watch)  # one of each is enough: they bar nothing
PEOPLE = tuple(person.id for person in office.directory().people.values())
OTHERS = ("zheng.hao", "ma.chao")  # to whom something is handed, or who is added
VALUES = {"grade": "normal", "category": "product", "budget": "700", "note": "b", "what": "Y"}


# ---------------------------------------------------------------------------- situations


def unclaimed(play: Playbook) -> None:
    """A complaint that the desk may claim."""
    play >> file("wu.min") << whatever


def assigned(play: Playbook) -> None:
    """A complaint that somebody works on."""
    unclaimed(play)
    play >> claim("liu.yang") << whatever
    play >> complete("liu.yang", grade="normal", category="product") << whatever
    play >> respond("li.na") << whatever


def asked(play: Playbook) -> None:
    """The filer was asked something."""
    assigned(play)
    play >> ask("li.na") << whatever


def overdue(play: Playbook) -> None:
    """Somebody may take the work over, and there is a deputy."""
    assigned(play)
    play >> absent("li.na", "ma.chao", "2026-03-02 08:00", "2026-04-02 08:00")
    play >> until("2026-03-06 18:00") << whatever


def confirming(play: Playbook) -> None:
    """The filer has to say whether they are satisfied."""
    assigned(play)
    play >> complete("li.na") << whatever


def ended(play: Playbook) -> None:
    """The case is over, and the survey is open."""
    confirming(play)
    play >> approve("wu.min") << whatever
    play >> claim("liu.yang") << whatever
    play >> complete("liu.yang") << whatever
    assert play.case.status is Status.COMPLETED


def signing(how: str, *, votes: int = 0) -> Callable[[Playbook], None]:
    def begin(play: Playbook) -> None:
        play >> file("wu.min", what="X", how=how) << whatever
        for _ in range(votes):
            task = play.case.open_tasks[0]
            person = play.directory.people[task.owners[0]].id
            play >> vote(person, "approve", task.id) << whatever

    return begin


def adding(where: Literal["before", "after"]) -> Callable[[Playbook], None]:
    def begin(play: Playbook) -> None:
        play >> file("wu.min", what="X", how="any") << whatever
        play >> add_signers("gao.yu", where, "he.jun", task="t1") << whatever

    return begin


def advised(play: Playbook) -> None:
    """Somebody was asked for advice."""
    play >> file("wu.min", what="X", how="any") << whatever
    play >> delegate("gao.yu", "he.jun", "t1") << whatever


def mending(play: Playbook) -> None:
    """Somebody may wait for the customer or a supplier."""
    play >> file("wu.min") << whatever
    play >> claim("li.na") << whatever


def waiting(play: Playbook) -> None:
    """Somebody waits for the customer."""
    mending(play)
    play >> wait("li.na") << whatever


def reviewed(play: Playbook) -> None:
    """The last of three approvals, which may return to several steps."""
    at_third(play)


def joined(play: Playbook) -> None:
    """An approval after the join, which may return the case into branches of the fork."""
    at_decide(play)


def branches_again(play: Playbook) -> None:
    """Two branches are open again after the join, and the return may be taken back."""
    at_decide(play)
    play >> dissatisfied("gao.yu", to="price lab") << whatever


def checking(play: Playbook) -> None:
    """Somebody checks certificates one by one."""
    at_check(play)


def at_rest(play: Playbook) -> None:
    """A case rests, and a branch is open beside the button that opens another."""
    signed(play)
    play >> until("2026-07-07 09:00") << whatever


COMPLAINT = office.complaint
SITUATIONS: dict[str, tuple[Callable[[], Loaded], Callable[[Playbook], None]]] = {
    "unclaimed": (COMPLAINT, unclaimed),
    "assigned": (COMPLAINT, assigned),
    "asked": (COMPLAINT, asked),
    "overdue": (COMPLAINT, overdue),
    "confirming": (COMPLAINT, confirming),
    "ended": (revocable, ended),
    "all sign": (process, signing("all")),
    "the last signs": (process, signing("all", votes=3)),
    "the first decides": (process, signing("any")),
    "added before": (process, adding("before")),
    "added after": (process, adding("after")),
    "advice asked": (process, advised),
    "in turn": (process, signing("turn", votes=1)),
    "a share signs": (process, signing("share", votes=1)),
    "may wait": (repairing, mending),
    "waiting": (repairing, waiting),
    "reviewed": (returning, reviewed),
    "joined": (partial(forking, *INTO), joined),
    "branches again": (partial(forking, *INTO), branches_again),
    "checking": (checks, checking),
    "at rest": (resting, at_rest),
}


# ---------------------------------------------------------------------------- what can be done


def begun(name: str) -> Playbook:
    load, begin = SITUATIONS[name]
    play = Playbook(load())
    begin(play)
    play.news.clear()
    return play


def everything(play: Playbook) -> Iterator[Command]:
    """Every action of the registry, by everybody, on every task, for every target."""
    nodes = [node.id for node in play.process.definition.nodes]
    tasks = [task.id for task in play.case.tasks]
    waits = (node for node in play.process.definition.nodes if isinstance(node, WaitNode))
    starts = [start.id for node in waits for start in node.starts]
    for action in ACTIONS.values():
        for does, make in action.does.items():
            if action.command is StartCase:
                continue
            targets: list[tuple[str, ...]] = [()]
            if action.needs == "to" or does == "return":
                targets = [*((key(one),) for one in OTHERS), *((node,) for node in nodes)]
            names = ("answered", *starts) if action.needs == "action" else ("answered",)
            for person, task, to, name in product(PEOPLE, tasks, targets, names):
                yield make(
                    Deed(
                        does=does,
                        actor=key(person),
                        task=task,
                        to=to,
                        action=name,
                        score=5,
                        values=VALUES if does in ("complete", "approve") else {},
                    )
                )


def done(
    history: tuple[Event, ...], case: Case, command: Command, play: Playbook
) -> tuple[tuple[Event, ...], Case] | Refusal:
    """What comes of a command, with every law checked."""
    try:
        events, new, _ = lawful_decide(history, case, command, play.world)
    except Refusal as refusal:
        return refusal
    return events, new


def possible(play: Playbook) -> list[Command]:
    """What a card shows: the commands that count now, once for each."""
    found: dict[str, Command] = {}
    for command in everything(play):
        with suppress(Refusal):
            decision = decide(play.case, command, play.world)
            who = "" if isinstance(command, TALK) else command.actor
            found.setdefault(f"{who} {decision.events if who else type(command)}", command)
    return [*found.values()]


# ---------------------------------------------------------------------------- one after the other


@pytest.mark.parametrize("name", SITUATIONS)
def test_of_two_actions_on_one_card_one_wins_or_both_count(name: str) -> None:
    play = begun(name)
    commands = possible(play)
    tried = 0
    for first in commands:
        result = done(play.history, play.case, first, play)
        assert not isinstance(result, Refusal)
        news, case = result
        history = (*play.history, *news)
        for second in commands:
            later = done(history, case, second, play)
            tried += 1
            if isinstance(later, Refusal):
                _is_clear(later, second)
            else:
                _may_both_count(case, news, later[0])
    assert tried == len(commands) ** 2 > 8


def _is_clear(refusal: Refusal, command: Command) -> None:
    """What the second person reads, in their language."""
    for language in ("zh", "en"):
        words = translator(language)
        assert words.has(f"refusal.{refusal.code}"), f"{refusal} has no text in {language}"
        said = say_problem(refusal, language=language)
        assert said.strip(), f"{command} is refused without a word"
        assert "{" not in said, said


def _may_both_count(case: Case, first: tuple[Event, ...], second: tuple[Event, ...]) -> None:
    """The second is about work that is still open, and not what the first has done already."""
    for event in second:
        if isinstance(event.body, OF_ONE) and event.actor != SYSTEM:
            task = case.known_task(event.body.task)
            assert task.status is TaskStatus.OPEN, f"{event} after {first}"
    over = {event.body.task for event in first if isinstance(event.body, DECIDING)}
    again = {event.body.task for event in second if isinstance(event.body, DECIDING)}
    assert not over & again, f"{first} and {second} decide one task"
    claims = [e.body.task for e in (*first, *second) if isinstance(e.body, TaskClaimed)]
    assert len(claims) == len(set(claims)), "two people claimed one task"


def test_every_action_of_people_is_possible_in_some_situation() -> None:
    """What no situation offers is tried in no pair, so a new action needs a situation."""
    found = {type(command) for name in SITUATIONS for command in possible(begun(name))}
    people = {action.command for action in ACTIONS.values() if action.does}

    of_the_system = {FollowOtherCase, FinishWork}
    assert people - found - {StartCase} - of_the_system == set()
