"""files.*: the three steps of an upload, and what a file is."""

import mimetypes
from typing import Any

from tests.fakes.slack.api import Call, SlackError, api
from tests.fakes.slack.api_chat import _thread
from tests.fakes.slack.block_shapes import Json
from tests.fakes.slack.world import BOT_USER, Channel, File

MOST_CHANNELS = 100


@api(
    "files.getUploadURLExternal",
    "filename! length! alt_txt snippet_type",
    scope="files:write",
    rate=100,
)
def upload_url(call: Call) -> Json:
    length = call.number("length", 0)
    if length <= 0:
        raise SlackError("invalid_arguments", ["[ERROR] length must be positive"])
    if len(call.text("alt_txt")) > 1000:
        raise SlackError("alt_txt_too_large")
    if "snippet_type" in call.args and length > 1_000_000:
        raise SlackError("snippet_too_large")
    world, name = call.fake.world, call.text("filename")
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    file = File(world.new_id("F0"), name, b"", BOT_USER, int(call.fake.now()), kind, length=length)
    world.files[file.id] = file
    return {"upload_url": f"{call.fake.origin}/upload/{file.id}", "file_id": file.id}


@api(
    "files.completeUploadExternal",
    "files! channel_id channels initial_comment thread_ts blocks",
    scope="files:write",
    rate=100,
)
def complete(call: Call) -> Json:
    listed = call.structure("files", "invalid_arguments")
    if not isinstance(listed, list) or not listed:
        raise SlackError("invalid_arguments", ["[ERROR] files must be a list"])
    files = [_uploaded(call, one) for one in listed]
    channels = [_shared_in(call, name) for name in _channel_ids(call)]
    if "thread_ts" in call.args and len(channels) != 1:
        raise SlackError("invalid_arguments", ["[ERROR] thread_ts needs one channel"])
    for file in files:
        file.completed = True
    for channel in channels:
        for file in files:
            file.channels.append(channel.id)
        call.fake.post(
            channel,
            BOT_USER,
            call.text("initial_comment"),
            by_bot=True,
            files=files,
            thread_ts=_thread(call, channel),
        )
    return {"files": [file.as_json(call.fake.origin) for file in files]}


def _channel_ids(call: Call) -> list[str]:
    ids = [name for name in call.text("channels").split(",") if name]
    if "channel_id" in call.args:
        ids = [call.text("channel_id")]
    if len(ids) > MOST_CHANNELS:
        raise SlackError("channels_limit_exceeded")
    return ids


def _uploaded(call: Call, one: Any) -> File:
    if not isinstance(one, dict):
        raise SlackError("invalid_arguments", ["[ERROR] a file must be an object"])
    file = call.fake.world.files.get(str(one.get("id")))
    if file is None or not file.uploaded or file.completed:
        raise SlackError("file_not_found")
    if set(one) - {"id", "title", "highlight_type"}:
        raise SlackError("invalid_arguments", ["[ERROR] unknown field of a file"])
    file.title = str(one.get("title") or file.name)
    return file


def _shared_in(call: Call, name: str) -> Channel:
    channel = call.fake.world.channels.get(name)
    if channel is None or (channel.kind != "public" and BOT_USER not in channel.members):
        raise SlackError("channel_not_found")
    if BOT_USER not in channel.members:
        raise SlackError("not_in_channel")
    if channel.archived:
        raise SlackError("is_archived")
    return channel


@api("files.info", "file! count cursor limit page", scope="files:read", rate=100)
def files_info(call: Call) -> Json:
    file = call.fake.world.files.get(call.text("file"))
    if file is None or not call.fake.bot_sees(file):
        raise SlackError("file_not_found")
    return {"file": file.as_json(call.fake.origin)}
