"""Document, DocumentSection and their blocks: what a document says before anything draws it.

All texts are plain and in one language already. Whoever draws a document shows all of it, takes no
text for mark-up, and shows a missing value as it is given here: as the word for it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Literal


class TextTone(StrEnum):
    """What a text says about the state of things; never shown by colour alone."""

    NEUTRAL = "neutral"
    GOOD = "good"
    WARN = "warn"
    DANGER = "danger"
    MUTED = "muted"  # a dash, or what takes the place of erased content


@dataclass(frozen=True, slots=True, kw_only=True)
class StyledText:
    """A text with its tone."""

    text: str
    tone: TextTone = TextTone.NEUTRAL


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """An attachment by name and size; `picture` is what `pictures.small` made of it, if anything.

    `note` says why a picture is not shown.
    """

    name: str
    size: str
    picture: bytes | None = None
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One labelled value: words, or files."""

    label: str
    value: StyledText
    files: tuple[File, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldTable:
    """Labels on the left, values on the right."""

    rows: tuple[Field, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column of a table: its title, and its share of the width."""

    title: str
    share: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Rows under titles, which are repeated on each page. Every row is as long as `columns`."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[StyledText, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TimelineStep:
    """One line of a timeline: when, who, what happened, and what a person wrote."""

    when: str
    who: str
    text: str
    quote: StyledText | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeline:
    """What happened, in order."""

    steps: tuple[TimelineStep, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Paragraph:
    """A piece of running text."""

    words: StyledText


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """A score out of `most`, with the words for it and perhaps a comment."""

    score: int
    most: int
    text: str
    comment: StyledText | None = None


Block = FieldTable | Table | Timeline | Paragraph | Score


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentSection:
    """A titled part of a document."""

    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A whole document.

    `pages` is what stands before, between and behind the two numbers of "page 2 of 5".
    """

    language: Literal["zh", "en"]
    company: str
    title: str
    subtitle: str
    number: str
    facts: tuple[Field, ...]
    sections: tuple[DocumentSection, ...]
    footer: str
    pages: tuple[str, str, str]
    created_at: datetime
