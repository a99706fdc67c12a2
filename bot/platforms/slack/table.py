"""The routing table: which concern answers what Slack sends."""

from __future__ import annotations

from bot.platforms.slack import payloads as p
from bot.platforms.slack.commands import Commands
from bot.platforms.slack.directory import Directory, Tokens
from bot.platforms.slack.file_presses import FilePresses
from bot.platforms.slack.gateway import Route, Routes
from bot.platforms.slack.home import HomeTab
from bot.platforms.slack.messages import Messages
from bot.platforms.slack.presses import Presses
from bot.platforms.slack.shortcuts import Shortcuts
from bot.platforms.slack.submissions import Submissions


def add_commands(routes: Routes, commands: Commands) -> None:
    """What is typed after a slash."""
    route = Route(
        model=p.SlashCommand,
        handle=commands.typed,
        tell=commands.tell,
        later=commands.later,
        busy="slack.working",
    )
    routes.add("command", "", route)


def add_cards(routes: Routes, presses: Presses, files: FilePresses) -> None:
    """Buttons and menus on cards."""
    route = Route(model=p.BlockActions, handle=presses.pressed, tell=presses.tell)
    routes.add("action", "press", route)
    routes.add("action", "more", route)
    bring = Route(model=p.BlockActions, handle=files.pressed, tell=presses.tell)
    routes.add("action", "file", bring)


def add_forms(routes: Routes, forms: Submissions) -> None:
    """Modals."""
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


def add_words(routes: Routes, messages: Messages, shortcuts: Shortcuts) -> None:
    """Messages, and shortcuts upon them."""
    routes.add("event", "message", Route(model=p.Event, handle=messages.written))
    routes.add("event", "app_mention", Route(model=p.Event, handle=messages.mention))
    routes.add("shortcut", "file", Route(model=p.Shortcut, handle=shortcuts.used))


def add_people(routes: Routes, home: HomeTab, directory: Directory, tokens: Tokens) -> None:
    """The Home tab, members of the workspace, and the tokens of the app."""
    routes.add("event", "app_home_opened", Route(model=p.Event, handle=home.opened))
    changed = Route(model=p.Event, handle=directory.changed)
    routes.add("event", "team_join", changed)
    routes.add("event", "user_change", changed)
    ended = Route(model=p.Event, handle=tokens.ended)
    routes.add("event", "tokens_revoked", ended)
    routes.add("event", "app_uninstalled", ended)
