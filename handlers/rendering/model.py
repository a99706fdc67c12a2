"""The model of a document: sections and blocks, before a renderer makes a file of it.

All texts are plain text in one language. A renderer shows all of a document and never interprets a
text as mark-up. A missing value is given as the text for it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Literal


class TextTone(StrEnum):
    """The severity of a text; renderers never express it by colour alone."""

    NEUTRAL = "neutral"
    GOOD = "good"
    WARN = "warn"
    DANGER = "danger"
    MUTED = "muted"  # a dash, or the text for erased content


@dataclass(frozen=True, slots=True, kw_only=True)
class StyledText:
    """A text with its tone."""

    text: str
    tone: TextTone = TextTone.NEUTRAL


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """An attachment by name and size.

    `picture` is the result of `pictures.small`, if there is one; `note` says why a picture is not
    shown.
    """

    name: str
    size: str
    picture: bytes | None = None
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A labelled value: texts or files."""

    label: str
    value: StyledText
    files: tuple[File, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldTable:
    """A table of fields, with labels on the left and values on the right."""

    rows: tuple[Field, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column of a table: its title, and its share of the width."""

    title: str
    share: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table whose titles are repeated on each page. Every row has as many cells as `columns`."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[StyledText, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TimelineStep:
    """One line of a timeline: the time, the person, the event, and what the person wrote."""

    when: str
    who: str
    text: str
    quote: StyledText | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeline:
    """Events in order."""

    steps: tuple[TimelineStep, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Paragraph:
    """A piece of running text."""

    words: StyledText


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """A score out of `most`, with the text for it and an optional comment."""

    score: int
    most: int
    text: str
    comment: StyledText | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """A chart as SVG, with the text that is read out instead of it."""

    svg: str
    title: str


Block = FieldTable | Table | Timeline | Paragraph | Score | Chart


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentSection:
    """A titled part of a document."""

    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentModel:
    """A whole document.

    `pages` are the texts before, between and after the two numbers of "page 2 of 5".
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
