"""People can press what was rendered for them, and say what Slack lets them say."""

import pytest

from tests.fakes.slack import CannotDo, FakeSlack, Person, sample
from tests.fakes.slack.bricks import actions, button, confirm, options, plain, section
from tests.fakes.slack.raw import RawClient, RawSocket


async def post(api: RawClient, ana: Person, *blocks: dict) -> dict:
    return await api("chat.postMessage", channel=ana.id, text="Card", blocks=list(blocks))


# ------------------------------------------------------------------ messages


async def test_a_click_tells_all_that_a_click_tells(
    api: RawClient, link: RawSocket, ana: Person
) -> None:
    posted = await post(api, ana, section("What"), actions(button(1, value="case-7")))

    reply, payload = await link.answered(ana.click("Go"))

    assert reply.ok
    (action,) = payload["actions"]
    assert (action["action_id"], action["value"]) == ("b1", "case-7")
    assert payload["container"]["message_ts"] == posted["ts"] == payload["message"]["ts"]
    assert payload["channel"]["id"] == ana.dm.id
    assert payload["user"]["id"] == ana.id
    assert payload["response_url"].startswith(api.slack.origin)


async def test_what_is_not_on_the_screen_cannot_be_pressed(
    api: RawClient, link: RawSocket, ana: Person
) -> None:
    posted = await post(api, ana, actions(button(1), button(2, text=plain("Stop"))))
    seen = ana.last_card()

    with pytest.raises(CannotDo):
        await ana.click("Delete everything", seen)
    with pytest.raises(CannotDo):
        await api.slack.person("Ben").click("Go", seen)
    await api("chat.update", channel=ana.dm.id, ts=posted["ts"], text="Done", blocks=[])
    assert seen.replaced
    with pytest.raises(CannotDo):
        await ana.click("Go", seen)
    reply, _ = await link.answered(ana.click("Go", seen, stale=True))
    assert reply.ok
    api.slack.remove(seen.message)
    assert not ana.sees("Done")


async def test_a_dialog_that_asks_again_must_be_confirmed(
    api: RawClient, link: RawSocket, ana: Person
) -> None:
    await post(api, ana, actions(button(1, confirm=confirm()), button(2, text=plain("Plain"))))

    with pytest.raises(CannotDo, match="asks for"):
        await ana.click("Go")
    with pytest.raises(CannotDo, match="does not ask"):
        await ana.click("Plain", confirm=True)
    assert (await link.answered(ana.click("Go", confirm=True)))[0].ok


async def test_menus_in_messages_send_what_was_picked(
    api: RawClient, link: RawSocket, ana: Person
) -> None:
    await post(
        api,
        ana,
        section("Who", accessory={"type": "users_select", "action_id": "who"}),
        actions(
            {"type": "static_select", "action_id": "what", "options": options(2)},
            {"type": "overflow", "action_id": "more", "options": options(3)},
        ),
    )

    _, payload = await link.answered(ana.click("who", option="Ana Lee"))
    assert payload["actions"][0]["selected_user"] == ana.id
    _, payload = await link.answered(ana.click("what", option="Option 1"))
    assert payload["actions"][0]["selected_option"]["value"] == "1"
    assert payload["state"]["values"]
    _, payload = await link.answered(ana.click("more", option="2"))
    assert payload["actions"][0]["selected_option"]["value"] == "2"
    with pytest.raises(CannotDo, match="does not offer"):
        await ana.click("what", option="Option 9")


async def test_a_forged_action_can_be_sent_by_anybody(
    api: RawClient, link: RawSocket, ana: Person
) -> None:
    await post(api, ana, actions(button(1, value="case-7")))
    guest = api.slack.person("Guest", is_restricted=True)

    forged = ana.last_card().forge({"action_id": "b1", "value": "case-8"}, by=guest)
    _, payload = await link.answered(forged)

    assert payload["user"]["id"] == guest.id
    assert payload["actions"][0]["value"] == "case-8"


async def test_a_response_url_replaces_or_removes_the_card(
    api: RawClient, link: RawSocket, ana: Person
) -> None:
    await post(api, ana, actions(button(1)))
    _, payload = await link.answered(ana.click("Go"))
    url = payload["response_url"]

    async with api.session.post(url, json={"replace_original": True, "text": "Done"}) as answer:
        assert answer.status == 200
    assert ana.last_message().text.strip() == "Done"
    async with api.session.post(url, json={"delete_original": True}) as answer:
        assert answer.status == 200
    assert ana.messages() == []


async def test_a_forwarded_card_has_nothing_to_press(api: RawClient, ana: Person) -> None:
    await post(api, ana, section("Card"), actions(button(1)))
    channel = api.slack.channel("office", [ana])

    copy = await ana.forwards(ana.last_card(), channel)

    assert "Card" in copy.text
    with pytest.raises(CannotDo):
        await ana.click("Go", copy)


async def test_the_bot_calling_everyone_is_noticed(api: RawClient, ana: Person) -> None:
    api.slack.assert_clean()
    await post(api, ana, section("Hello <!channel>"), section("&lt;!here&gt;"))

    assert [name for _, name in api.slack.broadcasts] == ["channel"]


# ------------------------------------------------------------------ commands and words


async def test_commands_are_typed_where_slack_takes_them(slack: FakeSlack, ana: Person) -> None:
    ben = slack.person("Ben")
    far = slack.person("Far", is_stranger=True, team_id="T0FAR")
    channel = slack.channel("office", [ana])

    with pytest.raises(CannotDo, match="not a valid command"):
        await ana.slash("/unknown")
    with pytest.raises(CannotDo, match="not in office"):
        await ben.slash("/loop", channel)
    with pytest.raises(CannotDo, match="other workspaces"):
        await far.slash("/loop")
    ben.deactivate()
    with pytest.raises(CannotDo, match="deactivated"):
        await ben.says("Hello")
    slack.archive(channel)
    with pytest.raises(CannotDo, match="archived"):
        await ana.says("Hello", channel)


async def test_nobody_writes_to_an_app_whose_tab_is_read_only() -> None:
    manifest = sample()
    manifest["features"]["app_home"]["messages_tab_read_only_enabled"] = True
    async with FakeSlack(manifest) as slack:
        with pytest.raises(CannotDo, match="read-only"):
            await slack.person("Ana").says("Hello")


async def test_a_mention_a_file_and_an_answer_reach_the_app(
    api: RawClient, link: RawSocket, ana: Person
) -> None:
    channel = api.slack.channel("office", [ana])
    posted = await post(api, ana, section("Case"))
    own = await link.receive()
    await ana.mention("help", channel)
    await ana.upload("a.txt", b"x", text="Look", thread=ana.last_message("Case"))
    events = {
        event["subtype"] if "subtype" in event else event["type"]: event
        for event in [(await link.receive())["payload"]["event"] for _ in range(2)]
    }

    assert own["payload"]["event"]["bot_id"]
    assert events["app_mention"]["channel"] == channel.id
    shared = events["file_share"]
    assert (shared["thread_ts"], shared["files"][0]["name"]) == (posted["ts"], "a.txt")
    assert shared["channel_type"] == "im"
    assert [one.text.strip() for one in ana.last_message("Case").thread()] == ["Look\n\na.txt"]


async def test_shortcuts_are_those_of_the_manifest(
    api: RawClient, link: RawSocket, ana: Person
) -> None:
    said = await ana.says("It is broken")

    _, payload = await link.answered(ana.shortcut("cl:complain", said))
    assert payload["type"] == "message_action"
    assert payload["message"]["text"] == "It is broken"
    _, payload = await link.answered(ana.shortcut("cl:new"))
    assert (payload["type"], "channel" in payload) == ("shortcut", False)
    with pytest.raises(CannotDo):
        await ana.shortcut("cl:complain")


# ------------------------------------------------------------------ the Home tab


async def test_the_home_tab_is_opened_and_pressed(
    api: RawClient, link: RawSocket, ana: Person
) -> None:
    await ana.open_home()
    assert (await link.receive())["payload"]["event"]["tab"] == "home"
    home = {"type": "home", "blocks": [section("My tasks"), actions(button(1))]}
    await api("views.publish", user_id=ana.id, view=home)

    shown = ana.home()
    assert shown is not None
    assert ana.sees("My tasks")
    _, payload = await link.answered(ana.click("Go", shown))
    assert payload["view"]["type"] == "home"
    assert payload["container"]["type"] == "view"
