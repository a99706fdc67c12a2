"""The Home tab: what waits, what can be started, one's cases, one's absence; kept up to date."""

from __future__ import annotations

from tests.adapters.slack.deeds import FILLED, files, task_card
from tests.adapters.slack.workspace import Workspace
from tests.fakes.slack import Person
from tests.fakes.slack.surfaces import Home
from workflows.moments import MINUTE


async def at_home(place: Workspace, person: Person) -> Home:
    """They open the Home tab and look at it."""
    await person.open_home()
    await place.calm()
    home = person.home()
    assert home is not None
    return home


async def test_the_home_tab_shows_tasks_starts_cases_and_absence(anyhow: Workspace) -> None:
    place = anyhow
    emma, liu = await place.person("emma.clark"), await place.person("liu.yang")
    await files(place, emma)
    home, own = await at_home(place, liu), await at_home(place, emma)

    assert place.says("我的待办：1 项", "My tasks: 1") in home.text
    assert "C-2026-0001" in home.text
    assert place.says("客户投诉处理流程", "Customer complaint") in home.buttons
    assert place.says("设置外出", "Set my absence") in home.buttons
    assert place.says("我的待办：1 项", "My tasks: 1") not in own.text
    assert "C-2026-0001" in own.text
    place.slack.assert_clean()


async def test_a_form_opens_from_home_and_the_case_appears_there(place: Workspace) -> None:
    emma = await place.person("emma.clark")
    await place.person("liu.yang")
    home = await at_home(place, emma)
    assert "C-2026-0001" not in home.text

    assert (await home.click("Customer complaint")).ok
    await place.calm()
    assert await emma.modal.submit(FILLED) == {}
    await place.settle()

    shown = emma.home()
    assert shown is not None
    assert "C-2026-0001" in shown.text
    place.slack.assert_clean()


async def test_a_case_opens_from_home(place: Workspace) -> None:
    emma, liu = await place.person("emma.clark"), await place.person("liu.yang")
    await files(place, emma)
    home = await at_home(place, liu)
    button = next(one for one in home.controls() if one.label == "C-2026-0001")

    assert (await home.click(button.action_id)).ok
    await place.calm()

    assert "C-2026-0001" in liu.modal.text
    place.slack.assert_clean()


async def test_overdue_tasks_come_first(place: Workspace) -> None:
    await place.everybody()
    emma, liu = await place.person("emma.clark"), await place.person("liu.yang")
    await files(place, emma)
    await place.passes(hours=30)
    await files(place, emma)
    home = await at_home(place, liu)

    assert home.text.index("C-2026-0001") < home.text.index("C-2026-0002")
    assert "overdue" in home.text


async def test_what_changes_is_shown_to_those_who_looked_lately(place: Workspace) -> None:
    emma, liu = await place.person("emma.clark"), await place.person("liu.yang")
    await at_home(place, liu)
    before = len(place.slack.calls("views.publish"))
    await files(place, emma)
    await files(place, emma)

    home = liu.home()
    assert home is not None
    assert "C-2026-0002" in home.text
    assert len(place.slack.calls("views.publish")) - before <= 4

    place.office.clock.set(place.office.clock.now() + 11 * MINUTE)
    await files(place, emma)
    assert "C-2026-0003" not in home.text
    assert "C-2026-0003" in (await at_home(place, liu)).text


async def test_what_others_did_disappears_from_home(place: Workspace) -> None:
    emma, liu = await place.person("emma.clark"), await place.person("liu.yang")
    chen = await place.person("chen.jing")
    await files(place, emma)
    home = await at_home(place, chen)
    assert "C-2026-0001" in home.text

    assert (await liu.click("Claim", task_card(liu, "C-2026-0001"))).ok
    await place.settle()

    shown = chen.home()
    assert shown is not None
    assert "1 task" not in shown.text


async def test_two_processes_that_publish_at_once_show_the_newest_state(place: Workspace) -> None:
    emma, liu = await place.person("emma.clark"), await place.person("liu.yang")
    await at_home(place, liu)
    view = place.slack.world.homes[liu.id]
    view.hash = "of another process"
    await files(place, emma)

    home = liu.home()
    assert home is not None
    assert "C-2026-0001" in home.text
    errors = [one.error for one in place.slack.calls("views.publish") if not one.ok]
    assert errors == ["hash_conflict"]


async def test_an_absence_is_set_and_ended_from_home(anyhow: Workspace) -> None:
    place = anyhow
    liu = await place.person("liu.yang")
    home = await at_home(place, liu)
    assert (await home.click(place.says("设置外出", "Set my absence"))).ok
    await place.calm()
    deputy = place.says("陈静", "Chen Jing")
    assert await liu.modal.submit({"q:person": deputy}) == {}
    await place.calm()
    await liu.close_modal()

    away = liu.home()
    assert away is not None
    assert place.says("回来", "I am back") in "".join(away.buttons)
    assert (await away.click(place.says("我回来了", "I am back"))).ok
    await place.calm()

    back = liu.home()
    assert back is not None
    assert place.says("目前无人代理", "nobody stands in for you") in back.text
    place.slack.assert_clean()


async def test_a_stranger_is_told_how_to_be_linked(place: Workspace) -> None:
    guest = place.slack.person("Some Body", email="nobody@elsewhere.example")
    home = await at_home(place, guest)

    assert "/loop link" in home.text
    assert home.buttons == []
    place.slack.assert_clean()


async def test_a_limit_is_waited_for(place: Workspace) -> None:
    liu = await place.person("liu.yang")
    place.slack.faults.storm("views.publish", times=1, retry_after=7)
    home = await at_home(place, liu)

    assert "Customer complaint" in home.buttons
    assert 7 in place.pauses


async def test_nothing_is_published_while_the_token_is_refused(place: Workspace) -> None:
    emma, liu = await place.person("emma.clark"), await place.person("liu.yang")
    await at_home(place, liu)
    place.slack.revoke()
    await place.calm()
    before = len(place.slack.calls("views.publish"))
    for _ in range(3):
        place.platform.home.touched((await place.office.directory()).by_id("liu.yang").key)  # type: ignore[union-attr]
    await place.calm()
    assert len(place.slack.calls("views.publish")) == before

    place.slack.reinstall()
    await place.platform.api.call("auth.test")
    await files(place, emma)
    home = liu.home()
    assert home is not None
    assert "C-2026-0001" in home.text
