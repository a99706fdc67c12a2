"""Each limit and each refusal of the strict Telegram once, word for word."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest

from tests.fakes.telegram import Group, Person, TelegramFake
from tests.fakes.telegram.errors import NOT_MODIFIED, TOO_OLD
from tests.unit.fakes.telegram.conftest import Clock

BAD = "Bad Request: "
PARSE = "Bad Request: can't parse entities: "
BUTTON = "Bad Request: can't parse inline keyboard button: "


def card(**button: Any) -> dict[str, Any]:
    markup = {"inline_keyboard": [[{"text": "x", **button}]]}
    return {"chat_id": "{li}", "text": "x", "reply_markup": json.dumps(markup)}


def html(text: str) -> dict[str, Any]:
    return {"chat_id": "{li}", "text": text, "parse_mode": "HTML"}


def grid(rows: int, columns: int) -> dict[str, Any]:
    row = [{"text": "x", "callback_data": "x"}] * columns
    markup = json.dumps({"inline_keyboard": [row] * rows})
    return {"chat_id": "{li}", "text": "x", "reply_markup": markup}


def to_li(more: dict[str, str] | None = None) -> dict[str, str]:
    return {"chat_id": "{li}"} | (more or {})


def command(name: str, description: str = "x", **more: Any) -> dict[str, Any]:
    commands = [{"command": name, "description": description}]
    return {"commands": json.dumps(commands), **more}


TEXTS = [
    (html("a\n<x>b</x>"), PARSE + 'Unsupported start tag "x" at byte offset 2'),
    (html("好<x>b</x>"), PARSE + 'Unsupported start tag "x" at byte offset 3'),
    (html("<b>a"), PARSE + 'Can\'t find end tag corresponding to start tag "b"'),
    (html("a<b"), PARSE + "Unclosed start tag at byte offset 1"),
    (html("a < b"), PARSE + 'Unsupported start tag "" at byte offset 2'),
    (html("a <3"), PARSE + "Unclosed start tag at byte offset 2"),
    (
        html("<b>a</i>"),
        PARSE + 'Unmatched end tag at byte offset 4, expected "</b>", found "</i>"',
    ),
    (html("a</b>"), PARSE + "Unexpected end tag at byte offset 1"),
    (html("<b>a</b"), PARSE + "Unclosed end tag at byte offset 4"),
    (html("<span>a</span>"), PARSE + 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
    (html("<a href=x&y>a</a>"), PARSE + "Unexpected end of name token at byte offset 8"),
    (
        html('<tg-time unix="1" format="q">a</tg-time>'),
        PARSE + "Invalid date-time format specified",
    ),
    (html("<b>x</b> " * 101), BAD + "ENTITIES_TOO_LONG"),
    (html("<b> </b>"), BAD + "text must be non-empty"),
    (html("x" * 4097), BAD + "message is too long"),
    (html("x" * 32_769), BAD + "text is too long"),
    ({"chat_id": "{li}"}, BAD + "message text is empty"),
    ({"chat_id": "{li}", "text": "x", "parse_mode": "wiki"}, BAD + "unsupported parse_mode"),
]

KEYBOARDS = [
    (card(callback_data="好" * 22), BAD + "BUTTON_DATA_INVALID"),
    (card(), BUTTON + "Text buttons are unallowed in the inline keyboard"),
    (card(callback_data="x", url="https://a.cn"), BAD + "BUTTON_TYPE_INVALID"),
    (card(callback_data="x", style="green"), BUTTON + "invalid button style specified"),
    (card(callback_data="x", colour="red"), BUTTON + "unknown fields ['colour']"),
    (card(url="no address"), BAD + "BUTTON_URL_INVALID"),
    (card(copy_text={"text": "x" * 257}), BAD + "BUTTON_COPY_TEXT_INVALID"),
    (
        card(web_app={"url": "http://a.cn"}),
        BAD + "inline keyboard button Web App URL 'http://a.cn' is invalid: "
        "Only HTTPS links are allowed",
    ),
    (card(web_app={"url": "https://a.cn"}) | {"chat_id": "{group}"}, BAD + "BUTTON_TYPE_INVALID"),
    (grid(13, 8), BAD + "reply markup is too long"),
    (grid(1, 9), BAD + "BUTTONS_IN_ROW_TOO_MUCH"),
    (
        {"chat_id": "{li}", "text": "x", "reply_markup": "{"},
        BAD + "can't parse reply keyboard markup JSON object",
    ),
    (
        {"chat_id": "{li}", "text": "x", "reply_markup": "[]"},
        BAD + "object expected as reply markup",
    ),
    (
        {
            "chat_id": "{li}",
            "text": "x",
            "reply_markup": json.dumps({"force_reply": True, "input_field_placeholder": "x" * 65}),
        },
        BAD + "REPLY_MARKUP_PLACEHOLDER_TOO_LONG",
    ),
]

PLACES = [
    ({"text": "x"}, 400, BAD + "chat_id is empty"),
    ({"chat_id": "12345", "text": "x"}, 400, BAD + "chat not found"),
    ({"chat_id": "{chen}", "text": "x"}, 403, "Forbidden: bot was blocked by the user"),
    ({"chat_id": "{zhou}", "text": "x"}, 403, "Forbidden: user is deactivated"),
    (
        {"chat_id": "{zhao}", "text": "x"},
        403,
        "Forbidden: bot can't initiate conversation with a user",
    ),
    ({"chat_id": "{kicked}", "text": "x"}, 403, "Forbidden: bot was kicked from the group chat"),
    (
        {"chat_id": "{left}", "text": "x"},
        403,
        "Forbidden: bot is not a member of the supergroup chat",
    ),
    ({"chat_id": "{gone}", "text": "x"}, 403, "Forbidden: the group chat was deleted"),
    (
        {"chat_id": "{group}", "text": "x", "message_thread_id": "1"},
        400,
        BAD + "message thread not found",
    ),
    (
        {"chat_id": "{li}", "text": "x", "reply_parameters": '{"message_id": 99}'},
        400,
        BAD + "message to be replied not found",
    ),
    ({"chat_id": "{li}", "text": "x", "colour": "red"}, 400, BAD + "unknown parameters"),
]

OTHERS = [
    ("editMessageText", to_li({"message_id": "99", "text": "x"}), "message to edit not found"),
    ("editMessageText", to_li({"message_id": "{theirs}", "text": "x"}), "message can't be edited"),
    ("editMessageText", to_li({"message_id": "{own}", "text": "x" * 4097}), "MESSAGE_TOO_LONG"),
    ("editMessageText", to_li({"message_id": "{own}", "text": "own"}), NOT_MODIFIED),
    (
        "editMessageText",
        to_li({"message_id": "{file}", "text": "x"}),
        "there is no text in the message to edit",
    ),
    (
        "editMessageReplyMarkup",
        to_li({"message_id": "{own}", "reply_markup": '{"force_reply": true}'}),
        "inline keyboard expected",
    ),
    ("editMessageReplyMarkup", to_li(), "message identifier is not specified"),
    ("deleteMessage", to_li({"message_id": "99"}), "message to delete not found"),
    ("answerCallbackQuery", {"callback_query_id": "1"}, TOO_OLD),
    ("sendDocument", to_li(), "there is no document in the request"),
    ("sendDocument", to_li({"document": "nothing"}), "wrong file identifier/HTTP URL specified"),
    ("getFile", {}, "file_id not specified"),
    ("getFile", {"file_id": "x"}, "wrong file_id or the file is temporarily unavailable"),
    ("getFile", {"file_id": "{big}"}, "file is too big"),
    ("setMyCommands", command("Start"), "BOT_COMMAND_INVALID"),
    ("setMyCommands", command("start", "x" * 257), "BOT_COMMAND_DESCRIPTION_INVALID"),
    ("setMyCommands", command("start", language_code="zh-hans"), "invalid language code specified"),
    (
        "setMyCommands",
        command("start", scope='{"type": "people"}'),
        "can't parse BotCommandScope: Unsupported type specified",
    ),
    (
        "setMyCommands",
        {"commands": json.dumps([{"command": "x", "description": "x"}] * 101)},
        "BOT_COMMANDS_TOO_MUCH",
    ),
    (
        "setWebhook",
        {"url": "http://a.cn/x"},
        "bad webhook: An HTTPS URL must be provided for webhook",
    ),
    (
        "setWebhook",
        {"url": "https://a.cn:99/x"},
        "bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443",
    ),
    (
        "setWebhook",
        {"url": "https://a.cn", "secret_token": "a b"},
        "secret token contains unallowed characters",
    ),
    ("setWebhook", {"url": "https://a.cn", "secret_token": "x" * 257}, "secret token is too long"),
]


@pytest.fixture
async def names(fake: TelegramFake, clock: Clock, http: httpx.AsyncClient) -> dict[str, int | str]:
    """What stands in braces in the tables above."""
    li, chen, zhou = fake.person("Li"), fake.person("Chen"), fake.person("Zhou")
    await chen.blocks_bot()
    await zhou.leaves_telegram()
    gone = fake.group("Gone", li)
    await gone.is_deleted()
    theirs = await li.says("hello")
    own = await http.post("sendMessage", data={"chat_id": li.id, "text": "own"})
    file = await http.post(
        "sendDocument", data={"chat_id": li.id}, files={"document": ("a.txt", b"x")}
    )
    big = await li.sends_document("big.bin", b"", size=(20 << 20) + 1)
    return {
        "li": li.id,
        "chen": chen.id,
        "zhou": zhou.id,
        "zhao": fake.person("Zhao", started=False).id,
        "group": fake.group("Team", li).id,
        "kicked": fake.group("Kicked", li, bot="kicked").id,
        "left": fake.group("Left", li, supergroup=True, bot="left").id,
        "gone": gone.id,
        "theirs": theirs.id,
        "own": own.json()["result"]["message_id"],
        "file": file.json()["result"]["message_id"],
        "big": big.body["document"]["file_id"],
    }


async def refused(
    http: httpx.AsyncClient, method: str, params: dict[str, Any], names: dict[str, int | str]
) -> tuple[int, str]:
    filled = {
        name: str(names[value[1:-1]]) if value[1:-1] in names else value
        for name, value in params.items()
    }
    answer = await http.post(method, data=filled)
    told = answer.json()
    assert told["ok"] is False
    assert told["error_code"] == answer.status_code
    return answer.status_code, told["description"]


@pytest.mark.parametrize(("params", "description"), TEXTS + KEYBOARDS)
async def test_what_cannot_be_sent_is_refused_in_telegrams_words(
    http: httpx.AsyncClient, names: dict[str, int | str], params: dict[str, Any], description: str
) -> None:
    assert await refused(http, "sendMessage", params, names) == (400, description)


@pytest.mark.parametrize(("params", "code", "description"), PLACES)
async def test_where_the_bot_may_not_write_it_is_told_so(
    http: httpx.AsyncClient,
    names: dict[str, int | str],
    params: dict[str, Any],
    code: int,
    description: str,
) -> None:
    status, told = await refused(http, "sendMessage", params, names)

    assert (status, told[: len(description)]) == (code, description)


@pytest.mark.parametrize(("method", "params", "description"), OTHERS)
async def test_every_other_method_refuses_as_strictly(
    http: httpx.AsyncClient,
    names: dict[str, int | str],
    method: str,
    params: dict[str, Any],
    description: str,
) -> None:
    assert await refused(http, method, params, names) == (400, BAD + description)


async def test_a_wrong_token_is_unauthorized_and_what_is_unknown_is_not_found(
    fake: TelegramFake,
) -> None:
    async with httpx.AsyncClient(base_url=fake.url, verify=False, trust_env=False) as wire:
        unknown = await wire.get("/bot1:abc/getMe")
        malformed = await wire.get("/botabc/getMe")
        elsewhere = await wire.get("/robots.txt")

    assert (unknown.status_code, unknown.json()["description"]) == (401, "Unauthorized")
    async with httpx.AsyncClient(verify=False, trust_env=False) as wire:
        pigeon = await wire.get(f"{fake.url}/bot{fake.token}/sendPigeon")

    assert (pigeon.status_code, pigeon.json()["description"]) == (
        404,
        "Not Found: method not found",
    )
    assert malformed.json()["description"] == "Unauthorized: invalid token specified"
    assert (elsewhere.status_code, elsewhere.json()["description"]) == (404, "Not Found")


async def test_a_message_can_be_deleted_for_48_hours(
    fake: TelegramFake, clock: Clock, http: httpx.AsyncClient
) -> None:
    li = fake.person("Li")
    for hours, description in ((47, None), (49, BAD + "message can't be deleted for everyone")):
        own = await http.post("sendMessage", data={"chat_id": li.id, "text": "own"})
        clock.pass_by(hours * 3600)
        which = {"chat_id": li.id, "message_id": own.json()["result"]["message_id"]}
        told = (await http.post("deleteMessage", data=which)).json()

        assert told.get("description") == description


async def test_a_file_above_the_limit_is_refused(
    fake: TelegramFake, http: httpx.AsyncClient
) -> None:
    li: Person = fake.person("Li")
    file = {"document": ("a.bin", bytes((50 << 20) + 1))}
    larger = await http.post("sendDocument", data={"chat_id": li.id}, files=file)

    assert (larger.status_code, larger.json()["description"]) == (413, "Request Entity Too Large")


async def test_a_group_that_became_a_supergroup_says_where_it_is(
    fake: TelegramFake, http: httpx.AsyncClient
) -> None:
    li = fake.person("Li")
    group: Group = fake.group("Team", li)
    old = group.id
    await group.migrates(li)
    told = (await http.post("sendMessage", data={"chat_id": old, "text": "x"})).json()

    assert told["description"] == BAD + "group chat was upgraded to a supergroup chat"
    assert told["parameters"] == {"migrate_to_chat_id": group.id}
    assert group.id < -(10**12)
