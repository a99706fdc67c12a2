"""What it costs to find out what was pressed: with one process and one button, and with many.

The desk answers at once, so that only reading and dispatching is measured, in processor time. Bolt
with a listener for each button, as its documentation has it, stands beside it.
"""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from slack_bolt.async_app import AsyncApp, AsyncBoltRequest
from slack_bolt.authorization import AuthorizeResult

from bot.platforms.slack import SlackPlatform, SlackSettings
from handlers.conversation.ports import KnownPerson
from handlers.pages import Answer
from handlers.tokens import Token
from tests.bench.tables import Line, Table, at_most, take_turns

FEW, MANY, PROCESSES = 1, 400, 50
EVENTS = 100
ROUNDS = 3


def measure() -> Iterator[Table]:
    """Microseconds of processor time for one press, to its acknowledgement."""
    ours = asyncio.run(_ours())
    variants = {
        "bolt few": (_bolt(FEW), FEW),
        "bolt many": (_bolt(MANY), MANY),
        "few": (ours, FEW),
        "many": (ours, MANY),
    }

    def cost(app: AsyncApp, buttons: int) -> Callable[[], float]:
        return lambda: asyncio.run(_cost(app, _presses(buttons)))

    found = take_turns({n: cost(*given) for n, given in variants.items()}, rounds=ROUNDS)
    yield Table(
        "dispatching a press: processor time",
        "µs",
        [
            Line(f"bolt, {FEW} listener", found["bolt few"]),
            Line(f"bolt, {MANY} listeners, the last", found["bolt many"], found["bolt few"]),
            Line(f"closeloop, 1 process, {FEW} button", found["few"]),
            Line(
                f"closeloop, {PROCESSES} processes, {MANY} buttons",
                found["many"],
                found["few"],
                at_most(1.2),
            ),
        ],
    )


async def _cost(app: AsyncApp, presses: Sequence[dict[str, Any]]) -> float:
    started = time.process_time()
    for number in range(EVENTS):
        # Of many buttons the last ones, which are found last where they are looked for in order.
        request = AsyncBoltRequest(
            mode="socket_mode", body=presses[-1 - number % min(8, len(presses))]
        )
        response = await app.async_dispatch(request)
        assert response.status == 200
    return 1e6 * (time.process_time() - started) / EVENTS


def _presses(buttons: int) -> list[dict[str, Any]]:
    """A press of each button; the cases are those of so many processes."""
    return [_press(number) for number in range(buttons)]


def _press(number: int) -> dict[str, Any]:
    case = f"P{chr(65 + number % PROCESSES // 26)}{chr(65 + number % PROCESSES % 26)}-2026-0001"
    token = str(Token(verb="claim", case_id=case, task=f"t{number}"))
    action = {"type": "button", "action_id": f"cl:press:{number}", "block_id": "b", "value": token}
    return {
        "type": "block_actions",
        "api_app_id": "A0BENCH",
        "team": {"id": "T0BENCH", "domain": "bench"},
        "user": {"id": "U0BENCH", "team_id": "T0BENCH", "name": "bench"},
        "container": {"type": "message", "message_ts": "1.1", "channel_id": "D0BENCH"},
        "channel": {"id": "D0BENCH", "name": "directmessage"},
        "actions": [{**action, "action_ts": f"{number}.0"}],
        "trigger_id": "1.2.3",
        "response_url": "",
    }


def _bolt(listeners: int) -> AsyncApp:
    """Bolt with a listener for each button."""

    async def authorize() -> AuthorizeResult:
        return AuthorizeResult(
            enterprise_id=None, team_id="T0BENCH", bot_token="xoxb-bench", bot_user_id="U0BOT"
        )

    app = AsyncApp(
        authorize=authorize, process_before_response=True, request_verification_enabled=False
    )

    async def acknowledge(ack: Any) -> None:
        await ack()

    for number in range(listeners):
        app.action(re.compile(f"^cl:press:{number}$"))(acknowledge)
    return app


class _Desk:
    """Knows everybody, and has nothing to say."""

    platform = "slack"

    def concerned(self, person: str) -> None:
        """Nobody looks at a page."""

    def listen(self, listener: object) -> None:
        """Nobody listens."""

    async def known(self, account: str) -> KnownPerson:
        """Somebody."""
        return KnownPerson(person="p", name="Bench", language="en", zone="UTC")

    async def pressed(self, person: str, token: str, *, key: str) -> Answer:
        """Done."""
        return Answer(text="")


async def _ours() -> AsyncApp:
    desk: Any = _Desk()
    platform = SlackPlatform(SlackSettings(bot_token="xoxb-bench"), desk)
    return platform.gateway.app
