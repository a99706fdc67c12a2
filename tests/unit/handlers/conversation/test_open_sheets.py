"""Sheets that lie open before people."""

from dataclasses import replace

from handlers.conversation.one_platform import Conversation
from handlers.conversation.open_sheets import OpenSheets
from tests.fakes.ports import MemoryFiles
from tests.office import Workplace, work

__all__ = ["work"]
START = "start|||complaint"


async def test_a_sheet_stays_as_it_was_opened_until_it_is_handed_in(work: Workplace) -> None:
    conversation = Conversation("slack", db=work.database, files=MemoryFiles(), office=work.office)
    sheets = OpenSheets(conversation)
    person = await work.person("emma.clark").key()
    assert sheets.kept(person, START) is None
    now = await sheets.get(person, START)
    assert now is not None
    opened = replace(now, title="As it was")
    sheets.keep(person, opened)

    assert await sheets.get(person, START) is opened
    assert await sheets.get("p_nobody", START) is None
    sheets.forget(person, START)

    assert await sheets.get(person, START) == now
