"""Watching a case from More, and by a command."""

from __future__ import annotations

from tests.adapters.telegram.ground import Company
from tests.adapters.telegram.test_verbs import opens


async def test_more_offers_to_watch_or_to_stop_whichever_fits(in_both: Company) -> None:
    says = in_both.says
    filer, desk = await in_both.people("emma.clark", "liu.yang")
    await in_both.case()
    card = await filer.waits_for("C-2026-0001")
    theirs = await desk.waits_for("C-2026-0001")

    await opens(in_both, filer, card, says("取消关注", "Unwatch"))
    await in_both.settled()
    await desk.says("one box", reply_to=theirs)
    await in_both.settled()
    assert "one box" not in filer.screen()

    await filer.says("/watch C-2026-0001")
    await in_both.settled()
    await desk.says("two boxes", reply_to=theirs)
    await in_both.settled()
    await filer.waits_for("two boxes")
    assert (await in_both.work.event_types("C-2026-0001")).count("WatchChanged") == 2
