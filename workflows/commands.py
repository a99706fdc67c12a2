"""What a person, or the clock, can want of a case. Imperative; frozen, without behaviour.

A form's values travel beside the reference to the content that keeps them: the engine looks at the
values, the event keeps the reference.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from workflows.events import ContentRef


@dataclass(frozen=True, slots=True, kw_only=True)
class _Command:
    actor: str  # a person's key, or events.SYSTEM
    via: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StartCase(_Command):
    """File a new case."""

    case_id: str
    definition: str
    content: ContentRef
    values: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimTask(_Command):
    """Take a task that was offered to several."""

    task: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CompleteTask(_Command):
    """Decide a task."""

    task: str
    outcome: Literal["complete", "approve", "reject", "return"]
    content: ContentRef | None = None
    values: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnTask(_Command):
    """Send the case back to an earlier node, with a reason."""

    task: str
    to: str
    content: ContentRef


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferTask(_Command):
    """Hand the task over to somebody else for good."""

    task: str
    to: str
    content: ContentRef | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeOver(_Command):
    """Take a task over that was escalated to the actor."""

    task: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordAction(_Command):
    """Record a step inside a task."""

    task: str
    action: str
    content: ContentRef
    values: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class AskFiler(_Command):
    """Ask the filer a question; the clocks that pause stand still until the answer."""

    task: str
    content: ContentRef


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerQuestion(_Command):
    """Answer the question that a task waits for."""

    task: str
    content: ContentRef
    diverted: bool = False  # the question was put to the actor, as the filer cannot be reached


@dataclass(frozen=True, slots=True, kw_only=True)
class AddComment(_Command):
    """Write a comment, on the case or under a task."""

    content: ContentRef
    task: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Urge(_Command):
    """Ask those who have the open tasks to hurry."""

    content: ContentRef | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdraw(_Command):
    """Take the case back."""

    content: ContentRef | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyIn(_Command):
    """Let others read the case, and tell them."""

    people: tuple[str, ...]
    content: ContentRef | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch(_Command):
    """Hear what others write on the case and how it ends (`on`), or hear no more of it."""

    on: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerSurvey(_Command):
    """Give a score from 1 (worst) to 5 (best)."""

    score: int
    content: ContentRef | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FireTimers(_Command):
    """Do what is due on one clock."""

    clock: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferToDeputies(_Command):
    """Offer the open tasks of people who are away to their deputies, where that was not done."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplaceLeavers(_Command):
    """Move open tasks of people who do not work here any more to their manager or the owner."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowDirectory(_Command):
    """The directory changed: offer what nobody has begun to whom it is meant for now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Replan(_Command):
    """Compute due times again because the calendar's data changed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordErasure(_Command):
    """Record that these pieces of content were erased."""

    contents: tuple[str, ...]


Command = (
    StartCase
    | ClaimTask
    | CompleteTask
    | ReturnTask
    | TransferTask
    | TakeOver
    | RecordAction
    | AskFiler
    | AnswerQuestion
    | AddComment
    | Urge
    | Withdraw
    | CopyIn
    | Watch
    | AnswerSurvey
    | FireTimers
    | OfferToDeputies
    | ReplaceLeavers
    | FollowDirectory
    | Replan
    | RecordErasure
)
