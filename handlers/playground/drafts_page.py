"""The JSON about drafts in a folder, which the playground's page reads."""

from __future__ import annotations

from dataclasses import dataclass

from handlers.diagram.coverage import CoverageDiagram


@dataclass(frozen=True, slots=True, kw_only=True)
class PageDraftFlaw:
    """A problem of a draft, with its line."""

    line: int | None
    where: str
    text: str
    hint: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PageDraftLine:
    """A draft in the list: its file, its problems, and the version that is in force."""

    file: str
    name: str
    flaws: int
    version: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PageDraft:
    """The text of a draft; `mark` says which text it is when it is saved again."""

    file: str
    text: str
    mark: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PageDraftSeen:
    """What is wrong with a text, and its diagram; None while it cannot be drawn."""

    flaws: tuple[PageDraftFlaw, ...]
    diagram: CoverageDiagram | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PageDraftSaved:
    """A draft after it was saved: its new mark, and the version that is in force now."""

    mark: str
    flaws: int
    version: int | None
