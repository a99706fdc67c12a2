"""The app's manifest, as strictly as Slack takes it: names, limits, and scopes for what it asks."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tests.fakes.slack.block_shapes import Json

# What Slack's own clients answer; an app's command of that name would never arrive.
_RESERVED = """
    active add agenda apps archive away call caller clear close collapse convert create-channel
    dm dnd expand feed feedback gif giphy group help huddle install-app invite invite_people join
    keys kick leave list me msg mute new open part people prefs pronunciation remind remove rename
    search settings share shortcuts shrug star status tableflip timezone todo topic unarchive
    unfurl unmute view-app who workflow
"""
RESERVED = frozenset(_RESERVED.split())

EVENT_SCOPES: dict[str, tuple[str, ...]] = {
    "app_home_opened": (),
    "app_mention": ("app_mentions:read",),
    "app_uninstalled": (),
    "channel_archive": ("channels:read",),
    "channel_unarchive": ("channels:read",),
    "channel_rename": ("channels:read",),
    "file_shared": ("files:read",),
    "group_archive": ("groups:read",),
    "member_joined_channel": ("channels:read", "groups:read"),
    "member_left_channel": ("channels:read", "groups:read"),
    "message.channels": ("channels:history",),
    "message.groups": ("groups:history",),
    "message.im": ("im:history",),
    "message.mpim": ("mpim:history",),
    "team_join": ("users:read",),
    "tokens_revoked": (),
    "user_change": ("users:read",),
}

_SCOPES = """
    app_mentions:read channels:history channels:join channels:manage channels:read chat:write
    chat:write.customize chat:write.public commands files:read files:write groups:history
    groups:read groups:write im:history im:read im:write mpim:history mpim:read mpim:write
    pins:write reactions:read reactions:write team:read usergroups:read users.profile:read
    users:read users:read.email users:write metadata.message:read links:read links:write
"""
SCOPES = frozenset(_SCOPES.split())

_TOP = {"_metadata", "display_information", "features", "oauth_config", "settings"}
_FEATURES = {
    "app_home",
    "bot_user",
    "slash_commands",
    "shortcuts",
    "unfurl_domains",
    "agent_view",
    "assistant_view",
}


@dataclass(frozen=True)
class Manifest:
    """A manifest that was accepted."""

    body: Json

    @property
    def scopes(self) -> frozenset[str]:
        return frozenset(_at(self.body, "oauth_config", "scopes", "bot", default=[]))

    @property
    def commands(self) -> frozenset[str]:
        found = _at(self.body, "features", "slash_commands", default=[])
        return frozenset(one["command"] for one in found)

    @property
    def shortcuts(self) -> dict[str, str]:
        found = _at(self.body, "features", "shortcuts", default=[])
        return {one["callback_id"]: one["type"] for one in found}

    @property
    def events(self) -> frozenset[str]:
        settings = _at(self.body, "settings", "event_subscriptions", "bot_events", default=[])
        return frozenset(settings)

    @property
    def home_tab(self) -> bool:
        return bool(_at(self.body, "features", "app_home", "home_tab_enabled", default=False))

    @property
    def messages_tab(self) -> bool:
        return bool(_at(self.body, "features", "app_home", "messages_tab_enabled", default=False))

    @property
    def can_write(self) -> bool:
        read_only = ("features", "app_home", "messages_tab_read_only_enabled")
        return self.messages_tab and not _at(self.body, *read_only, default=False)

    @property
    def interactive(self) -> bool:
        return bool(_at(self.body, "settings", "interactivity", "is_enabled", default=False))

    @property
    def socket_mode(self) -> bool:
        return bool(_at(self.body, "settings", "socket_mode_enabled", default=False))


class InvalidManifest(ValueError):
    """Slack would not take it; every reason is listed."""


def load(body: Json) -> Manifest:
    """The manifest, or every reason against it."""
    problems = list(_problems(body))
    if problems:
        raise InvalidManifest("; ".join(problems))
    return Manifest(body)


def sample(commands: tuple[str, ...] = ("/complaint", "/loop"), *, socket: bool = True) -> Json:
    """A manifest with everything that the product asks for."""
    place = "https://closeloop.example/slack/events"
    url = {} if socket else {"request_url": place}
    return {
        "display_information": {"name": "closeloop"},
        "features": _sample_features(commands, {} if socket else {"url": place}),
        "oauth_config": {"scopes": {"bot": _SAMPLE_SCOPES.split()}},
        "settings": {
            "event_subscriptions": {**url, "bot_events": _SAMPLE_EVENTS.split()},
            "interactivity": {"is_enabled": True, **url},
            "org_deploy_enabled": False,
            "socket_mode_enabled": socket,
            "token_rotation_enabled": False,
        },
    }


_SAMPLE_SCOPES = """
    commands chat:write im:write users:read users:read.email files:read files:write
    app_mentions:read im:history channels:read groups:read
"""
_SAMPLE_EVENTS = """
    app_home_opened app_mention app_uninstalled channel_archive member_joined_channel message.im
    team_join tokens_revoked user_change
"""


def _sample_features(commands: tuple[str, ...], url: dict[str, str]) -> Json:
    shortcuts = [
        ("Turn into a complaint", "message", "cl:complain", "Opens the form"),
        ("New case", "global", "cl:new", "Starts a case"),
    ]
    return {
        "app_home": {
            "home_tab_enabled": True,
            "messages_tab_enabled": True,
            "messages_tab_read_only_enabled": False,
        },
        "bot_user": {"display_name": "closeloop", "always_online": True},
        "slash_commands": [
            {"command": name, "description": "Starts a process", **url} for name in commands
        ],
        "shortcuts": [
            dict(zip(("name", "type", "callback_id", "description"), one, strict=True))
            for one in shortcuts
        ],
    }


def _at(body: Any, *path: str, default: Any) -> Any:
    for name in path:
        if not isinstance(body, dict) or name not in body:
            return default
        body = body[name]
    return body


def _length(value: Any, where: str, most: int, least: int = 1) -> Iterator[str]:
    if not isinstance(value, str) or not least <= len(value) <= most:
        yield f"{where}: {least} to {most} characters"


def _problems(body: Json) -> Iterator[str]:
    for name in sorted(set(body) - _TOP):
        yield f"/{name}: unknown"
    yield from _about(body.get("display_information") or {})
    features = body.get("features") or {}
    for name in sorted(set(features) - _FEATURES):
        yield f"/features/{name}: unknown"
    yield from _length(
        _at(features, "bot_user", "display_name", default=""), "/features/bot_user", 80
    )
    yield from _commands(features.get("slash_commands") or [])
    yield from _shortcuts(features.get("shortcuts") or [])
    yield from _permissions(body)
    yield from _urls(body)


def _about(about: Json) -> Iterator[str]:
    yield from _length(about.get("name"), "/display_information/name", 35)
    if "description" in about:
        yield from _length(about["description"], "/display_information/description", 140)
    if "long_description" in about:
        place = "/display_information/long_description"
        yield from _length(about["long_description"], place, 4000, 175)


def _commands(commands: list[Json]) -> Iterator[str]:
    if len(commands) > 50:
        yield "/features/slash_commands: at most 50"
    names = [str(one.get("command")) for one in commands]
    for number, one in enumerate(commands):
        place, name = f"/features/slash_commands/{number}", names[number]
        yield from _length(name, f"{place}/command", 32, 2)
        yield from _length(one.get("description"), f"{place}/description", 2000)
        if "usage_hint" in one:
            yield from _length(one["usage_hint"], f"{place}/usage_hint", 1000)
        if not re.fullmatch(r"/[\w-]+", name) or name != name.lower():
            yield f"{place}/command: a slash and lower-case letters, digits, - and _"
        if name.lstrip("/") in RESERVED:
            yield f"{place}/command: {name} is reserved by Slack"
        if names.count(name) > 1:
            yield f"{place}/command: {name} stands twice"


def _shortcuts(shortcuts: list[Json]) -> Iterator[str]:
    if len(shortcuts) > 10:
        yield "/features/shortcuts: at most 10"
    for number, one in enumerate(shortcuts):
        place = f"/features/shortcuts/{number}"
        yield from _length(one.get("name"), f"{place}/name", 24)
        yield from _length(one.get("description"), f"{place}/description", 150)
        yield from _length(one.get("callback_id"), f"{place}/callback_id", 255)
        if one.get("type") not in {"message", "global"}:
            yield f"{place}/type: message or global"


def _permissions(body: Json) -> Iterator[str]:
    scopes = _at(body, "oauth_config", "scopes", "bot", default=[])
    for scope in sorted(set(scopes) - SCOPES):
        yield f"/oauth_config/scopes/bot: {scope} is unknown"
    features = body.get("features") or {}
    asks = features.get("slash_commands") or features.get("shortcuts")
    if asks and "commands" not in scopes:
        yield "/oauth_config/scopes/bot: commands and shortcuts need the scope commands"
    events = _at(body, "settings", "event_subscriptions", "bot_events", default=[])
    if len(events) > 100:
        yield "/settings/event_subscriptions/bot_events: at most 100"
    for event in events:
        place = f"/settings/event_subscriptions/bot_events/{event}"
        if event not in EVENT_SCOPES:
            yield f"{place}: unknown"
        elif EVENT_SCOPES[event] and not set(EVENT_SCOPES[event]) & set(scopes):
            yield f"{place}: needs the scope {' or '.join(EVENT_SCOPES[event])}"
    if len(_at(body, "oauth_config", "redirect_urls", default=[])) > 1000:
        yield "/oauth_config/redirect_urls: at most 1000"


def _urls(body: Json) -> Iterator[str]:
    """Without Socket Mode, Slack must know where to send everything."""
    settings = body.get("settings") or {}
    if settings.get("socket_mode_enabled"):
        return
    for name in ("event_subscriptions", "interactivity"):
        if name in settings and not _at(settings, name, "request_url", default=""):
            yield f"/settings/{name}/request_url: missing"
    for number, one in enumerate(_at(body, "features", "slash_commands", default=[])):
        if not one.get("url"):
            yield f"/features/slash_commands/{number}/url: missing"
