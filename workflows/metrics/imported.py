"""Cases that were handled before the product, in another program, and their histories.

Their times are those of the imported table. What the table does not say stays unknown: without
decisions there are no returns and no rejections, and without the beginning of the work no working
time.
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from workflows.calendar import WorkCalendar
from workflows.metrics.desk_time import Held
from workflows.metrics.history import Act, Ending, History, Stay
from workflows.moments import Moment

DONE = "complete"  # the outcome of a step whose decision is not known


class PastStep(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A step of a case.

    `node` is the node of the definition, or the step's own name. `since` is when a person could
    have begun: when they got it, or when the step before had ended. `start` is when the work began,
    None if that is not known. `by` is a person's key, or a number for somebody who is not in the
    directory.
    """

    node: str
    since: Moment
    start: Moment | None = None
    end: Moment | None = None
    by: str = ""
    outcome: str = ""


class PastCase(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A case as it was imported; `decided` if its table says what was decided at its steps."""

    number: str
    filed: Moment
    ending: Ending = Ending.OPEN
    ended: Moment | None = None
    department: str = ""
    grade: str = ""
    filer: str = ""
    steps: tuple[PastStep, ...] = ()
    decided: bool = False


def past_history(
    case: PastCase, *, process: str, calendar: WorkCalendar, cut_off: Moment
) -> History | None:
    """Return the history of an imported case at a cut-off, None if it was filed later."""
    if case.filed > cut_off:
        return None
    open_still = case.ended is None or case.ended > cut_off
    steps = tuple(step for step in case.steps if step.since <= cut_off)
    return History(
        case=case.number,
        process=process,
        version="",
        filed=case.filed,
        filer=case.filer,
        department=case.department,
        grade=case.grade,
        ending=Ending.OPEN if open_still else case.ending,
        ended=None if open_still else case.ended,
        stays=tuple(_stays(steps, cut_off)),
        acts=tuple(sorted(_acts(steps, cut_off), key=lambda act: act.at)),
        held=tuple(_held(steps, calendar, cut_off)),
        decided=case.decided,
        imported=True,
    )


def _by(at: Moment | None, cut_off: Moment) -> Moment | None:
    """Return a moment unless it is later than the cut-off."""
    return at if at is not None and at <= cut_off else None


def _stays(steps: tuple[PastStep, ...], cut_off: Moment) -> Iterator[Stay]:
    seen: set[str] = set()
    for step in steps:
        start, end = _by(step.start, cut_off), _by(step.end, cut_off)
        yield Stay(
            node=step.node,
            since=step.since,
            until=end,
            again=step.node in seen,
            first_act=end if start is None else start,
            outcome=(step.outcome or DONE) if end is not None else "",
            by=step.by,
        )
        seen.add(step.node)


def _acts(steps: tuple[PastStep, ...], cut_off: Moment) -> Iterator[Act]:
    for step in steps:
        start, end = _by(step.start, cut_off), _by(step.end, cut_off)
        if step.by and start is not None:
            yield Act(at=start, person=step.by, node=step.node)
        if step.by and end is not None:
            yield Act(at=end, person=step.by, node=step.node, outcome=step.outcome or DONE)


def _held(steps: tuple[PastStep, ...], calendar: WorkCalendar, cut_off: Moment) -> Iterator[Held]:
    """Yield who worked on which step, where it is known when the work began."""
    for number, step in enumerate(steps, 1):
        start, end = _by(step.start, cut_off), _by(step.end, cut_off)
        if start is None or not step.by:
            continue
        until = cut_off if end is None else end
        for person, begin, stop, done in (
            ("", step.since, start, True),
            (step.by, start, until, end is not None),
        ):
            working = calendar.working_between(begin, stop)
            yield Held(
                task=str(number),
                node=step.node,
                person=person,
                since=begin,
                until=stop,
                ended=int(done),
                gross=stop - begin,
                working=working,
                waiting=0,
                own=working if person else 0,
            )
