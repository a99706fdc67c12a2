"""Builds the report about a pilot (试点改进报告)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from statistics import fmean

from handlers.i18n import dates
from handlers.rendering.model import (
    Block,
    Column,
    DocumentModel,
    DocumentSection,
    Field,
    Paragraph,
    StyledText,
    Table,
    TextTone,
)
from handlers.reports.numbers import DASH, range_of, value_of
from handlers.reports.problems import problems_of
from handlers.reports.source import ReportSource, cells, metric_name
from handlers.services.piloting import words as said
from handlers.services.piloting.pictures import boxes_named, boxes_picture, months_picture
from handlers.services.piloting.source import Told, Trial
from handlers.services.work import Language
from workflows.metrics.effects import Effect
from workflows.metrics.estimates import Range
from workflows.metrics.figures import Figure, Unit
from workflows.metrics.groups import Groups
from workflows.metrics.piloting import Judged
from workflows.metrics.pilots import Box, Verdict
from workflows.model.measures import Metric
from workflows.moments import DAY, utc

_SCALE = 1_000_000  # of the shares of a baseline
TONES = {
    Verdict.BETTER: TextTone.GOOD,
    Verdict.PROBABLY_BETTER: TextTone.GOOD,
    Verdict.WORSE: TextTone.DANGER,
    Verdict.CANNOT_TELL: TextTone.NEUTRAL,
}


def pilot_report(trial: Trial, found: Judged, language: Language, *, case_id: str) -> DocumentModel:
    """Return the report about a pilot."""
    told = trial.told[language]
    words, form = told.form.words, told.form
    groups = Groups(ruler=trial.ruler)
    for history in trial.during:
        groups.add(history)
    begin, between, end = words.t("document.page", page=0, pages=0).split("0")
    sections = (
        _verdict(told, trial, found),
        _boxes(told, trial, found),
        _months(told, found),
        section(words.t("pilot.section.guards"), said.guard_lines(words, found.main)),
        section(words.t("pilot.section.targets"), said.target_lines(told, trial, found)),
        _cases(told, trial, found),
        _week(told, found),
        _mix(told, trial, found),
        _baseline(told, trial, groups),
        problems_of(_source(told, trial, groups)),
        _method(told, trial),
    )
    until = trial.watch.cut_off
    return DocumentModel(
        language=language,
        company=told.company,
        title=words.t("pilot.title"),
        subtitle=form.text(trial.definition.name),
        number=case_id,
        facts=tuple(_facts(told, trial, found, case_id)),
        sections=tuple(one for one in sections if one.blocks),
        footer=words.t("pilot.footer", at=dates.full(until, zone=form.zone, language=language)),
        pages=(begin, between, end),
        created_at=utc(until),
    )


def _facts(told: Told, trial: Trial, found: Judged, case_id: str) -> Iterator[Field]:
    words = told.form.words
    period = words.t(
        "figures.between",
        low=said.day_of(told, trial.times.since),
        high=said.last_day_of(told, trial),
    )
    named = (
        (words.t("pilot.fact.case"), case_id),
        (words.t("pilot.fact.departments"), said.departments_of(told, trial)),
        (words.t("pilot.fact.period"), period),
        (words.t("pilot.fact.version"), str(trial.version)),
        (words.t("pilot.fact.main"), said.figure_of(words, found.metric)),
    )
    for label, text in named:
        yield Field(label=label, value=StyledText(text=text))
    verdict = StyledText(
        text=said.verdict_of(words, found.main.verdict), tone=TONES[found.main.verdict]
    )
    yield Field(label=words.t("pilot.fact.verdict"), value=verdict)


def text_of(text: str) -> Paragraph:
    return Paragraph(words=StyledText(text=text))


def section(title: str, lines: Iterator[str]) -> DocumentSection:
    return DocumentSection(title=title, blocks=tuple(map(text_of, lines)))


def table_of(titles: Sequence[str], rows: Sequence[Sequence[str]], *, first: int = 2) -> Table:
    columns = [
        Column(title=one, share=first if not place else 1) for place, one in enumerate(titles)
    ]
    return Table(columns=tuple(columns), rows=tuple(tuple(cells(*row)) for row in rows))


def _verdict(told: Told, trial: Trial, found: Judged) -> DocumentSection:
    words = told.form.words
    lines = (
        *said.verdict_lines(told, trial, found),
        said.other_line(told, found),
        *said.more_lines(words, found),
    )
    return section(words.t("pilot.section.verdict"), iter(lines))


def _boxes(told: Told, trial: Trial, found: Judged) -> DocumentSection:
    words, four = told.form.words, found.main.boxes
    pictures = [boxes_picture(words, four, metric) for metric in (found.metric, found.second)]
    rows = [_box_row(told, name, box) for name, box in boxes_named(words, four)]
    blocks: list[Block] = [table_of(_box_titles(told), rows), *filter(None, pictures)]
    if not trial.groups.others:
        blocks.append(text_of(words.t("pilot.no_others")))
    return DocumentSection(title=words.t("pilot.section.boxes"), blocks=tuple(blocks))


def _box_titles(told: Told) -> tuple[str, ...]:
    words = told.form.words
    return (
        words.t("pilot.column.group"),
        words.t("pilot.column.n"),
        words.t("pilot.column.on_time"),
        words.t("pilot.column.mean"),
        words.t("pilot.column.waiting"),
        words.t("pilot.column.dropped"),
    )


def _box_row(told: Told, name: str, box: Box) -> tuple[str, ...]:
    words, n = told.form.words, len(box.cases)
    on_time = mean = DASH
    if n:
        share = 100 * sum(one.on_time for one in box.cases) / n
        on_time = words.t("figures.percent", number=f"{share:.1f}")
        days = fmean(one.time for one in box.cases) / DAY
        mean = words.t("figures.days", number=f"{days:.2f}")
    return (name, f"{n:,}", on_time, mean, f"{box.waiting:,}", f"{box.dropped:,}")


def _months(told: Told, found: Judged) -> DocumentSection:
    words, blocks = told.form.words, list[Block]()
    months = found.main.ordinary
    if months is not None:
        picture = months_picture(words, found.main)
        blocks += [picture] if picture is not None else []
        text = (
            words.t(
                "pilot.months.said",
                months=len(months.values),
                as_good=months.as_good,
                chance=f"{100 * months.chance:.0f}",
            )
            if months.values
            else words.t("pilot.months.none")
        )
        blocks.append(text_of(text))
    return DocumentSection(title=words.t("pilot.section.months"), blocks=tuple(blocks))


def _cases(told: Told, trial: Trial, found: Judged) -> DocumentSection:
    words = told.form.words
    lines = (
        said.which(told, trial),
        said.counted(words, found.main),
        *said.notes(told, trial),
    )
    return section(words.t("pilot.section.cases"), iter(lines))


def _week(told: Told, found: Judged) -> DocumentSection:
    words = told.form.words
    blocks: tuple[Block, ...] = ()
    if found.first_week.cases:
        rows = [
            _box_row(told, words.t("pilot.box.week"), found.first_week),
            _box_row(told, words.t("pilot.box.later"), found.later),
        ]
        blocks = (text_of(words.t("pilot.week.said")), table_of(_box_titles(told), rows))
    return DocumentSection(title=words.t("pilot.section.week"), blocks=blocks)


def _mix(told: Told, trial: Trial, found: Judged) -> DocumentSection:
    words, mix = told.form.words, found.mix
    title = words.t("pilot.section.mix")
    names = sorted({*mix.before, *mix.during})
    if not names:
        return DocumentSection(title=title, blocks=(text_of(words.t("pilot.mix.none")),))
    titles = (
        words.t("pilot.column.grade"),
        words.t("pilot.column.before"),
        words.t("pilot.column.during"),
    )
    rows = [
        (
            _grade(told, one),
            _percent(told, mix.before.get(one)),
            _percent(told, mix.during.get(one)),
        )
        for one in names
    ]
    effect = found.main.effect
    text = (
        words.t("pilot.mix.unknown")
        if mix.value is None or effect is None
        else words.t(
            "pilot.mix.same", value=_change(told, effect, mix.value), effect=_change(told, effect)
        )
    )
    return DocumentSection(title=title, blocks=(table_of(titles, rows), text_of(text)))


def _change(told: Told, effect: Effect, number: float | None = None) -> str:
    change = said.change_of(effect, effect.value if number is None else number)
    if effect.metric is Metric.GROSS:
        return told.form.words.t("figures.percent", number=said.signed(change))
    return told.form.words.t("pilot.points", number=said.signed(change))


def _percent(told: Told, share: float | None) -> str:
    return told.form.words.t("figures.percent", number=f"{100 * (share or 0):.0f}")


def _grade(told: Told, grade: str) -> str:
    field = told.definition.field(told.definition.grouped_by or "")
    return grade if field is None else told.form.option(field, grade)


# ---------------------------------------------------------------------------- baseline


def _baseline(told: Told, trial: Trial, groups: Groups) -> DocumentSection:
    """Return the figures of the frozen baseline beside those of the pilot's cases."""
    words, title = told.form.words, told.form.words.t("pilot.section.baseline")
    if trial.baseline is None:
        return DocumentSection(title=title, blocks=())
    data = trial.baseline.data
    frozen = {(one["by"], one["group"], one["metric"]): one for one in data["figures"]}
    names = [one for one in trial.departments if ("department", one) in {key[:2] for key in frozen}]
    titles = (
        words.t("pilot.column.figure"),
        words.t("pilot.column.all"),
        *(words.t("pilot.column.of", department=told.form.department(one)) for one in names),
        words.t("pilot.column.pilot"),
    )
    metrics = dict.fromkeys(key[2] for key in frozen)
    rows = [
        (
            metric_name(told.form, told.definition, metric),
            _frozen(told, frozen.get(("all", "", metric))),
            *(_frozen(told, frozen.get(("department", one, metric))) for one in names),
            _figure(told, groups.all.figure(metric)),
        )
        for metric in metrics
    ]
    text = words.t(
        "pilot.baseline.said",
        at=said.day_of(told, data["cut_off"]),
        hash=str(data["hash"])[:12],
    )
    return DocumentSection(title=title, blocks=(text_of(text), table_of(titles, rows, first=1)))


def _frozen(told: Told, kept: dict[str, object] | None) -> str:
    """Return a figure of a baseline, where times are microseconds and shares millionths."""
    if kept is None:
        return DASH
    unit = Unit(str(kept["unit"]))
    scale = 1 if unit is Unit.TIME else _SCALE
    value, low, high = (
        None if kept[name] is None else float(str(kept[name])) / scale
        for name in ("value", "low", "high")
    )
    figure = Figure(
        metric=str(kept["metric"]),
        unit=unit,
        value=value,
        range=Range(low=low, high=high),
        n=int(str(kept["n"])),
        still_open=int(str(kept["still_open"])),
    )
    return _figure(told, figure)


def _figure(told: Told, figure: Figure | None) -> str:
    if figure is None:
        return DASH
    words = told.form.words
    return words.t(
        "pilot.figure.shown",
        value=value_of(words, figure),
        range=range_of(words, figure),
        n=f"{figure.n:,}",
    )


def _source(told: Told, trial: Trial, groups: Groups) -> ReportSource:
    """Return the pilot's own cases as a report about a process reads them."""
    return ReportSource(
        definition=trial.piloted,
        groups=groups,
        form=told.form,
        company=told.company,
        since=trial.times.since,
        day=trial.day,
    )


def _method(told: Told, trial: Trial) -> DocumentSection:
    words = told.form.words
    others = sorted(trial.groups.others)
    lines = [said.watched_for(told, trial.limit), words.t("pilot.method.sum")]
    if others:
        names = told.form.listed(map(told.form.department, others))
        lines.append(words.t("pilot.method.others", departments=names))
    lines.append(words.t("pilot.method.range"))
    return section(words.t("pilot.section.method"), iter(lines))
