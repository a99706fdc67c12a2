"""An anonymous survey in Slack: a window, and nothing of it beside its author."""

from __future__ import annotations

from handlers import employee_surveys
from tests.adapters.slack.deeds import presses
from tests.adapters.slack.workspace import Workspace
from tests.stories import surveying

SAID = "审批太慢zzqq"


async def test_it_is_answered_in_a_window(place: Workspace) -> None:
    """L5.1: a modal with all questions; the card says thank you, whatever was answered."""
    person = await place.person("emma.clark")
    await surveying.asks(place.office, "emma.clark")
    await place.settle()
    await presses(place, person, "匿名作答", "Answer anonymously")
    answers = {"satisfaction": "4", "effort": "6", "enps": "9", "comment": SAID}
    assert await person.modal.submit({f"q:{name}": value for name, value in answers.items()}) == {}
    await place.settle()
    assert SAID not in str(person.modal.blocks)

    card = person.messages()[-1]
    assert place.says("感谢评价", "Thank you") in str(card.now())
    database, office = place.office.database, place.office.office
    (survey,) = await database.read(lambda tx: tx.surveys.not_closed())
    found = employee_surveys.counts_of(office, survey)
    assert found.counters["sales"]["enps"][9] == 1
    assert found.comments == (SAID,)
    key = await place.office.person("emma.clark").key()
    assert await database.read(lambda tx: tx.drafts.of(key)) == ()


async def test_a_window_that_is_closed_leaves_no_draft(place: Workspace) -> None:
    person = await place.person("emma.clark")
    await surveying.asks(place.office, "emma.clark")
    await place.settle()
    await presses(place, person, "匿名作答", "Answer anonymously")
    await person.modal.fill({"q:comment": SAID})
    await person.modal.close()
    await place.settle()

    key = await place.office.person("emma.clark").key()
    assert await place.office.database.read(lambda tx: tx.drafts.of(key)) == ()
