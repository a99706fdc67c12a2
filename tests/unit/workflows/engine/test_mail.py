"""What became of a mail is recorded, also after the end; the owner hears of a failure."""

from __future__ import annotations

import pytest

from tests.unit.workflows.deeds import withdraw
from tests.unit.workflows.engine.test_react import owed, refreshed
from tests.unit.workflows.playbook import Playbook, Step, then, whatever
from tests.unit.workflows.playbooks.stages import graded
from workflows.actions.mail import MailFailed, MailLeft, MailOwed, MailSent, RecordMail
from workflows.case.events import SYSTEM
from workflows.case.task import ContentRef

REF = ContentRef(id="k_1", digest="0" * 64)


@pytest.fixture
def play() -> Playbook:
    found = Playbook()
    graded(found)
    return found


def became(body: MailOwed | MailSent | MailFailed | MailLeft) -> Step:
    return lambda play: play.give(RecordMail(actor=SYSTEM, via="mail", became=body))


def test_a_mail_that_waits_or_is_left_out_tells_nobody(play: Playbook) -> None:
    play >> became(MailOwed(mail="m", content=REF)) << then.MailOwed(mail="m")
    assert (owed(play), refreshed(play)) == ([], [])
    play >> became(MailLeft(mail="m", why="no_address")) << then.MailLeft(why="no_address")

    assert (owed(play), refreshed(play)) == ([], [])


def test_one_that_was_sent_brings_the_cards_of_the_case_up_to_date(play: Playbook) -> None:
    play >> became(MailSent(mail="m", owed=7, content=REF)) << then.MailSent(owed=7)

    assert (owed(play), refreshed(play)) == ([], ["case", "copy"])


def test_the_owner_hears_of_one_that_failed_also_after_the_end(play: Playbook) -> None:
    play >> withdraw("wu.min") << whatever
    failed = MailFailed(mail="m", owed=7, content=REF, final=True)
    play >> became(failed) << then.MailFailed(final=True)

    ((kind, whom, slot),) = owed(play)
    assert (kind, whom) == ("mail_failed", "wang.fang")
    assert slot.startswith("mail_failed:")
