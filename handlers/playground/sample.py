"""The sample data that a playground was filled with: since when, until when, how many cases."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass

from handlers.i18n.dates import calendar_day
from handlers.reading.formatter import Formatter
from storage.unit import Tx
from workflows.canonical import canonical_json
from workflows.errors import Refusal
from workflows.moments import Moment, in_zone
from workflows.records import CaseQuery

_SETTING = "playground.sample"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """What a year of sample data consists of."""

    since: Moment
    until: Moment
    cases: int
    open: int  # at the end


def note_sample(tx: Tx, sample: Sample) -> None:
    """Store what the playground was filled with; a reset forgets it."""
    tx.settings.put(_SETTING, canonical_json(asdict(sample)))


def require_empty(tx: Tx) -> None:
    """Raise Refusal `sample_not_empty` if there are cases."""
    if tx.cases.find(CaseQuery(limit=1)):
        raise Refusal("sample_not_empty")


def sample_of(tx: Tx) -> Sample | None:
    """Return what the playground was filled with; None if it was not."""
    text = tx.settings.get(_SETTING)
    return None if text is None else Sample(**json.loads(text))


def sample_text(sample: Sample | None, write: Formatter) -> str:
    """Return a sentence about the sample data; "" if there is none."""
    if sample is None:
        return ""
    days = (in_zone(at, write.zone).date() for at in (sample.since, sample.until))
    since, until = (calendar_day(day, language=write.language) for day in days)
    return write.words.t(
        "sample.year", since=since, until=until, cases=sample.cases, open=sample.open
    )
