"""The check at start: the tokens are valid, and the app has the scopes that it needs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.findings import terminal_words
from bot.platforms.slack.api import SlackApi
from bot.platforms.slack.errors import SlackProblem, Trouble
from bot.platforms.slack.settings import SCOPES, SlackSettings
from workflows.errors import ConfigError, Finding

_REFUSED = (Trouble.TOKEN, Trouble.DEFECT, Trouble.TARGET)


@dataclass(frozen=True, slots=True, kw_only=True)
class Booted:
    """What Slack answered: the identity of the app, and a URL for Socket Mode."""

    identity: Mapping[str, str]
    socket_url: str = ""


async def boot(settings: SlackSettings, api: SlackApi) -> Booted:
    """Check the tokens of the settings.

    Raises:
        ConfigError: a token or a scope is refused, with a finding for each.
        SlackProblem: Slack cannot be reached; the check can be repeated.
    """
    found: list[Finding] = []
    identity: Mapping[str, str] = {}
    try:
        told, headers = await api.call_with_headers("auth.test")
        identity = {name: value for name, value in told.items() if isinstance(value, str)}
        found += _scopes(headers)
    except SlackProblem as problem:
        found.append(_refused(problem, "token", "bot_token"))
    socket_url = ""
    if settings.mode == "socket":
        try:
            opened, _ = await api.call_with_headers(
                "apps.connections.open", token=settings.app_token
            )
            socket_url = str(opened.get("url") or "")
        except SlackProblem as problem:
            found.append(_refused(problem, "app_token", "app_token"))
    if found:
        raise ConfigError(found)
    return Booted(identity=identity, socket_url=socket_url)


def _scopes(headers: Mapping[str, str]) -> list[Finding]:
    """Return a finding about the missing scopes; none if Slack does not list the scopes."""
    told = headers.get("x-oauth-scopes", "")
    missing = set(SCOPES) - {scope.strip() for scope in told.split(",")} if told else set()
    return [_finding("scopes", "bot_token", scopes=", ".join(sorted(missing)))] if missing else []


def _refused(problem: SlackProblem, what: str, key: str) -> Finding:
    if problem.kind not in _REFUSED:
        raise problem
    return _finding(what, key, error=problem.code)


def _finding(what: str, key: str, **facts: str) -> Finding:
    words = terminal_words()
    return Finding(
        file="[slack]",
        where=key,
        problem=words.t(f"slack.error.{what}", **facts),
        hint=words.t(f"slack.hint.{what}", **facts),
    )
