"""How far a complaint is when a story begins. Everything on the way was told elsewhere."""

from __future__ import annotations

from tests.unit.workflows.deeds import approve, claim, complete, file, respond
from tests.unit.workflows.playbook import Playbook, whatever


def filed(play: Playbook) -> None:
    """t1 (triage) is offered to liu.yang and sun.qi."""
    play >> file("wu.min") << whatever


def claimed(play: Playbook) -> None:
    """t1 (triage) is liu.yang's."""
    filed(play)
    play >> claim("liu.yang") << whatever


def graded(play: Playbook, *, grade: str = "normal", category: str = "product") -> None:
    """t2 (resolve) is li.na's, unless the category is one of sales."""
    claimed(play)
    play >> complete("liu.yang", grade=grade, category=category) << whatever


def resolved(play: Playbook) -> None:
    """t3 (confirm) is wu.min's."""
    graded(play)
    play >> respond("li.na") << whatever
    play >> complete("li.na", root_cause="a screw", resolution="a new one") << whatever


def archived(play: Playbook) -> None:
    """t4 (archive) is liu.yang's."""
    resolved(play)
    play >> approve("wu.min") << whatever
    play >> claim("liu.yang") << whatever


def closed(play: Playbook) -> None:
    """The case is completed, and wu.min was asked for a score."""
    archived(play)
    play >> complete("liu.yang", outcome="solved", lessons="better screws") << whatever
