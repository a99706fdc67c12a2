"""Messages that their writer changed or took back: what was said stays, corrections are told."""

from __future__ import annotations

from tests.adapters.slack.deeds import files
from tests.adapters.slack.workspace import Workspace


async def test_a_changed_comment_is_corrected_in_the_history(either: Workspace) -> None:
    await either.everybody()
    emma, liu = await either.person("emma.clark"), await either.person("liu.yang")
    await files(either, emma)
    said = await liu.says("Twelve boxes are wet", thread=liu.last_card())
    await either.settle()

    either.slack.rewrite(said.message, "Two boxes are wet", None, None)
    await either.settle()

    assert (await either.office.event_types()).count("Commented") == 2
    told = [seen.text for seen in emma.messages()]
    assert any("Correction" in text and "Two boxes are wet" in text for text in told)
    either.slack.assert_clean()


async def test_whoever_takes_a_comment_back_learns_that_it_stays(either: Workspace) -> None:
    await either.everybody()
    emma, liu = await either.person("emma.clark"), await either.person("liu.yang")
    await files(either, emma)
    said = await liu.says("Twelve boxes are wet", thread=liu.last_card())
    await either.settle()

    either.slack.remove(said.message)
    await either.settle()

    assert (await either.office.event_types()).count("Commented") == 1
    thread = liu.last_card("C-2026-0001").thread()
    assert any("stays in the history" in seen.text for seen in thread)


async def test_a_changed_message_outside_a_case_gets_an_honest_hint(either: Workspace) -> None:
    await either.everybody()
    emma = await either.person("emma.clark")
    said = await emma.says("hello")
    await either.settle()

    either.slack.rewrite(said.message, "help", None, None)
    await either.settle()

    assert "the change has no effect" in emma.last_message().text
