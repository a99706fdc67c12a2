"""What the parts of a report are made of: figures, definition, the reader's language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from handlers.i18n import Translator
from handlers.problem_words import kind_name
from handlers.reading.formatter import Formatter
from handlers.rendering.model import Column, StyledText, Table, TextTone
from handlers.reports.numbers import DASH
from workflows.metrics.groups import By, Group, Groups
from workflows.model.definition import Definition
from workflows.model.measures import Metric
from workflows.moments import Moment
from workflows.surveys import Published

PROBLEM = "problem_"  # before the kind of reported problems, or "cases"
SURVEY = "survey_"  # before the name of a figure of the anonymous survey
_SHARES = {
    "input": 3,
    "people": 3,
    "waits": 3,
    "takes": 3,
    "desk": 3,
    "range": 4,
    "n": 1,
    "open": 1,
    "cases": 1,
    "filed": 1,
    "kinds": 4,
    "per_100": 1,
    "reports": 1,
    "case": 2,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportSource:
    """What a report is made of. `day` is the length of a working day, in microseconds."""

    definition: Definition
    groups: Groups
    form: Formatter
    company: str
    since: Moment | None
    day: int
    survey: Published | None = None  # the anonymous survey that was closed last
    survey_slot: str = ""
    texts: Mapping[str, str] = field(default_factory=dict)  # of reported problems, by content id

    @property
    def words(self) -> Translator:
        """The texts in the reader's language."""
        return self.form.words

    @property
    def all(self) -> Group:
        """All cases."""
        return self.groups.all

    def shares(self, metric: Metric = Metric.STEP_TIME) -> Mapping[str, float]:
        """Return how much of the time of all steps each step has, open visits included.

        With `metric`, how much of it is this part of a step's time, such as its waiting time.
        """
        whole = sum(self._totals(Metric.STEP_TIME).values()) or 1
        return {node: total / whole for node, total in self._totals(metric).items()}

    def _totals(self, metric: Metric) -> Mapping[str, float]:
        return {
            node: self.all.total(metric, node) for name, node in self.all.samples if name == metric
        }

    def node(self, node: str) -> str:
        """Return the name of a step, or its id if the definition has it no more."""
        known = self.definition.has_node(node)
        return self.form.text(self.definition.node(node).name) if known else node

    def metric(self, metric: str) -> str:
        """Return the name of a metric; of a deadline with the name of the deadline."""
        if metric.startswith(SURVEY):
            figure = self.words.t(f"poll.figure.{metric.removeprefix(SURVEY)}")
            return self.words.t("figures.metric.survey", figure=figure)
        if metric.startswith(PROBLEM):
            kind = metric.removeprefix(PROBLEM)
            if kind == "cases":
                return self.words.t("figures.metric.problem_cases")
            return self.words.t("figures.metric.problem", kind=kind_name(self.words, kind))
        return metric_name(self.form, self.definition, metric)

    def group(self, by: By, name: str) -> str:
        """Return the name of a group of cases."""
        if by is By.VERSION and not name:
            return self.words.t("figures.count.imported")
        if not name:
            return self.words.t("figures.none")
        if by is By.DEPARTMENT:
            return self.form.department(name)
        if by is By.GRADE and self.definition.grouped_by is not None:
            field = self.definition.field(self.definition.grouped_by)
            return self.form.option(field, name) if field is not None else name
        return name


def metric_name(write: Formatter, definition: Definition, metric: str) -> str:
    """Return the name of a metric; of a deadline with the name of the deadline."""
    name, _, clock = metric.partition(":")
    if not clock:
        return write.words.t(f"figures.metric.{name}")
    known = definition.clocks.get(clock)
    title = write.text(known.name) if known is not None else clock
    return write.words.t("figures.metric.on_time", clock=title)


def cells(*texts: str) -> list[StyledText]:
    """Return texts as cells of a table."""
    return [
        StyledText(text=cell, tone=TextTone.MUTED if cell == DASH else TextTone.NEUTRAL)
        for cell in texts
    ]


def table(
    words: Translator,
    columns: Iterable[str],
    rows: Iterable[list[StyledText]],
    *,
    wide: str = "",
    share: int = 5,
) -> Table:
    """Return a table whose columns are named by their texts; `wide` gets the largest share."""
    return Table(
        columns=tuple(
            Column(
                title=words.t(f"figures.column.{one}"),
                share=share if one == wide else _SHARES.get(one, 2),
            )
            for one in columns
        ),
        rows=tuple(map(tuple, rows)),
    )


def drawn(value: float) -> Decimal:
    """Return a value as a chart has it, with one digit after the point."""
    return Decimal(f"{value:.1f}")
