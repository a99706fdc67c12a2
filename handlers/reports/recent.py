"""The figures of the latest cases, few enough to be read for a card: of a process, of a person."""

from __future__ import annotations

from collections.abc import Iterator

from handlers import start
from handlers.i18n import translator
from handlers.interaction import Caller
from handlers.pages import Card, Line
from handlers.reading.formatter import formatter
from handlers.reports.cases import Asked, add_page, new_groups, working_day
from handlers.reports.numbers import range_of, value_of, written
from handlers.reports.source import ReportSource
from workflows.metrics.groups import By
from workflows.metrics.targets import aim_of
from workflows.model.definition import Definition, Target
from workflows.model.measures import Metric
from workflows.moments import DAY

DAYS = 90
PAGES_MOST = 2
PERSON_FROM = 10  # tasks: a figure of fewer would be chance
_USUAL = (Metric.HANDLING, Metric.STEPS_ON_TIME)  # of a process without targets


def recent_lines(caller: Caller, definition: Definition) -> tuple[Line, ...]:
    """Return the figures beside the targets of a process; none without a case."""
    source = _source(caller, definition)
    if not source.all.cases:
        return ()
    lines = tuple(_target_line(source, target) for target in definition.targets)
    return lines or tuple(
        Line(when=source.metric(metric), text=_figure(source, metric)) for metric in _USUAL
    )


def own_card(caller: Caller) -> Card | None:
    """Return how long the reader had their own tasks, which only they see; None without a task."""
    lines = tuple(_own_lines(caller))
    if not lines:
        return None
    words = translator(caller.language)
    return Card(
        kind="list",
        title=words.t("figures.own", days=DAYS),
        lines=lines,
        note=words.t("figures.own.note"),
    )


def _own_lines(caller: Caller) -> Iterator[Line]:
    for loaded in start.in_force(caller.tx, caller.office):
        source = _source(caller, loaded.definition, decided_by=caller.person.key)
        figure = source.groups.of(By.PERSON, caller.person.key).figure(Metric.DESK)
        if figure is None:
            continue
        words = source.words
        text = words.n("figures.own.few", figure.n)
        if figure.n >= PERSON_FROM:
            low, high = value_of(words, figure), written(words, Metric.DESK, figure.high)
            text = words.n("figures.own.value", figure.n, half=low, most=high)
        yield Line(when=source.form.text(loaded.definition.name), text=text)


def _source(
    caller: Caller, definition: Definition, *, decided_by: str | None = None
) -> ReportSource:
    office, tx = caller.office, caller.tx
    groups, since = new_groups(office), office.clock.now() - DAYS * DAY
    asked, last = Asked(process=definition.key, since=since, decided_by=decided_by), None
    for _ in range(PAGES_MOST):
        last = add_page(tx, office=office, groups=groups, asked=asked, before=last)
        if not last:
            break
    write = formatter(office, office.directory(tx), reader=caller.person, language=caller.language)
    return ReportSource(
        definition=definition,
        groups=groups,
        form=write,
        company=office.company.name_in(caller.language),
        since=since,
        day=working_day(office),
    )


def _target_line(source: ReportSource, target: Target) -> Line:
    words, aim = source.words, aim_of(target, day=source.day)
    reached = words.t(f"figures.reached.{aim.reached(source.all.figure(aim.metric))}")
    goal = written(words, aim.metric, aim.goal)
    text = words.t(
        "figures.recent.goal", figure=_figure(source, aim.metric), goal=goal, reached=reached
    )
    return Line(when=source.form.text(target.name), text=text)


def _figure(source: ReportSource, metric: str) -> str:
    """Return a figure with its range, its number of cases, and how many of them are open."""
    words, figure = source.words, source.all.figure(metric)
    if figure is None:
        return value_of(words, None)
    text = value_of(words, figure)
    if figure.range.low is not None:
        text = words.t("figures.recent.range", value=text, range=range_of(words, figure))
    counted = words.n("figures.recent.n", figure.n)
    if figure.still_open:
        counted = words.t("figures.recent.open", counted=counted, open=f"{figure.still_open:,}")
    return words.t("figures.recent", figure=text, counted=counted)
