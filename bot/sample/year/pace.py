"""How much work comes in, and how long people take: the numbers of `year.toml`, drawn by a seed."""

from __future__ import annotations

import math
import random
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from fractions import Fraction
from functools import cache
from pathlib import Path

from workflows.calendar import WorkCalendar
from workflows.durations import Span, Unit
from workflows.model.words import Model, Text
from workflows.moments import Moment

FILE = Path(__file__).parent.parent / "year.toml"
_HOUR = Span(amount=1, unit=Unit.WORKING_HOURS)
_SECONDS = 3600
SPREAD = 0.6  # of waits around their median, as the deviation of their logarithm
_FORGOTTEN_H = (150, 1600)
_MOST_H = 10  # that one step of the calendar may be
_LOCAL = (9.3, 0.7), (14.5, 1.4)  # when people file: two humps a day, hour and spread
_DAY = timedelta(days=1)
_SATURDAY = 5


class Work(Model):
    """How the cases of one process go."""

    a_day: float
    filers: Mapping[str, int]
    returned: Mapping[str, float] | float
    slower: Mapping[str, float] = {}
    urgent: float = 0
    rejected: float = 0
    misfiled: float = 0
    asked: float = 0
    withdrawn: float = 0
    forgotten: float = 0
    taken_over: float = 0
    scored: float
    categories: Mapping[str, int] = {}
    channels: Mapping[str, int] = {}
    outcomes: Mapping[str, int] = {}


class Story(Model):
    """What happened in a complaint, and what people wrote about it."""

    category: str
    what: Text
    wanted: Text
    answer: Text
    cause: Text
    did: Text
    lesson: Text


class YearSettings(Model):
    """The content of `year.toml`."""

    seed: int
    wobble: float
    weekdays: tuple[float, ...]
    paces: Mapping[str, tuple[float, float, float]]
    complaint: Work
    launch: Work
    desk: Mapping[str, int]
    customers: tuple[Text, ...]
    stories: tuple[Story, ...]
    replies: Mapping[str, tuple[Text, ...]]
    products: tuple[Text, ...]

    def work(self, process: str) -> Work:
        """Return how the cases of a process go."""
        return self.launch if process == "launch" else self.complaint


@cache
def settings() -> YearSettings:
    """Return the numbers and texts of the year."""
    return YearSettings.model_validate(tomllib.loads(FILE.read_text(encoding="utf-8")))


def drawing(seed: object) -> random.Random:
    """Return a source of numbers that draws the same ones for the same seed."""
    return random.Random(f"{seed}")  # noqa: S311 - the year is invented, not secret


class Pace:
    """Draws when cases are filed and when people act, the same for the same seed."""

    def __init__(self, chance: random.Random, calendar: WorkCalendar) -> None:
        self._chance = chance
        self._calendar = calendar
        self._settings = settings()
        self._months: dict[tuple[str, int, int], float] = {}

    def arrivals(self, process: str, *, since: Moment, until: Moment) -> Iterator[Moment]:
        """Yield when cases are filed, in order: only in working hours, less towards the weekend."""
        day, last = self._calendar.day_of(since), self._calendar.day_of(until)
        while day <= last:
            if self._calendar.is_working_day(day):
                for at in sorted(self._times(day, self._count(process, day))):
                    if since <= at < until:
                        yield at
            day += _DAY

    def later(
        self, at: Moment, what: str, *, slower: float = 1.0, forgotten: bool = False
    ) -> Moment:
        """Return when somebody does something that they can do since `at`.

        `slower` is by how much a person or department is; something that is `forgotten` is done
        after weeks or months.
        """
        share, quick, slow = self._settings.paces[what]
        if forgotten:
            hours = self._chance.uniform(*_FORGOTTEN_H)
        else:
            at_once = self._chance.random() < share
            hours = (quick if at_once else slow) * math.exp(self._chance.gauss(0, SPREAD))
            hours *= slower * self._wobble("pace", self._calendar.day_of(at))
        return self._after(at, hours)

    def happens(self, probability: float) -> bool:
        """Return whether something of this probability happens."""
        return self._chance.random() < probability

    def one_of(self, weights: Mapping[str, int]) -> str:
        """Return a key, drawn by its weight."""
        return self._chance.choices([*weights], [*weights.values()])[0]

    def any(self, texts: Sequence[Text]) -> Text:
        """Return one of several texts."""
        return self._chance.choice(texts)

    def story(self, category: str) -> int:
        """Return the number of a story of a category."""
        stories = self._settings.stories
        return self._chance.choice([n for n, one in enumerate(stories) if one.category == category])

    def number(self, low: int, high: int) -> int:
        """Return a whole number between two, both included."""
        return self._chance.randint(low, high)

    # ------------------------------------------------------------------ internal

    def _count(self, process: str, day: date) -> int:
        """Draw how many cases are filed on a day, around the mean of its weekday and month."""
        weekday = min(day.weekday(), _SATURDAY)
        mean = self._settings.work(process).a_day * self._settings.weekdays[weekday]
        floor, product, count = math.exp(-mean * self._wobble(process, day)), 1.0, -1
        while product > floor:
            product *= self._chance.random()
            count += 1
        return count

    def _times(self, day: date, count: int) -> Iterator[Moment]:
        opening = self._calendar.opening_of(day)
        for _ in range(count):
            hour, spread = self._chance.choice(_LOCAL)
            since = self._chance.gauss(hour, spread) - _LOCAL[0][0]
            at = opening + int(max(since, 0.05) * _SECONDS) * 1_000_000
            if self._calendar.is_open(at):
                yield at + self._chance.randrange(60) * 1_000_000

    def _wobble(self, what: str, day: date) -> float:
        """Return by how much a month differs from the others."""
        key = (what, day.year, day.month)
        if key not in self._months:
            own = drawing(f"{self._settings.seed} {key}")
            drawn = max(-1.5, min(own.gauss(0, 1), 1.5))
            self._months[key] = 1 + drawn * self._settings.wobble
        return self._months[key]

    def _after(self, at: Moment, hours: float) -> Moment:
        """Return when so many working hours have passed; it is inside working hours."""
        left = max(hours, 0.02)
        while left > 0:
            some = min(left, _MOST_H)
            at = self._calendar.scale(at, _HOUR, Fraction(int(some * _SECONDS), _SECONDS))
            left -= some
        return at if self._calendar.is_open(at) else at - self._chance.randrange(1, 900) * 1_000_000
