"""Accounts and people: linked by e-mail, kept in step; whoever is not one of us is not linked."""

from __future__ import annotations

from typing import Any

import pytest

from bot.platforms.slack.directory import LEASE, PAGE, SlackMembers
from handlers.conversation.ports import KnownPerson
from tests.adapters.slack.deeds import files
from tests.adapters.slack.workspace import Workspace
from tests.fakes.slack import Person


async def known(place: Workspace, person: Person) -> KnownPerson | None:
    """Whom this account is linked to."""
    return await place.desk.known(person.id)


async def joined(place: Workspace, person_id: str, **more: Any) -> Person:
    """Somebody of the company appears in the workspace; the app hears of it."""
    given = {"email": f"{person_id}@example.com", "locale": "zh-CN", "tz": "Europe/Berlin", **more}
    person = place.slack.person(person_id.replace(".", " ").title(), **given)
    await place.calm()
    return person


async def test_who_joins_is_linked_with_language_and_zone(place: Workspace) -> None:
    liu = await joined(place, "liu.yang", email="Liu.Yang@Example.com")
    found = await known(place, liu)
    directory = await place.office.directory()
    person = directory.by_id("liu.yang")

    assert found is not None
    assert person is not None
    assert found.person == person.key
    assert person.timezone_there == "Europe/Berlin"
    assert person.language_there == "zh"
    place.slack.assert_clean()


@pytest.mark.parametrize(
    "trait",
    [
        {"is_bot": True},
        {"is_restricted": True},
        {"is_ultra_restricted": True},
        {"is_stranger": True, "team_id": "T0ELSEWHERE"},
        {"team_id": "T0ELSEWHERE"},
        {"email": "nobody@elsewhere.example"},
        {"email": ""},
    ],
    ids=["bot", "guest", "one-channel", "stranger", "elsewhere", "unknown", "without"],
)
async def test_nobody_else_is_linked(place: Workspace, trait: dict[str, Any]) -> None:
    other = await joined(place, "liu.yang", **trait)
    await place.platform.directory.look()

    assert await known(place, other) is None


async def test_whoever_is_switched_off_is_not_reached_here_any_more(place: Workspace) -> None:
    liu = await joined(place, "liu.yang")
    liu.deactivate()
    await place.calm()
    assert await known(place, liu) is None

    place.slack.change_person(liu, deleted=False)
    await place.calm()
    assert await known(place, liu) is not None


async def test_what_changes_is_kept_in_step(place: Workspace) -> None:
    liu = await joined(place, "liu.yang", email="old@example.com")
    assert await known(place, liu) is None
    place.slack.change_person(liu, email="liu.yang@example.com", locale="en-US", tz="Asia/Tokyo")
    await place.calm()
    person = (await place.office.directory()).by_id("liu.yang")

    assert await known(place, liu) is not None
    assert person is not None
    assert (person.language_there, person.timezone_there) == ("en", "Asia/Tokyo")


async def test_a_zone_that_is_unknown_here_gives_way_to_the_companys(place: Workspace) -> None:
    """Other products failed on it (o365-moodle 1804), and on everybody after it in the list."""
    liu = place.slack.person("Liu", email="liu.yang@example.com", tz="Mars/Olympus")
    li = place.slack.person("Li", email="li.qiang@example.com", tz="Asia/Tokyo")
    await place.platform.directory.look()

    assert [one and one.zone for one in (await known(place, liu), await known(place, li))] == [
        "Asia/Shanghai",
        "Asia/Tokyo",
    ]


async def test_everybody_is_looked_at_page_by_page(place: Workspace) -> None:
    place.slack.sockets.links.clear()  # events of this crowd are not of interest
    crowd = PAGE * 2 + 7
    for number in range(crowd):
        place.slack.person(f"Nobody {number}", email=f"n{number}@elsewhere.example")
    liu = place.slack.person("Liu", email="liu.yang@example.com")
    before = len(place.slack.calls("users.list"))
    again = SlackMembers(place.platform.api, place.desk, place.platform.people)
    await again.look()

    assert await known(place, liu) is not None
    assert len(place.slack.calls("users.list")) - before == 3


async def test_two_processes_do_not_look_at_once(place: Workspace) -> None:
    await place.calm()
    before = len(place.slack.calls("users.list"))
    assert await place.desk.take_lease(LEASE, owner="another", seconds=60)
    await place.platform.directory.look()
    assert len(place.slack.calls("users.list")) == before

    await place.desk.end_lease(LEASE, owner="another")
    await place.platform.directory.look()
    await place.platform.directory.look()
    assert len(place.slack.calls("users.list")) == before + 2


async def test_one_of_the_replicas_looks_for_the_day(place: Workspace) -> None:
    await place.calm()
    before = len(place.slack.calls("users.list"))
    other = SlackMembers(place.platform.api, place.desk, place.platform.people)
    await place.platform.directory.look(daily=True)
    await other.look(daily=True)

    assert len(place.slack.calls("users.list")) == before + 1


async def test_a_limit_is_waited_for_and_a_failure_is_no_end(place: Workspace) -> None:
    liu = place.slack.person("Liu", email="someone@elsewhere.example")
    await place.calm()
    liu.user.email = "liu.yang@example.com"
    place.slack.faults.storm("users.list", times=2, retry_after=9)
    await place.platform.directory.look()
    assert place.pauses.count(9) == 2
    assert await known(place, liu) is not None

    place.slack.faults.refuse("users.list", "fatal_error", times=10)
    await place.platform.directory.look()


async def test_a_message_finds_another_way_when_somebody_left(place: Workspace) -> None:
    await place.everybody()
    emma, liu = await place.person("emma.clark"), await place.person("liu.yang")
    liu.deactivate()
    await place.calm()
    await files(place, emma)

    assert not any("C-2026-0001" in one.text for one in liu.messages())
    chen = await place.person("chen.jing")
    assert chen.sees("C-2026-0001")


async def test_a_revoked_token_is_noticed_at_once(place: Workspace) -> None:
    assert place.platform.connected()
    place.slack.revoke()
    await place.calm()
    assert not place.platform.connected()

    place.slack.reinstall()
    await place.platform.api.call("auth.test")
    assert place.platform.connected()
