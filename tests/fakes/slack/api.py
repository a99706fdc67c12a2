"""The front door of the Web API: who may call what, with which arguments, how often."""

import json
import math
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from tests.fakes.slack.block_kit import Problem
from tests.fakes.slack.block_shapes import Json
from tests.fakes.slack.world import BOT_USER, Channel

if TYPE_CHECKING:
    from tests.fakes.slack.fake import FakeSlack

TokenKind = Literal["bot", "app", "none"]
WINDOW = 60.0


class SlackError(Exception):
    """An answer with `ok: false`."""

    def __init__(self, error: str, messages: list[str] | None = None, **more: Any) -> None:
        super().__init__(error)
        self.error = error
        self.messages = messages or []
        self.more = more

    def as_json(self) -> Json:
        told: Json = {"ok": False, "error": self.error, **self.more}
        if self.messages:
            told["response_metadata"] = {"messages": self.messages}
        return told


class RateLimited(Exception):
    """HTTP 429."""

    def __init__(self, retry_after: float) -> None:
        super().__init__(f"retry after {retry_after} s")
        self.retry_after = max(1, math.ceil(retry_after))


def refuse(error: str, problems: list[Problem]) -> None:
    """Refuses when there are problems, in Slack's shape."""
    if problems:
        lines = [problem.line() for problem in problems]
        more = {"errors": lines} if error.startswith("invalid_blocks") else {}
        raise SlackError(error, lines, **more)


@dataclass(frozen=True, slots=True)
class Record:
    """A call as it arrived, and how it ended."""

    method: str
    args: Json
    answer: Json
    at: float

    @property
    def ok(self) -> bool:
        return bool(self.answer.get("ok"))

    @property
    def error(self) -> str:
        return str(self.answer.get("error", ""))


@dataclass(slots=True)
class Call:
    """One call that passed the front door."""

    fake: "FakeSlack"
    method: str
    args: Json
    scopes: frozenset[str]

    def text(self, name: str, default: str = "") -> str:
        value = self.args.get(name)
        return default if value is None else str(value)

    def flag(self, name: str, *, default: bool = False) -> bool:
        value = self.args.get(name)
        if value is None:
            return default
        return value is True or str(value).lower() in {"1", "true"}

    def number(self, name: str, default: int) -> int:
        try:
            return int(self.args.get(name) or default)
        except ValueError:
            raise SlackError("invalid_arguments", [f"[ERROR] {name} must be a number"]) from None

    def structure(self, name: str, error: str) -> Any:
        """A value that may come as JSON or as a string of JSON."""
        value = self.args.get(name)
        if isinstance(value, str):
            try:
                return json.loads(value)
            except ValueError:
                raise SlackError(error) from None
        return value

    def need(self, *scopes: str) -> None:
        """One of these scopes is needed."""
        if not set(scopes) & self.scopes:
            raise SlackError(
                "missing_scope", needed=scopes[0], provided=",".join(sorted(self.scopes))
            )

    def channel(self, name: str = "channel", *, write: bool = False) -> Channel:
        """The channel, as far as the bot sees it."""
        channel = self.fake.world.channels.get(self.text(name))
        if channel is None or (channel.kind != "public" and BOT_USER not in channel.members):
            raise SlackError("channel_not_found")
        if write and BOT_USER not in channel.members:
            raise SlackError("not_in_channel")
        if write and channel.archived:
            raise SlackError("is_archived")
        return channel

    def page(self, items: list[Any], *, default: int = 100) -> tuple[list[Any], Json]:
        """The part that was asked for, and where the next one begins."""
        limit = self.number("limit", default)
        if not 1 <= limit <= 1000:
            raise SlackError("invalid_limit")
        cursor = self.text("cursor")
        if cursor and not cursor.removeprefix("next:").isdigit():
            raise SlackError("invalid_cursor")
        start = int(cursor.removeprefix("next:")) if cursor else 0
        end = start + limit
        more = f"next:{end}" if end < len(items) else ""
        return items[start:end], {"response_metadata": {"next_cursor": more}}


Handler = Callable[[Call], Json]


@dataclass(frozen=True, slots=True)
class Method:
    handler: Handler
    args: frozenset[str]
    required: tuple[str, ...]
    scope: str
    per_minute: int
    token: TokenKind


METHODS: dict[str, Method] = {}


def api(
    name: str, args: str = "", *, scope: str = "", rate: int = 50, token: TokenKind = "bot"
) -> Callable[[Handler], Handler]:
    """Registers a method; an argument with `!` is required."""

    def register(handler: Handler) -> Handler:
        names = args.split()
        METHODS[name] = Method(
            handler,
            frozenset(arg.rstrip("!") for arg in names),
            tuple(arg.rstrip("!") for arg in names if arg.endswith("!")),
            scope,
            rate,
            token,
        )
        return handler

    return register


@dataclass(slots=True)
class Rates:
    """Sliding windows: per method, and a message a second per channel."""

    now: Callable[[], float]
    enforced: bool = True
    limits: dict[str, int] = field(default_factory=dict)
    post_burst: int = 1
    seen: dict[str, deque[float]] = field(default_factory=dict)

    def take(self, key: str, most: int, window: float = WINDOW) -> None:
        if not self.enforced:
            return
        now, times = self.now(), self.seen.setdefault(key, deque())
        while times and times[0] <= now - window:
            times.popleft()
        if len(times) >= most:
            raise RateLimited(times[0] + window - now)
        times.append(now)


def admit(fake: "FakeSlack", name: str, args: Json, token: str) -> Call:
    """The call, when Slack would let it in."""
    method = METHODS.get(name)
    if method is None:
        raise SlackError("unknown_method", req_method=name)
    scopes = _authenticated(fake, method, token)
    fake.rates.take(name, fake.rates.limits.get(name, method.per_minute))
    if method.scope and method.scope not in scopes:
        raise SlackError("missing_scope", needed=method.scope, provided=",".join(sorted(scopes)))
    unknown = sorted(set(args) - method.args - {"team_id"})  # which the SDK adds everywhere
    if unknown:
        raise SlackError(
            "invalid_arguments", [f"[ERROR] unknown argument: {name}" for name in unknown]
        )
    missing = [name for name in method.required if args.get(name) in (None, "")]
    if missing:
        raise SlackError(
            "invalid_arguments", [f"[ERROR] missing required field: {name}" for name in missing]
        )
    return Call(fake, name, args, scopes)


def _authenticated(fake: "FakeSlack", method: Method, token: str) -> frozenset[str]:
    if method.token == "none":
        return frozenset()
    if not token:
        raise SlackError("not_authed")
    if token in fake.bad_tokens:
        raise SlackError(fake.bad_tokens[token])
    kinds = {fake.app_token: "app", **dict.fromkeys(fake.bot_tokens, "bot")}
    kind = kinds.get(token)
    if kind is None:
        raise SlackError("invalid_auth")
    if method.token != kind:
        raise SlackError("not_allowed_token_type")
    return frozenset({"connections:write"}) if kind == "app" else fake.scopes
