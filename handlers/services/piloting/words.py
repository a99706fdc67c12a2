"""Says in plain words what a pilot can show, and what it has shown."""

from __future__ import annotations

from collections.abc import Iterator

from handlers.i18n import Translator, dates
from handlers.services.piloting.source import Seen, Told, Trial
from handlers.services.work import Language
from workflows.metrics.effects import LIKELY, Effect
from workflows.metrics.piloting import CHANGES, GUARDS, Forecast, Judged, Limit, goal_of
from workflows.metrics.pilots import LEAST_CASES, LEAST_MONTHS, Assessment, Verdict
from workflows.metrics.targets import Reached
from workflows.model.measures import Metric
from workflows.moments import Moment

POINTS = 100
MORE_DAYS = 30  # that are offered where a pilot cannot tell
_LONGEST = 180  # days; a longer pilot is not proposed
AMOUNTS = (10, 20, 25, 33, 50, 67, 75)  # per cent that have a name: a tenth, a fifth …
_NEAR = 2


def last_day_of(told: Told, trial: Trial) -> str:
    """Return the last day of the pilot, which ends with the day or within it."""
    return day_of(told, trial.times.until - 1)


def day_of(told: Told, at: Moment) -> str:
    """Return a date."""
    return dates.day(at, zone=told.form.zone, language=told.form.language)


def departments_of(told: Told, seen: Seen) -> str:
    """Return the names of the pilot's departments."""
    return told.form.listed(map(told.form.department, seen.departments))


def figure_of(words: Translator, metric: Metric) -> str:
    """Return the name of a figure."""
    match metric:
        case Metric.GROSS:
            return words.t("pilot.figure.time")
        case Metric.ON_TIME:
            return words.t("pilot.figure.on_time")
        case Metric.RETURNED:
            return words.t("pilot.figure.returned")
        case _:
            return words.t("pilot.figure.satisfied")


def verdict_of(words: Translator, verdict: Verdict) -> str:
    """Return the name of a verdict."""
    match verdict:
        case Verdict.BETTER:
            return words.t("pilot.verdict.better")
        case Verdict.PROBABLY_BETTER:
            return words.t("pilot.verdict.probably_better")
        case Verdict.WORSE:
            return words.t("pilot.verdict.worse")
        case _:
            return words.t("pilot.verdict.cannot_tell")


def watched_for(told: Told, limit: Limit) -> str:
    """Return how long each case is watched, and why so long."""
    words = told.form.words
    span = told.form.span(limit.span)
    match limit.source:
        case "clock":
            name = told.form.text(told.definition.clocks[limit.name].name)
            return words.t("pilot.limit.clock", limit=span, clock=name)
        case "target":
            return words.t("pilot.limit.target", limit=span)
        case "past":
            return words.t("pilot.limit.past", limit=span)
        case _:
            return words.t("pilot.limit.usual", limit=span)


# ---------------------------------------------------------------------------- forecast


def forecast_lines(seen: Seen, found: Forecast, language: Language) -> Iterator[str]:
    """Yield what a pilot can show, before it begins."""
    told = seen.told[language]
    words, departments = told.form.words, departments_of(told, seen)
    if found.empty:
        yield words.t("pilot.forecast.nothing", departments=departments)
        return
    yield words.t(
        "pilot.forecast.expected",
        departments=departments,
        days=found.days,
        cases=found.expected,
        past=found.past,
    )
    yield _can(words, found)
    third, half = (_of_100(found.chance(change)) for change in CHANGES)
    if found.metric is Metric.GROSS:
        yield words.t("pilot.forecast.time", third=third, half=half)
    else:
        points = f"{found.points or 0:.0f}"
        yield words.t("pilot.forecast.on_time", points=points, third=third, half=half)
    yield from _months(words, found)
    if found.worst:
        department = told.form.department(found.worst)
        yield words.t("pilot.forecast.worst", department=department)
    yield watched_for(told, seen.limit)


def _can(words: Translator, found: Forecast) -> str:
    """Return which changes a pilot is likely to show, and what to do where it is not enough."""
    third, half = (found.chance(change) >= LIKELY for change in CHANGES)
    cases = found.expected
    if third:
        return words.t("pilot.forecast.both", cases=cases)
    days = found.days_needed(CHANGES[0])
    if days is not None and days <= _LONGEST:
        advice = words.t("pilot.forecast.longer", days=days)
    else:
        advice = words.t("pilot.forecast.other")
    if half:
        return words.t("pilot.forecast.half", cases=cases, advice=advice)
    return words.t("pilot.forecast.neither", cases=cases, advice=advice)


def _months(words: Translator, found: Forecast) -> Iterator[str]:
    if not found.beside_others:
        yield words.t("pilot.forecast.alone")
    elif found.months < LEAST_MONTHS:
        yield words.t("pilot.forecast.few_months", months=found.months, least=LEAST_MONTHS)
    else:
        yield words.t("pilot.forecast.months", months=found.months)


def _of_100(chance: float) -> int:
    return round(100 * chance)


# ---------------------------------------------------------------------------- effects


def effect_of(words: Translator, effect: Effect) -> str:
    """Return an effect with its range, without a sentence: "−25% (−45% to −2%)"."""
    value, low, high = (_signed(effect, one) for one in (effect.value, effect.low, effect.high))
    if effect.metric is Metric.GROSS:
        return words.t("pilot.effect.time", value=value, low=low, high=high)
    return words.t("pilot.effect.points", value=value, low=low, high=high)


def change_of(effect: Effect, number: float) -> float:
    """Return an effect as a change: per cent of a time, or percentage points."""
    return POINTS * (number - 1) if effect.metric is Metric.GROSS else number


def _signed(effect: Effect, number: float) -> str:
    return signed(change_of(effect, number), digits=0 if effect.metric is Metric.GROSS else 1)


def signed(number: float, *, digits: int = 0) -> str:
    """Return a number with its sign; a zero has none."""
    text = f"{number:+.{digits}f}".replace("-", "\N{MINUS SIGN}")
    return text if text.strip("+\N{MINUS SIGN}0.") else text[1:]


def _effect(words: Translator, effect: Effect, *, beside_others: bool) -> str:
    """Return the sentence about an effect."""
    beside = words.t("pilot.beside.others" if beside_others else "pilot.beside.before")
    if effect.metric is Metric.ON_TIME:
        low, high = _signed(effect, effect.low), _signed(effect, effect.high)
        facts = {"points": f"{abs(effect.value):.1f}", "beside": beside, "low": low, "high": high}
        return words.t(
            "pilot.effect.higher" if effect.value >= 0 else "pilot.effect.lower", **facts
        )
    change = round(change_of(effect, effect.value))
    between = _between(words, effect)
    if change == 0:
        return words.t("pilot.effect.same", beside=beside, range=between)
    amount = _amount(words, abs(change))
    if change < 0:
        return words.t("pilot.effect.less", amount=amount, beside=beside, range=between)
    return words.t("pilot.effect.more", amount=amount, beside=beside, range=between)


def _between(words: Translator, effect: Effect) -> str:
    low, high = (round(change_of(effect, one)) for one in (effect.low, effect.high))
    if high <= 0:
        return words.t("pilot.range.less", least=-high, most=-low)
    if low >= 0:
        return words.t("pilot.range.more", least=low, most=high)
    return words.t("pilot.range.both", less=-low, more=high)


def _amount(words: Translator, change: int) -> str:
    """Return a part in words where it has some: "about a quarter"."""
    near = min(AMOUNTS, key=lambda one: abs(one - change))
    if abs(near - change) <= _NEAR:
        return words.t(f"pilot.amount.{near}")
    return words.t("pilot.amount", number=change)


# ---------------------------------------------------------------------------- report


def report_lines(trial: Trial, found: Judged, language: Language) -> Iterator[str]:
    """Yield what a pilot has shown, for the card."""
    told = trial.told[language]
    words = told.form.words
    yield from verdict_lines(told, trial, found)
    yield which(told, trial)
    yield other_line(told, found)
    yield from guard_lines(words, found.main)
    yield from target_lines(told, trial, found)
    yield from more_lines(words, found)
    yield counted(words, found.main)
    yield problems_line(words, trial)
    yield from notes(told, trial)
    yield watched_for(told, trial.limit)


def which(told: Told, trial: Trial) -> str:
    """Return which pilot it is."""
    return told.form.words.t(
        "pilot.which",
        departments=departments_of(told, trial),
        since=day_of(told, trial.times.since),
        until=last_day_of(told, trial),
        version=trial.version,
    )


def verdict_lines(told: Told, trial: Trial, found: Judged) -> Iterator[str]:
    """Yield the effect on the main figure and the verdict, or why there is none."""
    words, main = told.form.words, found.main
    if main.effect is None:
        yield words.t("pilot.no_verdict", why=_missing(told, trial, main))
        return
    beside_others = bool(trial.groups.others)
    said = _effect(words, main.effect, beside_others=beside_others)
    yield words.t(
        "pilot.said", effect=said, verdict=because(words, main, beside_others=beside_others)
    )


def _missing(told: Told, trial: Trial, main: Assessment) -> str:
    """Return which box has no case, or that one has too few."""
    words = told.form.words
    if not main.boxes.pilot_during.cases:
        if main.boxes.pilot_during.waiting:
            return words.n("pilot.missing.watched", main.boxes.pilot_during.waiting)
        return words.t("pilot.missing.during")
    if not main.boxes.pilot_before.cases:
        return words.t("pilot.missing.before")
    fewest = min(len(box.cases) for box in main.boxes.all)
    if not fewest:
        return words.t("pilot.missing.others")
    return words.n("pilot.missing.few", fewest, least=LEAST_CASES)


def because(words: Translator, main: Assessment, *, beside_others: bool) -> str:
    """Return the verdict with its reason."""
    months = main.ordinary
    assert months is not None, "an effect has ordinary months, if only none"
    as_good, count = months.as_good, len(months.values)
    match main.verdict:
        case Verdict.BETTER:
            return words.t("pilot.because.better", months=count)
        case Verdict.PROBABLY_BETTER if not beside_others:
            return words.t("pilot.because.alone")
        case Verdict.PROBABLY_BETTER if count < LEAST_MONTHS:
            return words.t("pilot.because.few", months=count)
        case Verdict.PROBABLY_BETTER:
            return words.t("pilot.because.as_good", as_good=as_good, months=count)
        case Verdict.WORSE if main.effect is None or not main.effect.worse:
            return words.t("pilot.because.guard")
        case Verdict.WORSE:
            return words.t("pilot.because.worse")
        case _:
            return words.t("pilot.because.chance", as_good=as_good, months=count)


def other_line(told: Told, found: Judged) -> str:
    """Return what can be said of the figure that does not decide."""
    words, other = told.form.words, found.other
    shown = words.t("pilot.none") if other.effect is None else effect_of(words, other.effect)
    return words.t(
        "pilot.other",
        figure=figure_of(words, found.second),
        verdict=verdict_of(words, other.verdict),
        effect=shown,
    )


def guard_lines(words: Translator, main: Assessment) -> Iterator[str]:
    """Yield what can be said of the guard figures."""
    for metric in GUARDS:
        figure, effect = figure_of(words, metric), main.guards[metric]
        if effect is None:
            yield words.t("pilot.guard.none", figure=figure)
            continue
        shown = effect_of(words, effect)
        match main.guarded(metric):
            case Reached.YES:
                yield words.t("pilot.guard.yes", figure=figure, effect=shown)
            case Reached.NO:
                yield words.t("pilot.guard.no", figure=figure, effect=shown)
            case _:
                yield words.t("pilot.guard.unknown", figure=figure, effect=shown)


def target_lines(told: Told, trial: Trial, found: Judged) -> Iterator[str]:
    """Yield whether the targets of the change are reached, each in a sentence of its own."""
    words = told.form.words
    effects = {
        found.metric: found.main.effect,
        found.second: found.other.effect,
        **found.main.guards,
    }
    for row in trial.targets:
        goal = str(row.get("goal", ""))
        aim = goal_of(str(row.get("figure", "")), goal)
        if aim is None:
            yield words.t("pilot.target.other", goal=goal)
            continue
        metric, value = aim
        effect, figure = effects[metric], figure_of(words, metric)
        match Reached.UNKNOWN if effect is None else effect.reached(value):
            case Reached.YES:
                yield words.t("pilot.target.yes", figure=figure, goal=goal)
            case Reached.NO:
                yield words.t("pilot.target.no", figure=figure, goal=goal)
            case _:
                yield words.t("pilot.target.unknown", figure=figure, goal=goal)


def more_lines(words: Translator, found: Judged) -> Iterator[str]:
    """Yield how many cases are needed and the offer of more days, unless the verdict is clear."""
    if found.main.verdict in (Verdict.BETTER, Verdict.WORSE):
        return
    cases = len(found.main.boxes.pilot_during.cases)
    if found.needed is not None and found.needed > cases:
        yield words.t("pilot.needed", needed=found.needed, cases=cases)
    yield words.t("pilot.offer", days=MORE_DAYS)


def counted(words: Translator, main: Assessment) -> str:
    """Return how many cases of the pilot are counted, still watched, and left out."""
    box = main.boxes.pilot_during
    return words.t("pilot.counted", cases=len(box.cases), waiting=box.waiting, dropped=box.dropped)


def problems_line(words: Translator, trial: Trial) -> str:
    """Return how many problems were reported in the pilot."""
    with_some = [one for one in trial.during if one.problems]
    if not with_some:
        return words.t("pilot.no_problems")
    reports = sum(len(one.problems) for one in with_some)
    return words.t("pilot.problems", count=reports, cases=len(with_some))


def notes(told: Told, trial: Trial) -> Iterator[str]:
    """Yield what one has to know of the cases, such as departments that are gone."""
    words = told.form.words
    for one in trial.gone:
        yield words.t("pilot.note.gone", department=told.form.department(one))
    if trial.moved:
        yield words.n("pilot.note.moved", trial.moved)
    if older := sum(one.version not in ("", str(trial.version)) for one in trial.during):
        yield words.n("pilot.note.version", older, version=trial.version)
    seen = (one for one in trial.histories if one.filed >= trial.times.before)
    if imported := sum(one.imported for one in seen):
        yield words.n("pilot.note.imported", imported)
    if trial.first < trial.times.since:
        yield words.t("pilot.note.earlier", since=day_of(told, trial.first))
    if trial.baseline is None:
        yield words.t("pilot.note.no_baseline")
    elif trial.baseline.erased:
        whole = len(trial.baseline.data.get("cases", ()))
        yield words.n("pilot.note.erased", trial.baseline.erased, whole=whole)
