"""What a work is given, what it returns, and the parts of which it is made."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from handlers.i18n import translator
from handlers.office import Office
from handlers.rendering.model import DocumentModel
from storage.unit import Tx
from workflows.loading import Loaded
from workflows.model.works import Found, Work
from workflows.moments import Moment

Language = Literal["zh", "en"]
LANGUAGES: tuple[Language, ...] = ("zh", "en")

InBoth = Mapping[Language, str]
"""A text in both languages."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """A work that is to be done for a visit of a case.

    `values` are those that the node gives it, by the names of the work; empty ones are left out.
    `loaded` is the definition of the case. `filer` is the person who acts for it now, under whose
    rights the work is done. `begun` is when the case came to the work, which is the same in each
    try. `draft` is the text of the draft, if the work is given one.
    """

    case_id: str
    visit: str
    work: Work
    values: Mapping[str, object]
    loaded: Loaded
    filer: str
    begun: Moment
    draft: str | None = None

    @property
    def id(self) -> str:
        """The key by which its effects are recognised: they are made once for a visit."""
        return f"{self.case_id}/{self.visit}"

    def text(self, name: str) -> str:
        """Return a value as a text, "" without one."""
        return str(self.values.get(name, ""))


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """A document that a work made, in both languages."""

    name: InBoth
    models: Mapping[Language, DocumentModel]


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What a work has found: an outcome, lines for people, documents, and data for later works.

    `data` are JSON values that are kept with the case.
    """

    outcome: Found = "ok"
    lines: Mapping[Language, tuple[str, ...]] = field(default_factory=dict)
    papers: tuple[Paper, ...] = ()
    data: Mapping[str, Any] = field(default_factory=dict)


def with_paper(paper: Paper) -> Result:
    """Return the result of a work that has made one document."""
    lines = {one: (translator(one).t("work.paper", name=name),) for one, name in paper.name.items()}
    return Result(lines=lines, papers=(paper,))


Write = Callable[[Tx, Office, Job, Result], Result]


@dataclass(frozen=True, slots=True, kw_only=True)
class Doing:
    """How a work is done.

    `read` returns what is needed from the database; `make` works on it, which may take long and is
    done outside of any transaction; `write` changes the database in the transaction that records
    the result, and may return another one. A Refusal of any of them is the result `failed`.
    """

    read: Callable[[Tx, Office, Job], Any]
    make: Callable[[Any], Result]
    write: Write | None = None
