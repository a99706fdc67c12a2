"""Who hears what is written on a case and how it ends, because they watch it."""

from __future__ import annotations

import pytest

from tests.unit.workflows.deeds import (
    comment,
    complete,
    copy_in,
    unwatch,
    watch,
    withdraw,
)
from tests.unit.workflows.engine.test_react import owed, refreshed
from tests.unit.workflows.office import key
from tests.unit.workflows.playbook import Playbook, whatever
from tests.unit.workflows.playbooks.stages import archived, graded
from workflows.case.effects import WATCHING, Post


@pytest.fixture
def play():
    return Playbook()


def test_whoever_watches_hears_what_is_written_until_they_stop(play):
    """The owner, an administrator and others who have no card of the case."""
    graded(play)
    play >> watch("wang.fang") << whatever
    assert (owed(play), refreshed(play)) == ([], ["case", "closed", "copy", "t1", "t2"])
    play >> comment("li.na") << whatever
    assert [row[:2] for row in owed(play)] == [("comment", "wu.min"), ("comment", "wang.fang")]

    play >> unwatch("wang.fang") << whatever
    assert refreshed(play) == ["case", "closed", "copy", "t1", "t2"]
    play >> comment("li.na") << whatever

    assert [row[:2] for row in owed(play)] == [("comment", "wu.min")]


def test_a_filer_who_stopped_watching_hears_only_the_end(play):
    archived(play)
    play >> unwatch("wu.min") << whatever
    play >> comment("wang.fang") << whatever
    assert "wu.min" not in [whom for _, whom, _ in owed(play)]

    play >> complete("liu.yang", outcome="solved", lessons="-") << whatever

    assert ("closed", "wu.min", "closed") in owed(play)


def test_whoever_has_the_work_hears_what_is_written_about_it_anyway(play):
    graded(play)
    play >> comment("li.na") << whatever
    play >> unwatch("li.na") << whatever

    play >> comment("wu.min") << whatever

    assert [row[:2] for row in owed(play)] == [("comment", "li.na")]


def test_the_end_is_told_to_who_watches_and_not_to_who_stopped(play):
    archived(play)
    play >> copy_in("wu.min", "feng.lei") << whatever
    play >> comment("feng.lei") << whatever
    play >> unwatch("feng.lei") << whatever
    play >> watch("wang.fang") << whatever

    play >> complete("liu.yang", outcome="solved", lessons="-") << whatever

    told = [whom for kind, whom, _ in owed(play) if kind == "closed"]
    assert told == ["wu.min", "liu.yang", "li.na", "wang.fang"]


def test_a_withdrawal_is_told_to_who_watches(play):
    graded(play)
    play >> watch("wang.fang") << whatever
    play >> comment("wu.min") << whatever

    play >> withdraw("wu.min") << whatever

    assert owed(play) == [("closed", "wang.fang", "closed")]


def test_what_only_a_watcher_is_told_is_marked(play):
    """So that it is asked when it is sent whether they may still read it."""
    graded(play)
    play >> watch("wang.fang") << whatever
    play >> watch("liu.yang") << whatever
    play >> comment("li.na") << whatever

    marked = [e.to for e in play.effects if isinstance(e, Post) and WATCHING in e.args]
    assert marked == [key("wang.fang")]
