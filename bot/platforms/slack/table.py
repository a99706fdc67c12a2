"""The routing table: which part handles which payload."""

from __future__ import annotations

from bot.platforms.slack import payloads as p
from bot.platforms.slack.commands import SlashCommands
from bot.platforms.slack.directory import SlackMembers, Tokens
from bot.platforms.slack.gateway import PayloadRoute, Routes
from bot.platforms.slack.home import HomeTab
from bot.platforms.slack.messages import DirectMessages
from bot.platforms.slack.presses import FilePresses, Presses
from bot.platforms.slack.rows import RowForms
from bot.platforms.slack.shortcuts import Shortcuts
from bot.platforms.slack.submissions import Submissions


def add_commands(routes: Routes, commands: SlashCommands) -> None:
    """Add the route of slash commands."""
    route = PayloadRoute(
        model=p.SlashCommand,
        handle=commands.typed,
        tell=commands.tell,
        later=commands.later,
        busy="slack.working",
    )
    routes.add("command", "", route)


def add_cards(routes: Routes, presses: Presses, files: FilePresses) -> None:
    """Add the routes of buttons and menus on cards."""
    route = PayloadRoute(model=p.BlockActions, handle=presses.pressed, tell=presses.tell)
    routes.add("action", "press", route)
    routes.add("action", "more", route)
    bring = PayloadRoute(model=p.BlockActions, handle=files.pressed, tell=presses.tell)
    routes.add("action", "file", bring)


def add_forms(routes: Routes, forms: Submissions) -> None:
    """Add the routes of modals."""
    sent = PayloadRoute(
        model=p.ViewSubmission,
        handle=forms.sent,
        tell=forms.tell,
        later=forms.later,
        busy="slack.working",
    )
    routes.add("submission", "form", sent)
    routes.add("closed", "form", PayloadRoute(model=p.ViewClosed, handle=forms.closed))
    answered = PayloadRoute(model=p.BlockActions, handle=forms.answered)
    routes.add("action", "field", answered)
    routes.add("options", "field", PayloadRoute(model=p.Suggestion, handle=forms.searched))


def add_rows(routes: Routes, rows: RowForms, forms: Submissions) -> None:
    """Add the routes of the rows of forms."""
    routes.add("action", "row", PayloadRoute(model=p.BlockActions, handle=rows.pressed))
    sent = PayloadRoute(
        model=p.ViewSubmission, handle=rows.sent, tell=forms.tell, busy="slack.working"
    )
    routes.add("submission", "row", sent)


def add_words(routes: Routes, messages: DirectMessages, shortcuts: Shortcuts) -> None:
    """Add the routes of messages and shortcuts."""
    for name, handle in (("message", messages.written), ("app_mention", messages.mention)):
        route = PayloadRoute(model=p.SlackEvent, handle=handle, tell=messages.tell)
        routes.add("event", name, route)
    routes.add("shortcut", "file", PayloadRoute(model=p.Shortcut, handle=shortcuts.used))


def add_people(routes: Routes, home: HomeTab, directory: SlackMembers, tokens: Tokens) -> None:
    """Add the routes of the Home tab, of members and of the app's token."""
    routes.add("event", "app_home_opened", PayloadRoute(model=p.SlackEvent, handle=home.opened))
    changed = PayloadRoute(model=p.SlackEvent, handle=directory.changed)
    routes.add("event", "team_join", changed)
    routes.add("event", "user_change", changed)
    ended = PayloadRoute(model=p.SlackEvent, handle=tokens.ended)
    routes.add("event", "tokens_revoked", ended)
    routes.add("event", "app_uninstalled", ended)
