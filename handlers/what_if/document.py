"""What a replay has shown, as a section of a document and as a document of its own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from handlers.i18n import Translator, dates
from handlers.reading.formatter import Formatter
from handlers.reading.people_words import in_words
from handlers.rendering.model import (
    Block,
    Chart,
    Column,
    DocumentModel,
    DocumentSection,
    Field,
    Paragraph,
    StyledText,
    Table,
    TextTone,
)
from handlers.reports.numbers import DASH, written
from handlers.reports.source import metric_name
from handlers.what_if.picture import Span, draw_spans
from handlers.what_if.quarter import ReadQuarter
from workflows.metrics.figures import Unit, unit_of
from workflows.model.definition import Definition
from workflows.model.measures import Metric
from workflows.model.nodes import ApprovalNode, TaskNode
from workflows.moments import HOUR, utc
from workflows.what_if.comparing import APPROVALS, CASES_FROM, P85, TASKS, Estimate, Row, WhatIf

_SHARES = {"figure": 4, "step": 3, "people": 3, "unchanged": 3, "draft": 3, "difference": 3}
_TIMES = (Metric.HANDLING, P85 + Metric.HANDLING)


@dataclass(frozen=True, slots=True, kw_only=True)
class WhatIfSource:
    """A result, and what its document needs; `names` are of the version and of the draft."""

    result: WhatIf
    read: ReadQuarter
    before: Definition
    after: Definition
    form: Formatter
    names: tuple[str, str]

    @property
    def words(self) -> Translator:
        """The texts in the reader's language."""
        return self.form.words


def what_if_section(source: WhatIfSource) -> DocumentSection:
    """Return what a replay has shown, or why nothing can be said."""
    words, result = source.words, source.result
    if result.shown:
        blocks = (
            *_said(words.t("whatif.good", n=f"{result.cases:,}", replays=result.replays)),
            _checks(source),
            _figures(source),
            *_picture(source),
            _tasks(source),
            *(block for text in _assumptions(source) for block in _said(text)),
        )
    else:
        blocks = (*_said(refusal_of(source), TextTone.WARN), *_checks_if(source))
    return DocumentSection(title=words.t("whatif.section"), blocks=blocks)


def refusal_of(source: WhatIfSource) -> str:
    """Return why nothing can be said, in one or more sentences."""
    words, result = source.words, source.result
    if result.unplayable:
        steps = source.form.listed(_node(source, node) for node in result.unplayable)
        return words.t("whatif.unplayable", steps=steps)
    if result.few:
        return words.t("whatif.few", n=f"{result.cases:,}", least=CASES_FROM)
    bad = [
        words.t(
            f"whatif.differs.{one.measure}",
            replay=_percent(one.replay),
            halves=_percent(one.halves),
        )
        for one in result.checked
        if not one.good
    ]
    return " ".join((words.t("whatif.refused"), *bad))


def what_if_lines(source: WhatIfSource) -> Iterator[str]:
    """Yield the main figures as they are and with the draft, or why there are none, for a card."""
    words, result = source.words, source.result
    if not result.cases:
        yield words.t("whatif.said.no_cases")
    elif result.few:
        yield words.t("whatif.said.few", n=result.cases, least=CASES_FROM)
    elif result.unplayable:
        yield refusal_of(source)
    elif not result.shown:
        yield words.t("whatif.said.refused")
    else:
        yield words.t("whatif.said.cases", n=f"{result.cases:,}", replays=result.replays)
        for row in main_rows(result):
            yield row_line(source, row)


def main_rows(result: WhatIf) -> tuple[Row, ...]:
    """Return the handling time and at most two further figures, those that the draft changes."""
    several = [row for row in result.rows if row.name not in (TASKS, *_TIMES)]
    changed = [row for row in several if not row.difference.zero]
    others = changed[:2] or [row for row in several if row.name == Metric.STEPS_ON_TIME]
    return (*(row for row in result.rows if row.name == Metric.HANDLING), *others)


def row_line(source: WhatIfSource, row: Row) -> str:
    """Return a figure as it is and with the draft, in one line."""
    words, name, before = source.words, _name(source, row.name), row.unchanged.value
    after = _estimate(source, row.name, row.draft)
    if row.difference.zero:
        return words.t("whatif.said.same", name=name, value=after)
    was = DASH if before is None else _number(source, row.name, before)
    return words.t("whatif.said.figure", name=name, before=was, after=after)


def what_if_document(source: WhatIfSource, *, company: str) -> DocumentModel:
    """Return the result as a document of its own."""
    write, words = source.form, source.words
    begin, between, end = words.t("document.page", page=0, pages=0).split("0")
    return DocumentModel(
        language="zh" if write.language == "zh" else "en",
        company=company,
        title=words.t("whatif.title"),
        subtitle=write.text(source.after.name),
        number="",
        facts=tuple(_facts(source)),
        sections=(what_if_section(source),),
        footer=words.t("whatif.footer", at=_full(source)),
        pages=(begin, between, end),
        created_at=utc(write.now),
    )


def _full(source: WhatIfSource) -> str:
    write = source.form
    return dates.full(write.now, zone=write.zone, language=write.language)


def _facts(source: WhatIfSource) -> Iterator[Field]:
    write, read = source.form, source.read
    until = read.quarter.ruler.cut_off
    days = [dates.day(at, zone=write.zone, language=write.language) for at in (read.since, until)]
    facts = {
        "unchanged": source.names[0],
        "draft": source.names[1],
        "filed": source.words.t("figures.between", low=days[0], high=days[1]),
        "cases": f"{source.result.cases:,}",
    }
    left_out = {"others": read.others, "spared": read.spared}
    facts |= {name: f"{count:,}" for name, count in left_out.items() if count}
    for name, text in facts.items():
        yield Field(label=source.words.t(f"whatif.fact.{name}"), value=StyledText(text=text))


def _said(text: str, tone: TextTone = TextTone.NEUTRAL) -> tuple[Block, ...]:
    return (Paragraph(words=StyledText(text=text, tone=tone)),)


def _node(source: WhatIfSource, node: str) -> str:
    for definition in (source.after, source.before):
        if definition.has_node(node):
            return source.form.text(definition.node(node).name)
    return node


# ---------------------------------------------------------------- the check


def _checks_if(source: WhatIfSource) -> tuple[Block, ...]:
    return (_checks(source),) if source.result.checked else ()


def _checks(source: WhatIfSource) -> Table:
    words = source.words
    rows = (
        (words.t(f"whatif.measure.{one.measure}"), _percent(one.replay), _percent(one.halves))
        for one in source.result.checked
    )
    columns = {"measure": 5, "replay": 3, "halves": 3}
    return _table(words, columns, rows)


def _table(words: Translator, columns: dict[str, int], rows: Iterator[tuple[str, ...]]) -> Table:
    return Table(
        columns=tuple(
            Column(title=words.t(f"whatif.column.{name}"), share=share)
            for name, share in columns.items()
        ),
        rows=tuple(tuple(StyledText(text=cell) for cell in row) for row in rows),
    )


def _percent(share: float) -> str:
    return f"{100 * share:.1f} %"


# ---------------------------------------------------------------- the figures


def _figures(source: WhatIfSource) -> Table:
    rows = (
        (_name(source, row.name), *_estimates(source, row))
        for row in source.result.rows
        if row.name != TASKS
    )
    columns = {name: _SHARES[name] for name in ("figure", "unchanged", "draft", "difference")}
    return _table(source.words, columns, rows)


def _tasks(source: WhatIfSource) -> Table:
    rows = (
        (_node(source, row.node), _people(source, row.node), *_estimates(source, row))
        for row in source.result.rows
        if row.name == TASKS
    )
    columns = {name: share for name, share in _SHARES.items() if name != "figure"}
    return _table(source.words, columns, rows)


def _people(source: WhatIfSource, node_id: str) -> str:
    definition = source.after if source.after.has_node(node_id) else source.before
    node = definition.node(node_id)
    if not isinstance(node, TaskNode | ApprovalNode):
        return DASH
    people = (in_words(text, definition, source.form) for _, text in node.workers)
    return source.form.listed(people)


def _name(source: WhatIfSource, name: str) -> str:
    words = source.words
    if name == APPROVALS:
        return words.t("whatif.approvals")
    if name.startswith(P85):
        return words.t("whatif.p85")
    if name == Metric.HANDLING:
        return words.t("whatif.median")
    definition = source.after
    clock = name.partition(":")[2]
    if clock and clock not in definition.clocks:
        definition = source.before
    return metric_name(source.form, definition, name)


def _estimates(source: WhatIfSource, row: Row) -> tuple[str, str, str]:
    return (
        _estimate(source, row.name, row.unchanged),
        _estimate(source, row.name, row.draft),
        _difference(source, row.name, row.difference),
    )


def _estimate(source: WhatIfSource, name: str, one: Estimate) -> str:
    if one.value is None or one.low is None or one.high is None:
        return DASH
    low, high = (_bare(name, part) for part in (one.low, one.high))
    value = _number(source, name, one.value)
    return source.words.t("whatif.range", value=value, low=low, high=high)


def _difference(source: WhatIfSource, name: str, one: Estimate) -> str:
    if one.value is None or one.low is None or one.high is None:
        return DASH
    if one.zero:
        return source.words.t("whatif.none")
    low, high = (f"{_sign(part)}{_bare(name, abs(part))}" for part in (one.low, one.high))
    value = f"{_sign(one.value)}{_bare(name, abs(one.value))}"
    if unit_of_row(name) is Unit.SHARE:
        value = source.words.t("whatif.points", number=value)
    elif unit_of_row(name) is Unit.TIME:
        value = f"{_sign(one.value)}{_number(source, name, abs(one.value))}"
    return source.words.t("whatif.range", value=value, low=low, high=high)


def _sign(value: float) -> str:
    return "+" if value > 0 else "−" if value < 0 else "±"


def _number(source: WhatIfSource, name: str, value: float) -> str:
    if name in (APPROVALS, TASKS):
        return f"{value:,.2f}"
    return written(source.words, name.removeprefix(P85), value)


def _bare(name: str, value: float) -> str:
    """Return a value without its unit."""
    unit = unit_of_row(name)
    if unit is Unit.TIME:
        return f"{value / HOUR:,.1f}"
    return f"{100 * value:.1f}" if unit is Unit.SHARE else f"{value:,.2f}"


def unit_of_row(name: str) -> Unit:
    """Return the unit of a row."""
    return Unit.NUMBER if name in (APPROVALS, TASKS) else unit_of(name.removeprefix(P85))


def _picture(source: WhatIfSource) -> tuple[Block, ...]:
    words = source.words
    names = (words.t("whatif.column.unchanged"), words.t("whatif.column.draft"))
    pairs = []
    for row in source.result.rows:
        if row.name in _TIMES:
            title = words.t(
                "whatif.line.high" if row.name.startswith(P85) else "whatif.line.median"
            )
            spans = [
                _span(source, row.name, f"{title} · {name}", one)
                for name, one in zip(names, (row.unchanged, row.draft), strict=True)
            ]
            pairs.append((spans[0], spans[1]))
    title = words.t("whatif.picture")
    return (Chart(svg=draw_spans(pairs, title=title), title=title),) if pairs else ()


def _span(source: WhatIfSource, name: str, label: str, one: Estimate) -> Span:
    value, low, high = one.value or 0.0, one.low or 0.0, one.high or 0.0
    text = DASH if one.value is None else _number(source, name, value)
    return Span(label=label, low=low / HOUR, value=value / HOUR, high=high / HOUR, text=text)


# ---------------------------------------------------------------- what is assumed


def _assumptions(source: WhatIfSource) -> Iterator[str]:
    words, result, write = source.words, source.result, source.form
    yield words.t("whatif.assumed")
    for node, time in result.assumed.items():
        takes = written(words, Metric.HANDLING, time)
        yield words.t("whatif.new_step", step=_node(source, node), time=takes)
    for node, span in result.taken.items():
        yield words.t("whatif.given", step=_node(source, node), time=write.span(span))
    for (node, _), count in sorted(result.stuck.items()):
        yield words.t("whatif.stuck", step=_node(source, node), count=f"{count:.1f}")
