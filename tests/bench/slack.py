"""From a click in Slack to its acknowledgement, beside bare slack-bolt and beside nobody.

The fake and its people live in this process; who answers lives in another one: `closeloop run`
with everything that runs in it, bolt with a listener that only acknowledges, or a socket that is
answered by hand, which shows the fake's own share.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

from bot.platforms.slack.blocks import render
from tests.bench import desks, dispatch
from tests.bench.desks import LANGUAGE, Desks
from tests.bench.ground import FLUSH_US, Ground
from tests.bench.paces import HELD, Click, Pace, Round, lines, played, turns
from tests.bench.tables import Measurement, Table, at_least, at_most
from tests.fakes.slack import FakeSlack, Person, Seen, sample
from tests.fakes.slack.world import BOT_USER

PACE = Pace(warm=10, paced=50, at_once=200)
PROGRAMS = {"bare bolt": "slack", "nobody": "socket"}
P99_MS, SHARE = 50, 0.4


def measure(ground: Ground) -> Iterator[Table]:
    """Clicks on complaints that can be claimed; in every round they are new."""
    folder = ground.place("slack")
    made = asyncio.run(desks.filled(folder, platform="slack", cases=PACE.clicks))
    home = desks.deployment(folder)
    flush = FLUSH_US if ground.slow else 0

    def once(name: str) -> Round:
        return asyncio.run(one_round(name, made, home, flush, PACE))

    found = turns(once, bare="bare bolt")
    aims = {"p99": at_most(P99_MS, " ms"), "share": at_least(SHARE)}
    yield from lines(found, what="acknowledgement", **aims)
    yield from dispatch.measure()


async def one_round(name: str, made: Desks, home: Path, flush: int, pace: Pace) -> Round:
    """Clicks in a new Slack on a new copy; after the last, everybody was told what came of it."""
    async with FakeSlack(sample(), rates=False) as slack:
        cards = laid_out(slack, made)
        refs = [f"{card.channel}/{card.ts}" for card in cards]
        url = await desks.laid_out(made, refs, held=name == HELD)
        clicks = [click(cards[number], made.cards[number].claim) for number in made.presses]
        before = pace.warm + pace.paced

        async def told(number: int) -> None:
            await slack.called("response_url", before + number)

        ours = name not in PROGRAMS
        async with desks.beside(program(name, slack, home, url, flush)):
            await slack.connected(2 if ours else 1)
            found = await played(clicks, pace, told=told if ours else None)
        assert slack.troubles == []
        assert slack.failures == []
        return found


def laid_out(slack: FakeSlack, made: Desks) -> list[Seen]:
    """Every card where its reader finds it; the app hears nothing of that."""
    slack.installed = False
    people: dict[str, Person] = {}
    seen = []
    for posted in made.cards:
        if posted.account not in people:
            name = f"Desk {posted.account[-5:]}"
            people[posted.account] = slack.person(name, id=posted.account, locale="zh-CN")
        person = people[posted.account]
        shown = render(posted.card, language=LANGUAGE)
        message = slack.post(person.dm, BOT_USER, shown.text, by_bot=True, blocks=shown.blocks)
        seen.append(Seen.of(person, message))
    slack.installed = True
    return seen


def click(seen: Seen, label: str) -> Click:
    return lambda: seen.person.click(label, seen)


def program(
    name: str, slack: FakeSlack, home: Path, url: str, flush: int
) -> AbstractContextManager[Any]:
    if name in PROGRAMS:
        return desks.bare(PROGRAMS[name], slack.api_url, slack.app_token, slack.bot_token)
    settings = {
        "CLOSELOOP_SLACK__ENABLED": "true",
        "CLOSELOOP_SLACK__API_URL": slack.api_url,
        "CLOSELOOP_SLACK__APP_TOKEN": slack.app_token,
        "CLOSELOOP_SLACK__BOT_TOKEN": slack.bot_token,
    }
    return desks.bot(home, database=url, flush=flush, **settings)


MEASUREMENT = Measurement(
    name="slack",
    about="from a click in Slack to its acknowledgement, beside bare slack-bolt",
    measure=measure,
)
