"""Watching a case from More, and by a command."""

from __future__ import annotations

from tests.adapters.slack.deeds import chooses, files
from tests.adapters.slack.workspace import Workspace


async def test_more_offers_to_watch_or_to_stop_whichever_fits(either: Workspace) -> None:
    await either.everybody()
    emma, liu = await either.person("emma.clark"), await either.person("liu.yang")
    await files(either, emma)
    card = emma.last_card("C-2026-0001")

    await chooses(either, emma, "取消关注", "Unwatch", card)
    await liu.says("one box", thread=liu.last_card())
    await either.settle()
    assert not any("one box" in seen.text for seen in emma.messages())

    await chooses(either, emma, "关注", "Watch", card.now())
    await liu.says("two boxes", thread=liu.last_card())
    await either.settle()
    assert any("two boxes" in seen.text for seen in emma.messages())
    either.slack.assert_clean()


async def test_loop_watches_a_case_and_stops(either: Workspace) -> None:
    await either.everybody()
    emma = await either.person("emma.clark")
    await files(either, emma)

    await emma.slash("/loop unwatch c-2026-0001")
    assert "C-2026-0001" in emma.last_message().text
    await emma.slash("/loop watch C-2026-0001")
    await either.settle()

    kinds = await either.office.event_types()
    assert kinds.count("WatchChanged") == 2
    either.slack.assert_clean()
