"""How several people sign one step, in the process of `seats.toml`."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from tests.unit.workflows.deeds import claim, decide, file
from tests.unit.workflows.office import key
from tests.unit.workflows.playbook import whatever
from workflows.case.effects import Refresh
from workflows.loading import load_definition

HERE = Path(__file__).parent
HANDLERS = ("gao.yu", "li.na", "ma.chao", "xu.ke")  # whoever has the role complaint-handler


@cache
def process(*changes):
    """The process, with `(node, key, value)` changed or added; node "" is the whole process."""
    parts = (HERE / "seats.toml").read_text(encoding="utf-8").split("[[nodes]]")
    for node, name, value in changes:
        here = f'\nid = "{node}"\n' if node else "key ="
        index = next(number for number, part in enumerate(parts) if here in part)
        lines = parts[index].split("\n")
        starts = [line.partition(" = ")[0] for line in lines]
        place = starts.index(name if name in starts else "name")
        after = place + 1 if name in starts else place
        parts[index] = "\n".join([*lines[:place], f"{name} = {value}", *lines[after:]])
    return load_definition("[[nodes]]".join(parts), file="seats.toml")


def filed(playbook, how, *changes, filer="wu.min", **world):
    """A case of which several people sign the first step by one of the rules."""
    play = playbook(process(*changes), **world)
    play >> file(filer, what="X", how=how) << whatever
    return play


def seat(play, person):
    """The newest task that a person has, or may claim, or decided."""
    me = key(person)
    found = [task for task in play.case.tasks if me in (*task.owners, task.decided_by)]
    return found[-1].id


def vote(person, outcome, task=None, **values):
    """A signer decides their seat, claiming it first where it is offered to several."""

    def step(play):
        mine = task or seat(play, person)
        if play.case.known_task(mine).assignee is None:
            claim(person, mine)(play)
        decide(person, outcome, mine, **values)(play)

    return step


def states(play):
    """(who, status, outcome) of each seat of the newest ballot."""
    visit = [task.visit for task in play.case.tasks if task.seat][-1]
    return [
        (play.plain(task.owners), task.status.value, task.outcome)
        for task in play.case.ballot(visit)
    ]


def refreshed(play):
    """The tasks whose messages are updated because of the last step: (task, at once)."""
    return {(e.task, e.soon) for e in play.effects if isinstance(e, Refresh) and e.task}
