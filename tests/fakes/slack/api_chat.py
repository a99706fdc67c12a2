"""chat.*: messages, their changes, and messages for one person's eyes."""

import json
from typing import Any

from tests.fakes.slack.api import Call, SlackError, api, refuse
from tests.fakes.slack.block_kit import MESSAGE_LONG, UPDATE_LONG, check_message
from tests.fakes.slack.block_shapes import Json
from tests.fakes.slack.world import BOT_USER, Channel, Message

POSTS_PER_MINUTE = 300
METADATA_BYTES = 4096
_CONTENT = "text blocks attachments link_names parse markdown_text"


@api(
    "chat.postMessage",
    f"channel! {_CONTENT} as_user thread_ts reply_broadcast unfurl_links unfurl_media mrkdwn "
    "metadata client_msg_id",
    scope="chat:write",
    rate=POSTS_PER_MINUTE,
)
def post_message(call: Call) -> Json:
    channel = _target(call)
    content = content_of(call)
    metadata = _metadata(call)
    thread = _thread(call, channel)
    _may_post(call, channel)
    call.fake.rates.take(f"chat.postMessage {channel.id}", call.fake.rates.post_burst, 1.0)
    earlier = _duplicate(call, channel)
    if earlier is not None:
        return {
            "channel": channel.id,
            "ts": earlier.ts,
            "is_duplicate": True,
            "message": earlier.as_json(call.fake.origin),
        }
    message = call.fake.post(
        channel,
        BOT_USER,
        content["text"],
        by_bot=True,
        blocks=content["blocks"],
        attachments=content["attachments"],
        metadata=metadata,
        thread_ts=thread,
        client_msg_id=call.args.get("client_msg_id"),
        reply_broadcast=call.flag("reply_broadcast"),
    )
    told = message.as_json(call.fake.origin, metadata=True)
    return {"channel": channel.id, "ts": message.ts, "message": told}


def _target(call: Call) -> Channel:
    """The channel; a person's id stands for the conversation with that person."""
    user = call.fake.world.users.get(call.text("channel"))
    if user is None:
        return call.channel()
    if user.deleted or user.is_bot or user.is_stranger:
        raise SlackError("channel_not_found")
    return call.fake.world.im_of(user.id)


def _may_post(call: Call, channel: Channel) -> None:
    if BOT_USER not in channel.members:
        raise SlackError("not_in_channel")
    if channel.archived:
        raise SlackError("is_archived")
    if channel.restricted:
        raise SlackError("restricted_action")
    if channel.is_im:
        if not call.fake.manifest.messages_tab:
            raise SlackError("messages_tab_disabled")
        if call.fake.world.users[channel.other_than(BOT_USER)].deleted:
            raise SlackError("channel_not_found")


def _thread(call: Call, channel: Channel) -> str | None:
    ts = call.args.get("thread_ts")
    if ts is None:
        return None
    root = call.fake.world.find(channel, str(ts))
    if root is None or root.only_for is not None:
        raise SlackError("thread_not_found")
    return root.thread_ts or root.ts


def _duplicate(call: Call, channel: Channel) -> Message | None:
    known = call.args.get("client_msg_id")
    if known is None or not call.fake.dedupes:
        return None
    return next((m for m in channel.living() if m.client_msg_id == known), None)


def content_of(call: Call, *, most: int = MESSAGE_LONG) -> Json:
    """Text, blocks and attachments, when Slack would take them."""
    blocks = call.structure("blocks", "invalid_blocks_format")
    attachments = call.structure("attachments", "invalid_attachments") or []
    markdown = call.args.get("markdown_text")
    if blocks is not None and not isinstance(blocks, list):
        raise SlackError("invalid_blocks_format")
    if not isinstance(attachments, list):
        raise SlackError("invalid_attachments")
    if markdown and (blocks or call.args.get("text")):
        raise SlackError("markdown_text_conflict")
    text = call.text("text") or call.text("markdown_text")
    if not (text or blocks or attachments):
        raise SlackError("no_text")
    if most < MESSAGE_LONG and len(text) > most:
        raise SlackError("msg_too_long")
    return {
        "text": text[:MESSAGE_LONG],
        "blocks": checked(blocks, attachments),
        "attachments": attachments,
    }


def checked(blocks: Any, attachments: list[Any]) -> list[Json]:
    problems = check_message({"blocks": blocks, "attachments": attachments})
    if any(problem.code == "msg_blocks_too_long" for problem in problems):
        raise SlackError("msg_blocks_too_long")
    if any(problem.pointer == "/attachments" for problem in problems):
        raise SlackError("too_many_attachments")
    refuse("invalid_blocks", problems)
    return blocks or []


def _metadata(call: Call) -> Json | None:
    metadata = call.structure("metadata", "invalid_metadata_format")
    if metadata is None or metadata == {}:
        return None
    if not isinstance(metadata, dict):
        raise SlackError("invalid_metadata_format")
    payload = metadata.get("event_payload")
    if not isinstance(metadata.get("event_type"), str) or not isinstance(payload, dict):
        raise SlackError("invalid_metadata_schema")
    if set(metadata) - {"event_type", "event_payload", "entities"}:
        raise SlackError("invalid_metadata_schema")
    if len(json.dumps(metadata).encode()) > METADATA_BYTES:
        raise SlackError("metadata_too_large")
    return metadata


@api(
    "chat.update",
    f"channel! ts! {_CONTENT} as_user file_ids reply_broadcast metadata",
    scope="chat:write",
)
def update(call: Call) -> Json:
    channel, message = _own(call, "cant_update_message")
    content = content_of(call, most=UPDATE_LONG)
    if "metadata" in call.args:
        message.metadata = _metadata(call)
    call.fake.rewrite(
        message,
        content["text"],
        content["blocks"] if "blocks" in call.args else None,
        content["attachments"] if "attachments" in call.args else None,
    )
    told = message.as_json(call.fake.origin)
    return {"channel": channel.id, "ts": message.ts, "text": message.text, "message": told}


def _own(call: Call, otherwise: str) -> tuple[Channel, Message]:
    """A message of the bot, by the id of its channel; a person's id is none."""
    channel = call.channel()
    if channel.archived:
        raise SlackError("is_archived" if otherwise == "cant_delete_message" else "is_inactive")
    message = call.fake.world.find(channel, call.text("ts"))
    if message is None or message.only_for is not None:
        raise SlackError("message_not_found")
    if message.user != BOT_USER:
        raise SlackError(otherwise)
    return channel, message


@api(
    "chat.postEphemeral",
    f"channel! user! {_CONTENT} as_user thread_ts",
    scope="chat:write",
    rate=100,
)
def post_ephemeral(call: Call) -> Json:
    channel = call.channel()
    content = content_of(call)
    thread = _thread(call, channel)
    _may_post(call, channel)
    if call.text("user") not in channel.members:
        raise SlackError("user_not_in_channel")
    message = call.fake.post(
        channel,
        BOT_USER,
        content["text"],
        by_bot=True,
        blocks=content["blocks"],
        attachments=content["attachments"],
        thread_ts=thread,
        only_for=call.text("user"),
    )
    return {"message_ts": message.ts}
