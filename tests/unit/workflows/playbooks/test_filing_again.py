"""The filer files a rejected or withdrawn case again; both cases name each other."""

from __future__ import annotations

from tests.unit.workflows.deeds import file, withdraw
from tests.unit.workflows.office import key
from tests.unit.workflows.playbook import refused, then, whatever
from workflows.actions.resubmit import FileAgain


def file_again(person):
    return lambda play: play.give(FileAgain(actor=key(person), via="web", as_case="C-2026-0002"))


def test_a_case_that_runs_is_not_filed_again(play):
    play >> file("wu.min") << whatever
    play >> file_again("wu.min") << refused("not_to_file_again")


def test_a_withdrawn_case_is_filed_again_by_its_filer_once(play):
    play >> file("wu.min") << whatever
    play >> withdraw("wu.min") << whatever
    play >> file_again("li.na") << refused("only_the_filer")
    play >> file_again("wu.min") << then.CaseFiledAgain(as_case="C-2026-0002")
    assert play.case.filed_again == "C-2026-0002"
    play >> file_again("wu.min") << refused("filed_again_already", copy="C-2026-0002")
