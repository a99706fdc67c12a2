"""Many escalations to one person on Slack: three messages, and a digest whose lines open all."""

from __future__ import annotations

from tests.adapters.slack.deeds import FILLED, files, opens
from tests.adapters.slack.workspace import Workspace
from tests.fakes.slack import Seen

CASES = 6


async def test_beyond_three_a_digest_is_posted_and_each_line_opens_its_card(
    place: Workspace,
) -> None:
    await place.everybody()
    emma, lin = await place.person("emma.clark"), await place.person("lin.wei")
    for number in range(CASES):
        await files(place, emma, **{"q:customer": f"Acme {number}"})
    await place.passes(hours=26)

    escalations = [m for m in lin.messages() if _is(place, m, "升级", "Escalation")]
    assert len(escalations) == 3
    (digest,) = _digests(place, lin.messages())
    for number in range(CASES):
        assert f"C-2026-000{number + 1} · Acme {number}" in digest.text
    assert [button for button in digest.buttons if button.startswith("C-2026-")] == [
        f"C-2026-000{number + 1}" for number in range(CASES)
    ]

    assert (await lin.click("C-2026-0006", digest)).ok
    await place.settle()
    shown = lin.messages()[-1]
    assert shown.is_ephemeral
    assert place.says("升级", "Escalation") in shown.text
    assert place.says("历史", "History") in shown.text or "Acme 5" in shown.text
    place.slack.assert_clean()


async def test_a_digest_of_more_than_it_can_show_stays_inside_the_limits(place: Workspace) -> None:
    await place.everybody()
    emma, lin = await place.person("emma.clark"), await place.person("lin.wei")
    for number in range(40):
        modal = await opens(emma, place)
        assert await modal.submit({**FILLED, "q:customer": f"{number} " + "有限公司" * 20}) == {}
    await place.settle()
    await place.passes(hours=26)

    (digest,) = _digests(place, lin.messages())
    assert len(digest.buttons) == 30
    place.slack.assert_clean()


def _is(place: Workspace, seen: Seen, zh: str, en: str) -> bool:
    return place.says(f"{zh} ", f"{en}, level") in seen.text and not seen.is_ephemeral


def _digests(place: Workspace, shown: list[Seen]) -> list[Seen]:
    return [seen for seen in shown if place.says("项升级", "escalations for you") in seen.text]
