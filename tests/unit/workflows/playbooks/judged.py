"""How far a judgement is when a story begins, in the process of `judging.toml`."""

from __future__ import annotations

from dataclasses import replace

from tests.unit.workflows import office
from tests.unit.workflows.deeds import claim, complete, file
from tests.unit.workflows.office import key
from tests.unit.workflows.playbook import whatever
from workflows.loading import load_definition


def process(*changes):
    text = office.judging().text
    for old, new in changes:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return load_definition(text, file="judging.toml")


def judging(play, *, filer="wu.min", worker="li.na"):
    """t2 is offered to those who judge what the worker did."""
    play >> file(filer) << whatever
    play >> claim(worker) << whatever
    play >> complete(worker) << whatever


def opened(play):
    """Whom the judgement was last offered to, by which rule, and who was passed over."""
    rows = play.seen(
        "TaskOpened", "assignee", "candidates", "fallback", "passed_over", node="judge"
    )
    assignee, candidates, fallback, out = rows[-1]
    return [assignee] if assignee else candidates, fallback, out


def blocked(playbook):
    """The boss filed it, owns the process and administers it: nobody is left to judge."""
    play = playbook(process(('owner = "role:complaint-manager"', 'owner = "person:chen.jing"')))
    play.directory = replace(play.directory, admins=frozenset({key("chen.jing")}))
    judging(play, filer="chen.jing")
    return play
