"""Neutral input: what a person did, on whatever platform, before anybody decided what it means."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class _Intent:
    person: str  # a person's key: the platform has proved who it is
    via: str  # "playground", "slack", "telegram", "cli"
    key: str  # names this interaction: the same key again is a repeated delivery
    owed: bool = False  # its answer is told by the platform, which reports that it was
    language: str = ""  # "zh" or "en" where the platform knows better than the directory


@dataclass(frozen=True, slots=True, kw_only=True)
class Said(_Intent):
    """Somebody typed something: a /command, or words under a case."""

    text: str
    case_id: str | None = None  # the thread it was typed in
    files: tuple[str, ...] = ()  # ids of uploads


@dataclass(frozen=True, slots=True, kw_only=True)
class Pressed(_Intent):
    """Somebody pressed a button."""

    token: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Submitted(_Intent):
    """Somebody sent a filled form. Values are raw: text, lists of text, ids of files."""

    token: str
    values: Mapping[str, object] = field(default_factory=dict)


Intent = Said | Pressed | Submitted
