"""The manifest of the Slack app, made from the processes in force.

Limits and keys: docs.slack.dev/reference/app-manifest. Slack reserves some names of commands; a
command of an app with such a name is never delivered.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from bot.platforms.slack.settings import OWN_COMMAND, SCOPES
from bot.platforms.slack.text import cut
from handlers.i18n import LANGUAGES, translator

PATH = "/slack/events"
CALLBACK = "cl:file:"
NAME, ABOUT = 35, 140
COMMAND, COMMANDS, HINT = 32, 50, 1000
SHORTCUT, SHORTCUT_ABOUT, SHORTCUTS = 24, 150, 10
COMMAND_ABOUT = 200  # Slack accepts more and displays less

_KEPT_BY_SLACK = """
    active add agenda apps archive away call caller clear close collapse convert create-channel
    dm dnd expand feed feedback gif giphy group help huddle install-app invite invite_people join
    keys kick leave list manage_apps me msg mute new open part people prefs pro pronunciation
    remind remove rename search settings share shortcuts shrug star starred status tableflip
    timezone todo topic unarchive unfurl unmute view-app who workflow
"""
KEPT_BY_SLACK = frozenset(_KEPT_BY_SLACK.split())
EVENTS = (
    "app_home_opened",
    "app_mention",
    "app_uninstalled",
    "message.im",
    "team_join",
    "tokens_revoked",
    "user_change",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """A process that can be started; `name` is by language."""

    process: str
    command: str
    name: dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Obstacle:
    """Why Slack would not accept a command; `code` selects the text of the finding."""

    code: Literal["reserved", "too_long", "too_many"]
    process: str
    command: str


def obstacles(starts: Sequence[Start], *, prefix: str = "") -> list[Obstacle]:
    """Return all reasons for which Slack would refuse the commands or never deliver them."""
    return list(_obstacles(starts, prefix))


def _obstacles(starts: Sequence[Start], prefix: str) -> Iterator[Obstacle]:
    for one in (*starts, _own()):
        name = f"{prefix}{one.command}"
        if name in KEPT_BY_SLACK:
            yield Obstacle(code="reserved", process=one.process, command=f"/{name}")
        if len(name) + 1 > COMMAND:
            yield Obstacle(code="too_long", process=one.process, command=f"/{name}")
    for one in starts[COMMANDS - 1 :]:
        yield Obstacle(code="too_many", process=one.process, command=f"/{prefix}{one.command}")


def manifest(
    starts: Sequence[Start],
    *,
    prefix: str = "",
    mode: Literal["socket", "http"] = "socket",
    public_url: str = "",
    language: str = "en",
) -> dict[str, Any]:
    """Return the manifest as a JSON object.

    Args:
        starts: the processes in force.
        prefix: is put before the name of every command.
        mode: how Slack sends payloads.
        public_url: the public address, for the mode "http".
        language: "zh" or "en"; texts are in both languages, this one first.
    """
    url = f"{public_url.rstrip('/')}{PATH}" if mode == "http" else ""
    there = {"request_url": url} if url else {}
    return {
        "display_information": {
            "name": "closeloop",
            "description": cut(_both("slack.app.about", language), ABOUT),
            "background_color": "#1f3a5f",
        },
        "features": {
            "app_home": {
                "home_tab_enabled": True,
                "messages_tab_enabled": True,
                "messages_tab_read_only_enabled": False,
            },
            "bot_user": {"display_name": "closeloop", "always_online": True},
            **_shortcuts(starts, language),
            "slash_commands": list(_commands(starts, prefix, url, language)),
        },
        "oauth_config": {"scopes": {"bot": sorted(SCOPES)}},
        "settings": {
            "event_subscriptions": {**there, "bot_events": list(EVENTS)},
            "interactivity": {
                "is_enabled": True,
                **there,
                **({"message_menu_options_url": url} if url else {}),
            },
            "org_deploy_enabled": False,
            "socket_mode_enabled": not url,
            "token_rotation_enabled": False,
        },
    }


def _own() -> Start:
    texts = {one: translator(one).t("slack.app.own") for one in LANGUAGES}
    return Start(process=OWN_COMMAND, command=OWN_COMMAND, name=texts)


def _commands(
    starts: Sequence[Start], prefix: str, url: str, language: str
) -> Iterator[dict[str, Any]]:
    words = translator(language)
    for one in starts:
        about = _joined(one.name[spoken] for spoken in _first(language))
        yield _command(prefix + one.command, about, words.t("slack.app.text"), url)
    about = _both("slack.app.own", language)
    yield _command(prefix + OWN_COMMAND, about, words.t("slack.app.words"), url)


def _command(name: str, about: str, hint: str, url: str) -> dict[str, Any]:
    return {
        "command": f"/{name}",
        **({"url": url} if url else {}),
        "description": cut(about, COMMAND_ABOUT),
        "usage_hint": cut(hint, HINT),
    }


def _shortcuts(starts: Sequence[Start], language: str) -> dict[str, Any]:
    """Return a shortcut for each process, at most `SHORTCUTS`: a message becomes a case."""
    listed = [
        {
            "name": _shortcut_name(one, language),
            "type": "message",
            "callback_id": f"{CALLBACK}{one.command}",
            "description": cut(
                _joined(_shortcut_text(one, spoken) for spoken in _first(language)),
                SHORTCUT_ABOUT,
            ),
        }
        for one in starts[:SHORTCUTS]
    ]
    return {"shortcuts": listed} if listed else {}


def _shortcut_name(one: Start, language: str) -> str:
    """Return the text of the shortcut, or the name of the process alone where that is too long."""
    text = _shortcut_text(one, language)
    return text if len(text) <= SHORTCUT else cut(one.name[language], SHORTCUT)


def _shortcut_text(one: Start, language: str) -> str:
    return translator(language).t("slack.app.turn", name=one.name[language])


def _both(msgid: str, language: str) -> str:
    return _joined(translator(spoken).t(msgid) for spoken in _first(language))


def _first(language: str) -> list[str]:
    return sorted(LANGUAGES, key=lambda one: one != language)


def _joined(texts: Iterable[str]) -> str:
    return " / ".join(dict.fromkeys(texts))
