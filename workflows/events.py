"""What can happen to a case. Facts in the past tense; frozen, never changed, only added.

Events hold results (who was found, when it is due, which way was taken) and references to content,
never content itself and never names: so replay needs neither a calendar nor a directory, and works
after personal content was erased. People are opaque keys.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from workflows.definition import SpanText
from workflows.durations import Budget
from workflows.moments import Moment
from workflows.passed_over import Bar, Fallback, PassedOver

SCHEMA_VERSION = 1
SYSTEM = "system"  # the actor of everything that the clock or a rule did


@dataclass(frozen=True, slots=True, kw_only=True)
class ContentRef:
    """Points at a piece of content and proves it: `digest` is made by `workflows.canonical`."""

    id: str
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedRung:
    """A rung of a ladder and the instant at which it will fire; `id` is `<index>[.<repeat>]`."""

    id: str
    at: Moment


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseStarted:
    """A case was filed; `case` is its number."""

    case: str
    process: str
    definition: str  # the hash of the definition that the case is pinned to
    filer: str
    content: ContentRef


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeEntered:
    """The case came to a node; `round` counts the visits, from 1."""

    node: str
    round: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskOpened:
    """Work was given to an assignee, or offered to candidates who may claim it.

    `fallback` names the rule that found the people when nobody was found by the definition. Neither
    an assignee nor candidates: nobody may act, and TaskBlocked follows.
    """

    task: str
    node: str
    round: int
    assignee: str | None
    candidates: tuple[str, ...]
    fallback: Fallback = ""
    channel: str = ""  # that is told of it too, by its name in the definition
    passed_over: tuple[PassedOver, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskReoffered:
    """The task is meant for others now, because the directory changed; it belongs to these."""

    task: str
    assignee: str | None
    candidates: tuple[str, ...]
    fallback: Fallback = ""
    passed_over: tuple[PassedOver, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskBlocked:
    """Nobody may act on the task; these people were told, and are again a day later."""

    task: str
    to: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DeputyOffered:
    """The principal is away, so the deputy got the task too; whoever decides first, decides."""

    task: str
    principal: str
    deputy: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DeputyPassedOver:
    """The principal is away, but the deputy may not act on this task; the principal was told."""

    task: str
    principal: str
    deputy: str
    why: Bar


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskClaimed:
    """One of the candidates took the task."""

    task: str
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskTransferred:
    """The task belongs to somebody else for good. Its due time stays.

    `people` are the names of the definition that meant the one before and mean the new one now, so
    that work that comes back comes back to them.
    """

    task: str
    source: str | None
    to: str
    why: Literal["transfer", "take_over", "left"]
    content: ContentRef | None
    people: tuple[tuple[str, str], ...] = ()  # (name in the definition, person)


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionRecorded:
    """A step inside a task was recorded, such as the answer to the customer."""

    task: str
    action: str
    content: ContentRef


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskCompleted:
    """The task was decided: `complete` for a task node, else the outcome of the approval."""

    task: str
    outcome: Literal["complete", "approve", "reject", "return"]
    content: ContentRef | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskReturned:
    """The handler sent the case back to an earlier node; its decisions there are void."""

    task: str
    to: str
    content: ContentRef


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskCancelled:
    """The task is not needed any more."""

    task: str
    reason: Literal["withdrawn", "returned", "ended"]


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteTaken:
    """Which way the case went from a node, why, and whom that fixed for later nodes."""

    node: str
    to: str
    because: Literal["condition", "default", "outcome", "limit"]
    route: int | None = None
    people: tuple[tuple[str, str], ...] = ()  # (name in the definition, person; "" for nobody)
    passed_over: tuple[PassedOver, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockPlanned:
    """A clock was started, or its due time moved; replaces what was planned for it before.

    `clock` is the key of a case clock, `task:<id>`, `wait:<id>`, `cap:<id>` or `blocked:<id>`.
    """

    clock: str
    why: Literal["started", "regraded", "resumed", "calendar"]
    started_at: Moment
    limit: SpanText
    ladder: str
    due_at: Moment
    rungs: tuple[PlannedRung, ...]
    provisional: bool = False  # it lies in a calendar year that is not announced yet


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockPaused:
    """The clock stands still with this much left."""

    clock: str
    left: Budget


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockStopped:
    """What the clock waited for was done, in time or not, or is not needed any more."""

    clock: str
    why: Literal["done", "cancelled"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reminded:
    """A reminder was due and these people were reminded."""

    clock: str
    rung: str
    to: tuple[str, ...]
    overdue: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Escalated:
    """A step was missed and these people were told. `level` counts the escalations of the clock.

    `heard` are all who were told by this clock so far. With a `task`, `passed_over` says who of
    them may not take that task over.
    """

    clock: str
    rung: str
    level: int
    to: tuple[str, ...]
    may_take_over: bool
    with_history: bool
    fallback: Fallback = ""
    heard: tuple[str, ...] = ()
    passed_over: tuple[PassedOver, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RungsCollapsed:
    """Rungs that told nobody: `late`, they were missed together and gave way to the highest of
    them; `merged`, all whom they would reach had been told before.
    """

    clock: str
    rungs: tuple[str, ...]
    why: Literal["late", "merged"] = "late"


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionAsked:
    """The assignee asked the filer something; the clocks that pause stand still."""

    task: str
    to: str
    content: ContentRef


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionAnswered:
    """The filer answered, or whoever was asked because the filer cannot be reached."""

    task: str
    content: ContentRef
    paused: int  # microseconds for which the clocks stood still
    instead_of: str = ""  # the filer, where somebody else answered


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionLapsed:
    """The filer was silent for as long as clocks may stand still, or left; the clocks go on."""

    task: str
    paused: int
    why: Literal["silence", "left"] = "silence"


@dataclass(frozen=True, slots=True, kw_only=True)
class Commented:
    """Somebody wrote a comment. With `follows`, they hear from now on what others write."""

    content: ContentRef
    task: str | None = None
    follows: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Urged:
    """Somebody who waits asked for these tasks to be done soon. No deadline moved."""

    tasks: tuple[str, ...]
    content: ContentRef | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CopiedIn:
    """These people may read the case from now on and were told of it."""

    people: tuple[str, ...]
    content: ContentRef | None


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchChanged:
    """The actor wants to hear what others write and how it ends (`on`), or hears no more of it."""

    on: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseClosed:
    """The case ended."""

    status: Literal["completed", "rejected", "withdrawn"]
    content: ContentRef | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SurveyAsked:
    """The filer was asked how satisfied they are."""

    to: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SurveyAnswered:
    """The filer gave a score from 1 to 5."""

    score: int
    content: ContentRef | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ContentErased:
    """Personal content was erased. The references stay and their digests still verify."""

    contents: tuple[str, ...]


Body = (
    CaseStarted
    | NodeEntered
    | TaskOpened
    | TaskReoffered
    | TaskBlocked
    | DeputyOffered
    | DeputyPassedOver
    | TaskClaimed
    | TaskTransferred
    | ActionRecorded
    | TaskCompleted
    | TaskReturned
    | TaskCancelled
    | RouteTaken
    | ClockPlanned
    | ClockPaused
    | ClockStopped
    | Reminded
    | Escalated
    | RungsCollapsed
    | QuestionAsked
    | QuestionAnswered
    | QuestionLapsed
    | Commented
    | Urged
    | CopiedIn
    | WatchChanged
    | CaseClosed
    | SurveyAsked
    | SurveyAnswered
    | ContentErased
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One fact with its circumstances. `seq` counts a case's events from 1 without a gap.

    `actor` is a person's key or "system"; `on_behalf_of` the principal when a deputy acted;
    `via` where it came from: a platform, "cli", "http", "timer" or "rule".
    """

    seq: int
    at: Moment
    actor: str
    on_behalf_of: str | None
    via: str
    body: Body
