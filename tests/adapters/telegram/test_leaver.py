"""A manager hands over in a chat what somebody had who has left: one form, question by question."""

from __future__ import annotations

from storage.unit import Tx
from tests.adapters.telegram.ground import Company
from tests.office import announce_leavers
from tests.stories.deeds import leave


async def left(office: Company) -> None:
    """li.qiang filed a complaint, and leaves."""
    await office.case(filer="li.qiang")

    def announce(tx: Tx) -> None:
        announce_leavers(tx, office.work.office)

    await office.work.database.run(announce)
    await leave(office.work, "li.qiang")
    await office.work.database.run(announce)
    await office.settled()


async def test_a_case_is_handed_over_and_the_roles_are_skipped(in_both: Company) -> None:
    office, says = in_both, in_both.says
    manager, heir = await office.people("zhao.lei", "he.jun")
    for person in (manager, heir):
        await person.starts()
    await left(office)

    card = await manager.waits_for(says("已离职：请交接工作", "has left: hand over"))
    assert "C-2026-0001" in card.text
    assert "complaint-handler" in card.text
    await manager.taps(says("交接", "Hand over"), in_message=card)
    await office.fake.confirmed()
    await office.answers(manager, "+" + says("何军", "He Jun"))
    name = next(one for one in manager.last().labels if says("何军", "He Jun") in one)
    await office.answers(manager, name)
    assert says("人员名单", "people file") in manager.last().text
    await office.answers(manager, says("跳过", "Skip"))
    await manager.taps(says("交接", "Hand over"), in_message=manager.last())
    await office.settled()

    case = await office.work.case()
    assert case.acting_filer == await office.work.person("he.jun").key()
    await heir.waits_for("C-2026-0001")
