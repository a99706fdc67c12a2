"""Logs: one JSON object a line on stderr, or plain lines on a terminal.

Every record, those of libraries included, is rendered in one place: control and direction
characters are escaped, so that a record is one line; secrets are removed, those of the
configuration by their value and others by their form. Records that anybody on the network can
provoke in a library are logged once a minute.
"""

from __future__ import annotations

import json
import logging
import re
import sys
from collections.abc import Iterable
from typing import Any, TextIO

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

STRUCK_OUT = "[secret]"
SHORTEST_SECRET = 6

# C0 and C1 controls, line separators, and what changes the direction of a text.
_UNSAFE = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")
_SHAPES = (
    re.compile(r"\bxox[a-z]-[\w-]{6,}|\bxapp-[\w-]{6,}|\bxoxe\.[\w.-]{6,}"),  # Slack
    re.compile(r"(?<!\d)\d{5,12}:[\w-]{25,}"),  # Telegram; also part of URLs
    re.compile(r"(?<=://)[^\s/:@]*:[^\s/@]+(?=@)"),  # name and password in a URL
    re.compile(r"(?i)(?<=bearer )[\w.~+/=-]{6,}"),
)
_QUIET = {
    "apscheduler": logging.ERROR,  # it warns when a job takes longer than its interval
    "asyncio": logging.WARNING,
    "httpx": logging.WARNING,
    "sse_starlette.sse": logging.WARNING,
    "uvicorn": logging.WARNING,
    "uvicorn.error": logging.WARNING,
}
# Records of libraries about malformed requests, by their beginning.
_CHATTER = (
    "Invalid HTTP request received.",
    "Unsupported upgrade request.",
    "No supported WebSocket library detected.",
    "socket.accept() out of system resource",
)
_CHATTER_EVERY_S = 60.0


class Redactor:
    """Removes secrets from texts."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        spelled = set()
        for secret in secrets:
            if len(secret) >= SHORTEST_SECRET:
                spelled |= {secret, json.dumps(secret, ensure_ascii=False)[1:-1]}
        self._secrets = sorted(spelled, key=len, reverse=True)

    def __call__(self, text: str) -> str:
        """Return the text without secrets."""
        for secret in self._secrets:
            text = text.replace(secret, STRUCK_OUT)
        for shape in _SHAPES:
            text = shape.sub(STRUCK_OUT, text)
        return text


class _Seldom(logging.Filter):
    """Passes each of certain records of libraries once a minute."""

    def __init__(self) -> None:
        super().__init__()
        self._told: dict[str, float] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        if record.name not in {"uvicorn.error", "asyncio"}:
            return True
        said = next((text for text in _CHATTER if str(record.msg).startswith(text)), None)
        if said is None:
            return True
        due = record.created - self._told.get(said, 0.0) >= _CHATTER_EVERY_S
        if due:
            self._told[said] = record.created
        return due


class _Lines(structlog.stdlib.ProcessorFormatter):
    """Renders a record as text that is safe to write."""

    def __init__(self, *, redact: Redactor, plain: bool) -> None:
        renderer: Processor = structlog.processors.JSONRenderer(serializer=_json)
        if plain:
            renderer = structlog.dev.ConsoleRenderer()
        processors = [self.remove_processors_meta, _escape_values, renderer]
        super().__init__(processors=processors, foreign_pre_chain=_SHARED)
        self._redact = redact

    def format(self, record: logging.LogRecord) -> str:
        """Return the record without secrets."""
        return self._redact(super().format(record))


def set_up_logs(
    *, secrets: Iterable[str] = (), stream: TextIO | None = None, level: int = logging.INFO
) -> None:
    """Send all records of this process to `stream`: plain lines on a terminal, else JSON."""
    stream = stream or sys.stderr
    handler = logging.StreamHandler(stream)
    handler.setFormatter(_Lines(redact=Redactor(secrets), plain=stream.isatty()))
    handler.addFilter(_Seldom())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for name, least in _QUIET.items():
        logging.getLogger(name).setLevel(least)
    structlog.configure(
        processors=[*_SHARED, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )


_SHARED: list[Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.format_exc_info,
]


def _escape_values(_logger: WrappedLogger, _method: str, record: EventDict) -> EventDict:
    """Escape every text of a record; a traceback keeps its lines, which JSON escapes."""
    trace = record.pop("exception", None)
    safe: EventDict = {name: _safe(value) for name, value in record.items()}
    if trace is not None:
        safe["exception"] = "\n".join(_safe(line) for line in str(trace).split("\n"))
    return safe


def _safe(value: Any) -> Any:
    if isinstance(value, str):
        return _UNSAFE.sub(lambda found: f"\\u{ord(found[0]):04x}", value)
    if isinstance(value, dict):
        return {str(key): _safe(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_safe(inner) for inner in value]
    if value is None or isinstance(value, bool | int | float):
        return value
    return _safe(repr(value))


def _json(record: EventDict, **_: Any) -> str:
    return json.dumps(record, ensure_ascii=False)
