"""How a case comes to another version of its definition in a playbook."""

from __future__ import annotations

from typing import Any

from workflows.actions.move import MoveToDefinition
from workflows.case.events import SYSTEM
from workflows.errors import Refusal
from workflows.loading import Loaded

NEW, OLD = "2" * 64, "1" * 64


def moves(new: Loaded, *, by_itself=False, hash=NEW, **names):
    """The case moves to another version; old=new names nodes that have another name there."""

    def step(play):
        old = play.process
        play.process = new.following([old])
        command = MoveToDefinition(
            actor=SYSTEM,
            via="cli",
            source=old.definition,
            definition=hash,
            version=2,
            names=names,
            by_itself=by_itself,
        )
        play.give(command)
        if isinstance((play.news or [None])[0], Refusal):
            play.process = old

    return step


def hindered(play, new, *, by_itself=False, **names):
    """Why the case cannot move: (reason, what it is about)."""
    play >> moves(new, by_itself=by_itself, **names)
    refusal = play.news.pop(0)
    assert isinstance(refusal, Refusal), play.said(refusal)
    assert refusal.code == "cannot_move"
    assert not play.news
    found: Any = refusal.facts["hindrances"]
    return [(one.why, one.at) for one in found]
