"""The Web API keeps its promises, and its limits."""

import asyncio
from collections.abc import Callable

import aiohttp
import pytest

from tests.fakes.slack import FakeSlack, Person, VirtualClock, sample
from tests.fakes.slack.bricks import modal, section
from tests.fakes.slack.raw import RawClient

META = {"event_type": "outbox", "event_payload": {"id": "1"}}
BAD_VIEW = modal(section("x" * 3001))


async def token(api: RawClient, token: str | None, method: str = "auth.test") -> str:
    api.token = token
    return str((await api(method)).get("error"))


async def test_every_kind_of_wrong_token_has_its_error(api: RawClient) -> None:
    slack = api.slack

    assert await token(api, None) == "not_authed"
    assert await token(api, "xoxb-other") == "invalid_auth"
    assert await token(api, slack.app_token) == "not_allowed_token_type"
    assert await token(api, slack.app_token, "apps.connections.open") == "None"
    slack.revoke()
    assert await token(api, slack.bot_token) == "token_revoked"
    slack.reinstall()
    slack.uninstall()
    assert await token(api, slack.bot_token) == "account_inactive"


async def test_scopes_are_told_and_a_missing_one_is_named(api: RawClient) -> None:
    await api("auth.test")
    assert "chat:write" in api.headers["x-oauth-scopes"].split(",")

    api.slack.scopes -= {"chat:write"}
    answer = await api("chat.postMessage", channel="C0OPEN", text="x")
    assert (answer["error"], answer["needed"]) == ("missing_scope", "chat:write")


async def test_a_person_stands_for_the_conversation_with_them(api: RawClient, ana: Person) -> None:
    posted = await api("chat.postMessage", channel=ana.id, text="Hello", metadata=META)
    assert posted["channel"] == ana.dm.id

    told = await api("conversations.history", channel=ana.dm.id, include_all_metadata=True)
    assert told["messages"][0]["metadata"] == META
    told = await api("conversations.history", channel=ana.dm.id)
    assert "metadata" not in told["messages"][0]


async def test_threads_are_found_by_their_first_message(api: RawClient, ana: Person) -> None:
    first = await api("chat.postMessage", channel=ana.id, text="One")
    dm, ts = first["channel"], first["ts"]
    second = await api("chat.postMessage", channel=dm, text="Two", thread_ts=ts, metadata=META)

    told = await api("conversations.replies", channel=dm, ts=ts, include_all_metadata=True)
    assert [one["ts"] for one in told["messages"]] == [ts, second["ts"]]
    assert told["messages"][1]["metadata"] == META
    told = await api("conversations.history", channel=dm)
    assert [one["ts"] for one in told["messages"]] == [ts]


@pytest.mark.parametrize("dedupes", [True, False])
async def test_a_repeated_message_is_known_or_not(
    api: RawClient, ana: Person, *, dedupes: bool
) -> None:
    api.slack.dedupes = dedupes
    args = {"channel": ana.id, "text": "Once", "client_msg_id": "one"}

    first, second = await api("chat.postMessage", **args), await api("chat.postMessage", **args)

    assert len(ana.messages()) == (1 if dedupes else 2)
    assert second.get("is_duplicate", False) is dedupes
    assert (first["ts"] == second["ts"]) is dedupes


async def test_only_its_own_messages_can_be_changed(api: RawClient, ana: Person) -> None:
    said = await ana.says("Mine")
    where = {"channel": said.channel, "ts": said.ts}

    assert (await api("chat.update", **where, text="x"))["error"] == "cant_update_message"
    own = await api("chat.postMessage", channel=said.channel, text="x" * 5000)
    where["ts"] = own["ts"]
    assert (await api("chat.update", **where, text="x" * 4001))["error"] == "msg_too_long"
    assert (await api("chat.update", **where, text="x" * 4000))["ok"]


async def test_an_update_keeps_what_it_does_not_name(api: RawClient, ana: Person) -> None:
    blocks = [section("Card")]
    own = await api("chat.postMessage", channel=ana.id, text="x", blocks=blocks, metadata=META)
    where = {"channel": own["channel"], "ts": own["ts"]}

    await api("chat.update", **where, text="y")
    message = ana.last_message("Card").message
    assert (message.metadata, message.text) == (META, "y")
    await api("chat.update", **where, text="y", blocks=[], metadata={})
    assert ana.last_message().text.strip() == "y"
    assert message.metadata is None


async def test_an_ephemeral_message_is_for_one_and_cannot_be_changed(
    api: RawClient, ana: Person
) -> None:
    ben = api.slack.person("Ben")
    channel = api.slack.world.channels["C0OPEN"]
    channel.members.add(ben.id)

    told = await api("chat.postEphemeral", channel="C0OPEN", user=ana.id, text="Psst")

    assert ana.sees("Psst")
    assert not ben.sees("Psst")
    args = {"channel": "C0OPEN", "ts": told["message_ts"], "text": "x"}
    assert (await api("chat.update", **args))["error"] == "message_not_found"


async def test_without_a_messages_tab_nobody_is_written_to(clock: VirtualClock) -> None:
    manifest = sample()
    manifest["features"]["app_home"]["messages_tab_enabled"] = False
    manifest["features"]["app_home"]["home_tab_enabled"] = False
    async with FakeSlack(manifest, now=clock) as slack, aiohttp.ClientSession() as session:
        api, ana = RawClient(slack, session), slack.person("Ana")

        told = await api("chat.postMessage", channel=ana.id, text="x")
        assert told["error"] == "messages_tab_disabled"
        home = {"type": "home", "blocks": [section()]}
        told = await api("views.publish", user_id=ana.id, view=home)
        assert told["error"] == "not_enabled"


async def test_people_are_told_as_their_scopes_allow(api: RawClient, ana: Person) -> None:
    told = (await api("users.info", user=ana.id, include_locale="true"))["user"]
    assert (told["locale"], told["tz"], told["tz_offset"]) == ("zh-CN", "Asia/Shanghai", 28800)
    assert told["profile"]["email"] == "ana.lee@example.com"

    api.slack.scopes -= {"users:read.email"}
    told = (await api("users.info", user=ana.id))["user"]
    assert "email" not in told["profile"]
    assert "locale" not in told


async def test_lists_come_in_pages(api: RawClient) -> None:
    first = await api("users.list", limit=2)
    cursor = first["response_metadata"]["next_cursor"]
    rest = await api("users.list", limit=100, cursor=cursor)

    ids = [user["id"] for user in first["members"] + rest["members"]]
    assert ids == list(api.slack.world.users)
    assert rest["response_metadata"]["next_cursor"] == ""


# ------------------------------------------------------------------ rates


async def test_a_channel_takes_a_message_a_second(
    api: RawClient, clock: VirtualClock, ana: Person
) -> None:
    api.slack.rates.enforced = True

    assert (await api("chat.postMessage", channel=ana.id, text="1"))["ok"]
    told = await api("chat.postMessage", channel=ana.id, text="2")
    assert (told["error"], api.status, api.headers["Retry-After"]) == ("ratelimited", 429, "1")
    assert (await api("chat.postMessage", channel="C0OPEN", text="elsewhere"))["ok"]
    clock.advance(1)
    assert (await api("chat.postMessage", channel=ana.id, text="2"))["ok"]


async def test_a_method_has_its_tier(api: RawClient, clock: VirtualClock) -> None:
    api.slack.rates.enforced = True
    for _ in range(20):
        assert (await api("users.list"))["ok"]

    await api("users.list")
    assert (api.status, api.headers["Retry-After"]) == (429, "60")
    clock.advance(60)
    assert (await api("users.list"))["ok"]


# ------------------------------------------------------------------ files


async def test_a_file_goes_up_in_three_steps_and_is_seen(api: RawClient, ana: Person) -> None:
    content = b"%PDF"
    begun = await api("files.getUploadURLExternal", filename="a.pdf", length=len(content))
    early = await api("files.completeUploadExternal", files=[{"id": begun["file_id"]}])
    assert early["error"] == "file_not_found"
    async with api.session.post(begun["upload_url"], data=b"short") as answer:
        assert answer.status == 400
    async with api.session.post(begun["upload_url"], data=content) as answer:
        assert answer.status == 200

    files = [{"id": begun["file_id"], "title": "Certificate"}]
    told = await api("files.completeUploadExternal", files=files, channel_id="C0ELSE")
    assert told["error"] == "not_in_channel"
    many = ",".join(["C0OPEN"] * 101)
    told = await api("files.completeUploadExternal", files=files, channels=many)
    assert told["error"] == "channels_limit_exceeded"
    told = await api(
        "files.completeUploadExternal", files=files, channel_id=ana.dm.id, initial_comment="Here"
    )
    assert told["files"][0]["title"] == "Certificate"
    (seen,) = [one for one in ana.messages() if one.files]
    assert (seen.files[0].content, "a.pdf" in seen.text) == (content, True)


async def test_a_download_needs_a_token_that_may_see_the_file(api: RawClient, ana: Person) -> None:
    said = await ana.upload("a.txt", b"secret")
    hidden = await ana.upload("b.txt", b"hidden", api.slack.world.channels["C0ELSE"])
    url = said.files[0].as_json(api.slack.origin)["url_private_download"]

    async def got(url: str, token: str) -> bytes:
        told = {"Authorization": f"Bearer {token}"}
        async with api.session.get(url, headers=told) as answer:
            assert answer.status == 200
            return await answer.read()

    assert await got(url, api.slack.bot_token) == b"secret"
    assert b"Sign in" in await got(url, "xoxb-wrong")
    url = hidden.files[0].as_json(api.slack.origin)["url_private"]
    assert b"Sign in" in await got(url, api.slack.bot_token)


# ------------------------------------------------------------------ views


async def test_a_trigger_is_used_once_and_within_three_seconds(
    api: RawClient, ana: Person, clock: VirtualClock
) -> None:
    view = modal(section())
    trigger = api.slack.new_trigger(ana.id)

    told = await api("views.open", trigger_id=trigger, view=BAD_VIEW)
    assert "[json-pointer:/view/blocks/0/text/text]" in told["response_metadata"]["messages"][0]
    assert (await api("views.open", trigger_id=trigger, view=view))["ok"]
    told = await api("views.open", trigger_id=trigger, view=view)
    assert told["error"] == "exchanged_trigger_id"
    trigger = api.slack.new_trigger(ana.id)
    clock.advance(3.1)
    told = await api("views.open", trigger_id=trigger, view=view)
    assert told["error"] == "expired_trigger_id"
    api.slack.faults.trigger_form = "pointer"
    told = await api("views.open", trigger_id=trigger, view=view)
    assert "[json-pointer:/trigger_id]" in told["response_metadata"]["messages"][0]


async def test_three_views_stand_upon_each_other_at_most(api: RawClient, ana: Person) -> None:
    def args(**more: str) -> dict:
        return {"trigger_id": api.slack.new_trigger(ana.id), "view": modal(section(), **more)}

    assert (await api("views.push", **args()))["error"] == "not_found"
    first = (await api("views.open", **args(external_id="one")))["view"]
    assert (await api("views.push", **args(external_id="one")))["error"] == "duplicate_external_id"
    second = (await api("views.push", **args()))["view"]
    assert (second["previous_view_id"], second["root_view_id"]) == (first["id"], first["id"])
    await api("views.push", **args())
    assert (await api("views.push", **args()))["error"] == "push_limit_reached"


async def test_a_stale_hash_is_a_conflict_and_a_huge_view_is_too_large(
    api: RawClient, ana: Person
) -> None:
    trigger = api.slack.new_trigger(ana.id)
    view = (await api("views.open", trigger_id=trigger, view=modal(section())))["view"]
    args = {"view_id": view["id"], "view": modal(section("New"))}

    fresh = await api("views.update", **args, hash=view["hash"])
    assert fresh["view"]["hash"] != view["hash"]
    assert (await api("views.update", **args, hash=view["hash"]))["error"] == "hash_conflict"
    assert ana.sees("New")
    args["view"] = modal(*[section("x" * 2900)] * 90)
    assert (await api("views.update", **args))["error"] == "view_too_large"


# ------------------------------------------------------------------ faults


async def test_a_lost_reply_has_had_its_effect(api: RawClient, ana: Person) -> None:
    api.slack.faults.drop_reply("chat.postMessage")
    with pytest.raises(aiohttp.ClientError):
        await api("chat.postMessage", channel=ana.id, text="Arrived")
    assert ana.sees("Arrived")

    api.slack.faults.abort("chat.postMessage")
    with pytest.raises(aiohttp.ClientError):
        await api("chat.postMessage", channel=ana.id, text="Lost")
    assert not ana.sees("Lost")


FAULTS: dict[str, tuple[Callable[[FakeSlack], None], int, str]] = {
    "storm": (lambda s: s.faults.storm("auth.test", 1, retry_after=7), 429, "application/json"),
    "5xx": (lambda s: s.faults.fail("auth.test"), 503, "application/json"),
    "html": (lambda s: s.faults.html("auth.test"), 502, "text/html"),
}


@pytest.mark.parametrize("name", FAULTS)
async def test_a_fault_hits_the_next_call_only(name: str, api: RawClient) -> None:
    turn, status, kind = FAULTS[name]
    turn(api.slack)
    told = {"Authorization": f"Bearer {api.token}"}

    async with api.session.post(f"{api.slack.api_url}auth.test", headers=told) as answer:
        assert (answer.status, answer.content_type) == (status, kind)
        assert answer.headers.get("Retry-After") == ("7" if name == "storm" else None)
    assert (await api("auth.test"))["ok"]


async def test_a_held_reply_waits_for_the_test(api: RawClient, ana: Person) -> None:
    gate = api.slack.faults.hold_reply("chat.postMessage")
    call = asyncio.ensure_future(api("chat.postMessage", channel=ana.id, text="Slow"))
    await ana.waits_for("Slow")
    assert not call.done()
    gate.set()
    assert (await call)["ok"]
