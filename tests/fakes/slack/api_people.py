"""users.* and conversations.*: who is there, and where they talk."""

from typing import Any

from tests.fakes.slack.api import Call, SlackError, api
from tests.fakes.slack.block_shapes import Json
from tests.fakes.slack.world import BOT_USER, Channel, Message, User

_HISTORY = {
    "public": "channels:history",
    "private": "groups:history",
    "im": "im:history",
    "mpim": "mpim:history",
}


def _person(call: Call, user: User) -> Json:
    return user.as_json(email="users:read.email" in call.scopes, locale=call.flag("include_locale"))


@api("users.info", "user! include_locale", scope="users:read", rate=100)
def users_info(call: Call) -> Json:
    user = call.fake.world.users.get(call.text("user"))
    if user is None:
        raise SlackError("user_not_found")
    return {"user": _person(call, user)}


@api("users.list", "cursor limit include_locale team_id", scope="users:read", rate=20)
def users_list(call: Call) -> Json:
    everyone = list(call.fake.world.users.values())
    if "limit" not in call.args and len(everyone) > 1000:
        raise SlackError("limit_required")
    some, more = call.page(everyone, default=1000)
    return {
        "members": [_person(call, user) for user in some],
        "cache_ts": int(call.fake.now()),
        **more,
    }


# ------------------------------------------------------------------ conversations


@api("conversations.open", "users channel return_im prevent_creation", scope="im:write")
def conversations_open(call: Call) -> Json:
    if "channel" in call.args:
        channel = call.channel()
        return {"channel": {"id": channel.id}}
    names = [name for name in call.text("users").split(",") if name]
    if not names:
        raise SlackError("users_list_not_supplied")
    if len(names) > 8:
        raise SlackError("too_many_users")
    for name in names:
        _reachable(call, name)
    if len(names) > 1:
        call.need("mpim:write")
        opened = call.fake.world.new_channel("", "mpim", {*names, BOT_USER})
    else:
        opened = call.fake.world.im_of(names[0])
    return {"channel": opened.as_json() if call.flag("return_im") else {"id": opened.id}}


def _reachable(call: Call, name: str) -> None:
    user = call.fake.world.users.get(name)
    if user is None:
        raise SlackError("user_not_found")
    if user.deleted:
        raise SlackError("user_disabled")
    if user.is_stranger:
        raise SlackError("user_not_visible")
    if user.is_bot:
        raise SlackError("cannot_dm_bot")


_WINDOW = "channel! cursor inclusive include_all_metadata latest limit oldest"


@api("conversations.history", _WINDOW)
def history(call: Call) -> Json:
    """The newest first; answers in threads only when they were sent to the channel too."""
    channel = _readable(call)
    shown = [m for m in channel.living() if m.thread_ts in (None, m.ts) or m.reply_broadcast]
    return _window(call, sorted(shown, key=_at, reverse=True))


@api("conversations.replies", f"{_WINDOW} ts!")
def replies(call: Call) -> Json:
    """The first message of a thread and its answers, the oldest first."""
    channel, ts = _readable(call), call.text("ts")
    thread = [m for m in channel.living() if ts in (m.ts, m.thread_ts)]
    if not thread:
        raise SlackError("thread_not_found")
    return _window(call, sorted(thread, key=_at))


def _at(message: Message) -> float:
    return float(message.ts)


def _readable(call: Call) -> Channel:
    channel = call.channel()
    call.need(_HISTORY[channel.kind])
    if BOT_USER not in channel.members:
        raise SlackError("not_in_channel")
    return channel


def _window(call: Call, messages: list[Message]) -> Json:
    oldest, latest = float(call.text("oldest", "0")), float(call.text("latest", "inf"))
    inclusive = call.flag("inclusive")
    inside = [
        m
        for m in messages
        if oldest < _at(m) < latest or (inclusive and _at(m) in (oldest, latest))
    ]
    some, more = call.page(inside)
    told: list[Any] = [
        m.as_json(call.fake.origin, metadata=call.flag("include_all_metadata")) for m in some
    ]
    more_there = bool(more["response_metadata"]["next_cursor"])
    return {"messages": told, "has_more": more_there, **(more if more_there else {})}
