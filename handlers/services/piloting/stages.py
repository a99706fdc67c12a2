"""Says what each stage of a roll-out has shown, on the card and in a document."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from handlers.i18n import Translator, dates, translator
from handlers.rendering.model import (
    Block,
    Column,
    DocumentModel,
    DocumentSection,
    Field,
    StyledText,
    Table,
)
from handlers.reports.numbers import DASH
from handlers.services.piloting import words as said
from handlers.services.piloting.document import TONES, section, text_of
from handlers.services.piloting.pictures import Interval, intervals_picture
from handlers.services.piloting.rollout import Rolled
from handlers.services.piloting.source import Told
from handlers.services.work import LANGUAGES, Language, Paper
from workflows.metrics.pilots import LEAST_CASES, MONTH, Box, Verdict
from workflows.metrics.stages import Compared, Stage
from workflows.moments import DAY, utc

LINES_MOST = 6  # stages on a card; the report has all
_SHARES = (3, 4, 2, 3, 2, 3)  # of the columns


def stage_lines(rolled: Rolled, found: Sequence[Compared], language: Language) -> Iterator[str]:
    """Yield what can be said of the latest stages, for the card, and that there is a report."""
    told = rolled.told[language]
    earlier = max(len(found) - LINES_MOST, 0)
    if earlier:
        yield told.form.words.n("stages.earlier", earlier)
    for one in found[-LINES_MOST:]:
        yield _line(told, rolled, one)
    yield told.form.words.t("work.paper", name=told.form.words.t("stages.title"))


def _line(told: Told, rolled: Rolled, found: Compared) -> str:
    words, judged = told.form.words, found.assessment
    facts = {
        "name": _name(told, found.stage),
        "since": said.day_of(told, found.times.since),
        "until": said.day_of(told, found.times.until),
    }
    if judged is None or judged.effect is None:
        return _cannot_tell(words, rolled, found, facts)
    beside_others = bool(found.groups.others)
    return words.t(
        "stages.said",
        **facts,
        figure=said.figure_of(words, judged.effect.metric),
        effect=said.effect_of(words, judged.effect),
        cases=len(found.boxes.pilot_during.cases),
        because=said.because(words, judged, beside_others=beside_others),
        beside=_beside(told, found),
    )


def _cannot_tell(words: Translator, rolled: Rolled, found: Compared, facts: dict[str, str]) -> str:
    box, least = found.boxes.pilot_during, MONTH // DAY
    running = found.times.until >= rolled.watch.cut_off
    cases = words.n("stages.so_far" if running else "stages.cases", len(box.cases) + box.waiting)
    if box.waiting:
        cases = words.t("stages.watched", cases=cases, waiting=box.waiting)
    if not found.young:
        fewest = min(len(one.cases) for one in found.boxes.all)
        why = words.n("pilot.missing.few", fewest, least=LEAST_CASES)
        return words.t("stages.few", **facts, cases=cases, why=why)
    if running:
        return words.t("stages.young", **facts, cases=cases, days=found.days, least=least)
    return words.t("stages.short", **facts, cases=cases, days=found.days, least=least)


def _beside(told: Told, found: Compared) -> str:
    words = told.form.words
    if not found.groups.others:
        return words.t("stages.alone")
    names = told.form.listed(map(told.form.department, sorted(found.groups.others)))
    return words.t("pilot.method.others", departments=names)


def _name(told: Told, stage: Stage) -> str:
    departments = told.form.listed(map(told.form.department, stage.departments))
    return told.form.words.t(
        "stages.name", stage=_short(told.form.words, stage), departments=departments
    )


def _short(words: Translator, stage: Stage) -> str:
    if not stage.batch:
        return words.t("stages.pilot")
    return words.t("stages.batch", number=stage.batch)


# ---------------------------------------------------------------------------- document


def stages_paper(
    rolled: Rolled, found: Sequence[Compared], versions: dict[Language, tuple[str, ...]]
) -> Paper:
    """Return the report about the stages; `versions` says how the versions compare, if at all."""
    return Paper(
        name={one: translator(one).t("stages.title") for one in LANGUAGES},
        models={one: _report(rolled, found, versions.get(one, ()), one) for one in LANGUAGES},
    )


def _report(
    rolled: Rolled, found: Sequence[Compared], versions: Iterable[str], language: Language
) -> DocumentModel:
    told = rolled.told[language]
    words, until = told.form.words, rolled.watch.cut_off
    begin, between, end = words.t("document.page", page=0, pages=0).split("0")
    sections = (
        _stages(told, rolled, found),
        section(words.t("stages.section.versions"), iter(versions)),
        section(words.t("pilot.section.method"), _method(told, rolled)),
    )
    return DocumentModel(
        language=language,
        company=told.company,
        title=words.t("stages.title"),
        subtitle=told.form.text(told.definition.name),
        number=rolled.case_id,
        facts=tuple(_facts(told, rolled)),
        sections=tuple(one for one in sections if one.blocks),
        footer=words.t(
            "pilot.footer", at=dates.full(until, zone=told.form.zone, language=language)
        ),
        pages=(begin, between, end),
        created_at=utc(until),
    )


def _facts(told: Told, rolled: Rolled) -> Iterator[Field]:
    words = told.form.words
    named = (
        (words.t("pilot.fact.case"), rolled.case_id),
        (words.t("pilot.fact.version"), str(rolled.version)),
        (words.t("pilot.fact.main"), said.figure_of(words, rolled.metric)),
    )
    for label, text in named:
        yield Field(label=label, value=StyledText(text=text))


def _stages(told: Told, rolled: Rolled, found: Sequence[Compared]) -> DocumentSection:
    words = told.form.words
    titles = (
        words.t("stages.column.stage"),
        words.t("pilot.fact.period"),
        words.t("stages.column.cases"),
        words.t("stages.column.effect"),
        words.t("pilot.fact.verdict"),
        words.t("stages.column.others"),
    )
    columns = [
        Column(title=title, share=share) for title, share in zip(titles, _SHARES, strict=True)
    ]
    table = Table(columns=tuple(columns), rows=tuple(_row(told, one) for one in found))
    intervals = [_interval(told, one) for one in found]
    picture = intervals_picture(words, intervals, rolled.metric)
    blocks: list[Block] = [table, picture]
    blocks += [text_of(_line(told, rolled, one)) for one in found]
    return DocumentSection(title=words.t("stages.section.stages"), blocks=tuple(blocks))


def _row(told: Told, found: Compared) -> tuple[StyledText, ...]:
    words, judged, four = told.form.words, found.assessment, found.boxes
    period = words.t(
        "figures.between",
        low=said.day_of(told, found.times.since),
        high=said.day_of(told, found.times.until),
    )
    others = told.form.listed(map(told.form.department, sorted(found.groups.others)))
    if four.others_during is not None and four.others_before is not None:
        count = _cases(words, four.others_during, four.others_before)
        others = words.t("stages.cell.others", departments=others, cases=count)
    effect = None if judged is None else judged.effect
    verdict = Verdict.CANNOT_TELL if judged is None else judged.verdict
    texts = (
        _name(told, found.stage),
        period,
        _cases(words, four.pilot_during, four.pilot_before),
        DASH if effect is None else said.effect_of(words, effect),
    )
    return (
        *(StyledText(text=one) for one in texts),
        StyledText(text=said.verdict_of(words, verdict), tone=TONES[verdict]),
        StyledText(text=others or words.t("stages.cell.nobody")),
    )


def _cases(words: Translator, during: Box, before: Box) -> str:
    return words.t("stages.cell.cases", during=len(during.cases), before=len(before.cases))


def _interval(told: Told, found: Compared) -> Interval:
    judged = found.assessment
    return Interval(
        label=_short(told.form.words, found.stage),
        effect=None if judged is None else judged.effect,
    )


def _method(told: Told, rolled: Rolled) -> Iterator[str]:
    words = told.form.words
    yield words.t("stages.method.others", version=rolled.version)
    yield words.t("stages.method.time", days=MONTH // DAY)
    yield words.t("stages.method.apart")
    yield words.t("stages.method.pilot")
    yield said.watched_for(told, rolled.limit)
    if rolled.left_out:
        yield words.n("stages.left_out", rolled.left_out, version=rolled.version)
    yield words.t("pilot.method.range")
