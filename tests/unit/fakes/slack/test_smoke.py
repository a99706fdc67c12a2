"""A small bolt app and a person, through the whole wire, in both modes."""

import re
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from tests.fakes.slack import CannotDo, FakeSlack, sample

LOADING = {
    "type": "modal",
    "title": {"type": "plain_text", "text": "Complaint"},
    "blocks": [{"type": "section", "text": {"type": "plain_text", "text": "One moment"}}],
}


def field(block: str, label: str, element: dict, **more: Any) -> dict:
    return {
        "type": "input",
        "block_id": block,
        "label": {"type": "plain_text", "text": label},
        "element": {"action_id": f"cl:{block}", **element},
        **more,
    }


FORM = {
    "type": "modal",
    "callback_id": "cl:form",
    "title": {"type": "plain_text", "text": "Complaint"},
    "submit": {"type": "plain_text", "text": "Send"},
    "notify_on_close": True,
    "blocks": [
        field("what", "What happened?", {"type": "plain_text_input", "max_length": 40}),
        field("who", "Customer", {"type": "external_select", "min_query_length": 1}),
        field("photo", "Photos", {"type": "file_input", "max_files": 2}, optional=True),
    ],
}


def card(text: str, *buttons: str) -> list[dict]:
    shown: list[dict] = [{"type": "section", "text": {"type": "mrkdwn", "text": text}}]
    elements = [
        {
            "type": "button",
            "action_id": f"cl:{name}",
            "value": name,
            "text": {"type": "plain_text", "text": name},
        }
        for name in buttons
    ]
    return shown + ([{"type": "actions", "elements": elements}] if elements else [])


def listen(app: AsyncApp, files: list[bytes]) -> None:
    @app.command("/complaint")
    async def complaint(ack: Any, body: dict, client: AsyncWebClient) -> None:
        await ack()
        opened = await client.views_open(trigger_id=body["trigger_id"], view=LOADING)
        await client.views_update(
            view_id=opened["view"]["id"], hash=opened["view"]["hash"], view=FORM
        )

    @app.options("cl:who")
    async def customers(ack: Any, payload: dict) -> None:
        found = [name for name in ("Globex", "Initech") if payload["value"].lower() in name.lower()]
        await ack(
            options=[
                {"text": {"type": "plain_text", "text": name}, "value": name} for name in found
            ]
        )

    @app.view("cl:form")
    async def submitted(ack: Any, view: dict, body: dict, client: AsyncWebClient) -> None:
        values = view["state"]["values"]
        what = values["what"]["cl:what"]["value"]
        if what == "nothing":
            await ack(response_action="errors", errors={"what": "Please say more"})
            return
        await ack()
        for file in values["photo"]["cl:photo"]["files"]:
            told = {"Authorization": f"Bearer {client.token}"}
            async with (
                aiohttp.ClientSession() as session,
                session.get(file["url_private_download"], headers=told) as answer,
            ):
                files.append(await answer.read())
        await client.chat_postMessage(
            channel=body["user"]["id"], text=what, blocks=card(what, "Approve", "Reject")
        )

    @app.action("cl:Approve")
    async def approve(ack: Any, body: dict, client: AsyncWebClient) -> None:
        await ack()
        await client.chat_update(
            channel=body["channel"]["id"],
            ts=body["message"]["ts"],
            text="Approved",
            blocks=card("Approved by you"),
        )

    listen_to_events(app)


def listen_to_events(app: AsyncApp) -> None:
    @app.event("app_home_opened")
    async def opened_home(event: dict, client: AsyncWebClient) -> None:
        await client.views_publish(
            user_id=event["user"], view={"type": "home", "blocks": card("My tasks", "New")}
        )

    @app.event(re.compile(".*"))
    async def anything_else() -> None:
        """An event without a listener would come again."""


@pytest.fixture
def files() -> list[bytes]:
    return []


@pytest.fixture(params=["socket", "http"])
async def slack(request: pytest.FixtureRequest, files: list[bytes]) -> AsyncIterator[FakeSlack]:
    socket = request.param == "socket"
    async with FakeSlack(sample(socket=socket)) as fake, aiohttp.ClientSession() as session:
        client = AsyncWebClient(
            token=fake.bot_token, base_url=fake.api_url, session=session, retry_handlers=[]
        )
        app = AsyncApp(client=client, signing_secret=fake.signing_secret)
        listen(app, files)
        if socket:
            handler = AsyncSocketModeHandler(app, fake.app_token)
            await handler.connect_async()
            await fake.connected()
            yield fake
            await handler.close_async()
        else:
            runner = web.AppRunner(app.web_app("/slack/events"))
            await runner.setup()
            await web.TCPSite(runner, "127.0.0.1", 0).start()
            await fake.hooks.subscribe(f"http://127.0.0.1:{runner.addresses[0][1]}/slack/events")
            yield fake
            await fake.settled()
            await runner.cleanup()


async def test_a_complaint_goes_its_way_in_both_modes(slack: FakeSlack, files: list[bytes]) -> None:
    ana = slack.person("Ana Lee")

    assert (await ana.slash("/complaint")).ok
    modal = await ana.waits_for_modal("What happened?")
    assert await modal.submit() == {"What happened?": "required", "Customer": "required"}
    await modal.fill({"Customer": "Globex", "Photos": [("a.png", b"picture")]})
    assert await modal.submit(what="nothing") == {"What happened?": "Please say more"}
    assert await modal.submit({"What happened?": "The box was wet"}) == {}
    assert ana.modal_or_none is None

    card_seen = await ana.waits_for("The box was wet")
    assert card_seen.buttons == ["Approve", "Reject"]
    assert files == [b"picture"]
    await ana.click("Approve", card_seen)
    await ana.waits_for("Approved by you")
    with pytest.raises(CannotDo):
        await ana.click("Approve", card_seen)

    await ana.open_home()
    await ana.waits_for("My tasks")
    home = ana.home()
    assert home is not None
    assert home.buttons == ["New"]
    await slack.settled()
    slack.assert_clean()


@pytest.mark.parametrize("slack", ["socket"], indirect=True)
async def test_a_client_comes_back_when_it_is_asked_to(slack: FakeSlack) -> None:
    first = slack.sockets.live[0]

    await slack.sockets.disconnect("refresh_requested")
    await slack.connected()

    assert first not in slack.sockets.live
    assert (await slack.person("Ana").slash("/complaint")).ok
    await slack.settled()
