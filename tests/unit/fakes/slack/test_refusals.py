"""What the Web API refuses, and in which words."""

import pytest

from tests.fakes.slack.bricks import modal, section
from tests.fakes.slack.raw import RawClient

LONG = [section("x" * 3000)] * 4 + [section("x")]
META = {"event_type": "outbox", "event_payload": {"id": "1"}}
BAD_VIEW = modal(section("x" * 3001))

REFUSED: dict[str, tuple[str, dict, str]] = {
    "no such method": ("chat.shout", {}, "unknown_method"),
    "an invented argument": (
        "chat.postMessage",
        {"channel": "C0OPEN", "text": "x", "colour": "red"},
        "invalid_arguments",
    ),
    "a missing argument": ("chat.postMessage", {"text": "x"}, "invalid_arguments"),
    "another's name": (
        "chat.postMessage",
        {"channel": "C0OPEN", "text": "x", "username": "Boss"},
        "invalid_arguments",
    ),
    "post nowhere": ("chat.postMessage", {"channel": "C0NO", "text": "x"}, "channel_not_found"),
    "post in a channel unseen": (
        "chat.postMessage",
        {"channel": "G0SECRET", "text": "x"},
        "channel_not_found",
    ),
    "post as no member": ("chat.postMessage", {"channel": "C0ELSE", "text": "x"}, "not_in_channel"),
    "post in the archive": ("chat.postMessage", {"channel": "C0OLD", "text": "x"}, "is_archived"),
    "post where few may": (
        "chat.postMessage",
        {"channel": "C0QUIET", "text": "x"},
        "restricted_action",
    ),
    "post to the deactivated": (
        "chat.postMessage",
        {"channel": "U0GONE", "text": "x"},
        "channel_not_found",
    ),
    "post nothing": ("chat.postMessage", {"channel": "C0OPEN"}, "no_text"),
    "51 blocks": (
        "chat.postMessage",
        {"channel": "C0OPEN", "blocks": [section()] * 51},
        "invalid_blocks",
    ),
    "blocks that are no list": (
        "chat.postMessage",
        {"channel": "C0OPEN", "blocks": {"type": "section"}},
        "invalid_blocks_format",
    ),
    "blocks that are no JSON": (
        "chat.postMessage",
        {"channel": "C0OPEN", "blocks": "[{"},
        "invalid_blocks_format",
    ),
    "too much text in blocks": (
        "chat.postMessage",
        {"channel": "C0OPEN", "blocks": LONG},
        "msg_blocks_too_long",
    ),
    "text twice": (
        "chat.postMessage",
        {"channel": "C0OPEN", "text": "x", "markdown_text": "y"},
        "markdown_text_conflict",
    ),
    "101 attachments": (
        "chat.postMessage",
        {"channel": "C0OPEN", "text": "x", "attachments": [{}] * 101},
        "too_many_attachments",
    ),
    "metadata without a type": (
        "chat.postMessage",
        {"channel": "C0OPEN", "text": "x", "metadata": {"event_payload": {}}},
        "invalid_metadata_schema",
    ),
    "metadata that is none": (
        "chat.postMessage",
        {"channel": "C0OPEN", "text": "x", "metadata": [1]},
        "invalid_metadata_format",
    ),
    "metadata of a novel": (
        "chat.postMessage",
        {
            "channel": "C0OPEN",
            "text": "x",
            "metadata": {**META, "event_payload": {"id": "x" * 5000}},
        },
        "metadata_too_large",
    ),
    "no such thread": (
        "chat.postMessage",
        {"channel": "C0OPEN", "text": "x", "thread_ts": "1.0"},
        "thread_not_found",
    ),
    "update by a person's id": (
        "chat.update",
        {"channel": "U0ANA", "ts": "1.0", "text": "x"},
        "channel_not_found",
    ),
    "update of nothing": (
        "chat.update",
        {"channel": "C0OPEN", "ts": "1.0", "text": "x"},
        "message_not_found",
    ),
    "whisper to somebody else": (
        "chat.postEphemeral",
        {"channel": "C0OPEN", "user": "U0GONE", "text": "x"},
        "user_not_in_channel",
    ),
    "an invented trigger": (
        "views.open",
        {"trigger_id": "1.2.x", "view": modal(section())},
        "invalid_trigger_id",
    ),
    "update of no view": (
        "views.update",
        {"view_id": "V0NO", "view": modal(section())},
        "not_found",
    ),
    "a bad home": (
        "views.publish",
        {"user_id": "U0ANA", "view": {"type": "home", "blocks": [section("x" * 3001)]}},
        "invalid_arguments",
    ),
    "a modal as home": (
        "views.publish",
        {"user_id": "U0ANA", "view": modal(section())},
        "invalid_arguments",
    ),
    "talk with nobody": ("conversations.open", {"users": ""}, "users_list_not_supplied"),
    "talk with an unknown": ("conversations.open", {"users": "U0NO"}, "user_not_found"),
    "talk with the deactivated": ("conversations.open", {"users": "U0GONE"}, "user_disabled"),
    "talk with a stranger": ("conversations.open", {"users": "U0FAR"}, "user_not_visible"),
    "talk with a bot": ("conversations.open", {"users": "U0ROBOT"}, "cannot_dm_bot"),
    "talk with a crowd": (
        "conversations.open",
        {"users": ",".join(f"U{n}" for n in range(9))},
        "too_many_users",
    ),
    "history without the scope": (
        "conversations.history",
        {"channel": "C0OPEN"},
        "missing_scope",
    ),
    "an unknown person": ("users.info", {"user": "U0NO"}, "user_not_found"),
    "a page from nowhere": ("users.list", {"cursor": "abc"}, "invalid_cursor"),
    "a page too big": ("users.list", {"limit": 1001}, "invalid_limit"),
    "an empty upload": (
        "files.getUploadURLExternal",
        {"filename": "a", "length": 0},
        "invalid_arguments",
    ),
    "a description too long": (
        "files.getUploadURLExternal",
        {"filename": "a", "length": 1, "alt_txt": "x" * 1001},
        "alt_txt_too_large",
    ),
    "a file of nobody": ("files.info", {"file": "F0NO"}, "file_not_found"),
    "completing nothing": (
        "files.completeUploadExternal",
        {"files": [{"id": "F0NO"}]},
        "file_not_found",
    ),
    "connecting with the bot's token": ("apps.connections.open", {}, "not_allowed_token_type"),
}


@pytest.mark.parametrize("name", REFUSED)
async def test_what_slack_refuses_is_refused_in_its_words(name: str, api: RawClient) -> None:
    method, args, error = REFUSED[name]

    answer = await api(method, **args)

    assert (answer["ok"], answer["error"], api.status) == (False, error, 200)
