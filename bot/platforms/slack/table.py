"""The routing table: which concern answers what Slack sends."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.platforms.slack import payloads as p
from bot.platforms.slack.commands import Commands
from bot.platforms.slack.directory import Tokens
from bot.platforms.slack.file_presses import FilePresses
from bot.platforms.slack.presses import Presses
from bot.platforms.slack.routing import Route, Routes
from bot.platforms.slack.submissions import Submissions

if TYPE_CHECKING:
    from bot.platforms.slack.platform import SlackPlatform


def routes_of(platform: SlackPlatform) -> Routes:
    """All rows, one concern after the other."""
    routes = Routes()
    _commands(routes, platform)
    _cards(routes, platform)
    _forms(routes, platform)
    _words(routes, platform)
    _people(routes, platform)
    return routes


def _commands(routes: Routes, platform: SlackPlatform) -> None:
    commands = Commands(platform.interact)
    route = Route(
        model=p.SlashCommand,
        handle=commands.typed,
        tell=commands.tell,
        later=commands.later,
        busy="slack.working",
    )
    routes.add("command", "", route)


def _cards(routes: Routes, platform: SlackPlatform) -> None:
    presses = Presses(platform.interact, platform.hooks)
    route = Route(model=p.BlockActions, handle=presses.pressed, tell=presses.tell)
    routes.add("action", "press", route)
    routes.add("action", "more", route)
    files = FilePresses(platform.interact, presses, platform.sharing, platform.api)
    bring = Route(model=p.BlockActions, handle=files.pressed, tell=presses.tell)
    routes.add("action", "file", bring)


def _forms(routes: Routes, platform: SlackPlatform) -> None:
    forms = Submissions(platform.interact, platform.receiving)
    sent = Route(
        model=p.ViewSubmission,
        handle=forms.sent,
        tell=forms.tell,
        later=forms.later,
        busy="slack.working",
    )
    routes.add("submission", "form", sent)
    routes.add("closed", "form", Route(model=p.ViewClosed, handle=forms.closed))
    routes.add("options", "field", Route(model=p.Suggestion, handle=forms.searched))


def _words(routes: Routes, platform: SlackPlatform) -> None:
    messages, shortcuts = platform.messages, platform.shortcuts
    routes.add("event", "message", Route(model=p.Event, handle=messages.written))
    routes.add("event", "app_mention", Route(model=p.Event, handle=messages.mention))
    routes.add("shortcut", "file", Route(model=p.Shortcut, handle=shortcuts.used))


def _people(routes: Routes, platform: SlackPlatform) -> None:
    routes.add("event", "app_home_opened", Route(model=p.Event, handle=platform.home.opened))
    changed = Route(model=p.Event, handle=platform.directory.changed)
    routes.add("event", "team_join", changed)
    routes.add("event", "user_change", changed)
    ended = Route(model=p.Event, handle=Tokens(platform.api).ended)
    routes.add("event", "tokens_revoked", ended)
    routes.add("event", "app_uninstalled", ended)
