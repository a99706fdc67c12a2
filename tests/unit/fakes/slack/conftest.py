from collections.abc import AsyncIterator

import aiohttp
import pytest

from tests.fakes.slack import FakeSlack, Person, VirtualClock
from tests.fakes.slack.raw import RawClient, RawSocket


@pytest.fixture
def clock() -> VirtualClock:
    return VirtualClock()


@pytest.fixture
async def slack(clock: VirtualClock) -> AsyncIterator[FakeSlack]:
    async with FakeSlack(now=clock, rates=False) as fake:
        yield fake


@pytest.fixture
def ana(slack: FakeSlack) -> Person:
    return slack.person("Ana Lee", id="U0ANA", locale="zh-CN", tz="Asia/Shanghai", tz_offset=28800)


@pytest.fixture
async def api(slack: FakeSlack, ana: Person) -> AsyncIterator[RawClient]:
    slack.person("Gone", id="U0GONE", deleted=True)
    slack.person("Stranger", id="U0FAR", is_stranger=True, team_id="T0OTHER")
    slack.person("Robot", id="U0ROBOT", is_bot=True)
    slack.channel("open", [ana]).id = "C0OPEN"
    slack.channel("elsewhere", [ana], bot=False).id = "C0ELSE"
    slack.channel("secret", [ana], private=True, bot=False).id = "G0SECRET"
    slack.channel("old", [ana]).id = "C0OLD"
    slack.channel("quiet", [ana]).id = "C0QUIET"
    world = slack.world
    world.channels = {channel.id: channel for channel in world.channels.values()}
    world.channels["C0OLD"].archived = True
    world.channels["C0QUIET"].restricted = True
    async with aiohttp.ClientSession() as session:
        yield RawClient(slack, session)


@pytest.fixture
async def link(api: RawClient) -> RawSocket:
    """A connection that has said hello."""
    socket = await RawSocket.open(api)
    assert (await socket.receive())["type"] == "hello"
    return socket
