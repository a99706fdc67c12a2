"""The stage gives commands to the engine, and tells what a definition lacks from a defect."""

import pytest

from tests.unit.workflows import office
from tests.unit.workflows.office import key
from tests.unit.workflows.rehearsal.rehearsed import START, stage
from workflows.actions.claim import ClaimTask
from workflows.case.action_type import Deed
from workflows.rehearsal.items import Item


def test_an_assertion_that_the_definition_does_not_explain_is_a_defect():
    set_up = stage(office.complaint())
    claim = ClaimTask(actor=key("li.na"), via="web", task="t1")

    with pytest.raises(AssertionError):
        set_up.give(set_up.curtain(key("wu.min")), claim)


def test_a_play_begins_with_nothing_filed():
    play = stage(office.complaint()).curtain(key("wu.min"))

    assert (play.case, play.now) == (None, START)
    with pytest.raises(AssertionError):
        _ = play.running


def test_a_refused_command_changes_nothing():
    set_up = stage(office.complaint())
    filing = set_up.command(Deed(does="file", actor=key("wu.min")))
    play = set_up.give(set_up.curtain(key("wu.min")), filing).play
    turn = set_up.give(play, set_up.command(Deed(does="claim", actor=key("li.na"), task="t1")))

    assert not turn.done
    assert turn.play == play
    assert turn.refusal is not None
    assert turn.refusal.code == "not_your_task"


def test_an_item_is_called_by_where_it_is():
    assert str(Item(kind="node", of="triage")) == "triage"
    assert str(Item(kind="outcome", of="confirm", name="approve")) == "confirm.approve"
