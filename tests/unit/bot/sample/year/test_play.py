"""The year of the sample company is data of the product like any other."""

import asyncio
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TypeVar

import msgspec
import pytest

from bot.app.deployment import make_office, playground_config
from bot.app.playground import Playground, opened_playground
from bot.published import put_first_in_force, sample_drafts
from bot.sample import offers
from bot.sample.year.pace import drawing, settings
from bot.sample.year.play import SeededIds, Year
from handlers import start
from handlers.i18n import translator
from handlers.office import Office
from handlers.playground.sample import Sample, sample_of
from handlers.playground.world import world_view
from handlers.reading.formatter import formatter
from handlers.reports.cases import Asked, working_day
from handlers.reports.opened import report_source
from handlers.reviews.counting import ReviewedPeriods, counted
from handlers.reviews.replaying import foreseen
from handlers.reviews.wording import ReviewSource, source_of
from handlers.what_if.quarter import read_quarter
from storage.audit import verify
from storage.connect import open_database
from storage.fsck import every_page
from storage.reviews import StoredReview
from storage.unit import Tx
from tests.fakes.ports import HandClock, at_once
from workflows import slots
from workflows.errors import Refusal
from workflows.metrics.habits import Votes
from workflows.metrics.reviewing import review_of
from workflows.moments import DAY, HOUR, Moment, in_zone, moment_of
from workflows.records import CaseQuery
from workflows.what_if.comparing import what_if

T = TypeVar("T")

WORDS = translator("en")
DRAFTS = sample_drafts(words=WORDS)
UNTIL = moment_of(datetime(2026, 11, 30, 6, tzinfo=UTC))
MOST_DEEDS, MOST_FIRED = 8_000, 9_000  # of a year


@dataclass(frozen=True)
class Played:
    """A playground that was filled with the year."""

    playground: Playground
    runner: asyncio.Runner

    @property
    def office(self) -> Office:
        return self.playground._engine.around.office

    def read(self, unit: Callable[[Tx], T]) -> T:
        return self.runner.run(self.playground._database.read(unit))

    @property
    def sample(self) -> Sample:
        found = self.read(sample_of)
        assert found is not None
        return found


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Played]:
    opening = opened_playground(
        tmp_path_factory.mktemp("year"), words=WORDS, clock=HandClock(UNTIL), year=True
    )
    with asyncio.Runner() as runner:
        yield Played(runner.run(opening.__aenter__()), runner)
        runner.run(opening.__aexit__(None, None, None))


def test_it_has_hundreds_of_cases_of_which_about_a_tenth_is_open(played: Played) -> None:
    assert 500 <= played.sample.cases <= 1_000
    assert 0.06 <= played.sample.open / played.sample.cases <= 0.14
    assert played.sample.until == UNTIL
    statuses = Counter(
        row.status for row in played.read(lambda tx: tx.cases.find(CaseQuery(limit=2000)))
    )
    assert statuses["rejected"]
    assert statuses["withdrawn"]


def test_its_events_chains_snapshots_and_derived_rows_fit(played: Played) -> None:
    pages = played.read(lambda tx: [*every_page(tx.connection)])

    assert [str(one) for page in pages for one in page.findings] == []
    assert sum(page.cases for page in pages) == played.sample.cases
    verdict = played.read(lambda tx: verify(tx.connection))
    assert (verdict.cases, verdict.problem) == (played.sample.cases, None)


def test_its_report_finds_the_bottleneck_that_was_put_in(played: Played) -> None:
    definition = played.read(
        lambda tx: played.office.shelf.load(tx.definitions.current()[0]).definition
    )
    source = played.runner.run(
        report_source(
            played.playground._database,
            played.office,
            Asked(process="complaint"),
            definition,
            language="en",
        )
    )
    shares = source.shares()

    assert definition.key == "complaint"
    assert max(shares, key=shares.__getitem__) == "confirm"
    assert shares["confirm"] > 0.5


def test_people_act_in_working_hours_only_on_make_up_days_too(played: Played) -> None:
    calendar, zone = played.office.calendar, played.office.company.zone_of(None)
    people = played.read(lambda tx: set(tx.people.directory().people))

    def deeds(tx: Tx) -> list[Moment]:
        rows = tx.cases.find(CaseQuery(limit=2000))
        chains = [tx.cases.events(row.id) for row in rows]
        return [one.event.at for chain in chains for one in chain if one.event.actor in people]

    at = played.read(deeds)
    days = {in_zone(one, zone).date() for one in at}
    assert [one for one in at if not calendar.is_open(one)] == []
    holidays = [date(2026, 1, 1) + timedelta(days=n) for n in range(330)]
    closed = [day for day in holidays if day.weekday() < 5 and not calendar.is_working_day(day)]
    made_up = [day for day in holidays if day.weekday() >= 5 and calendar.is_working_day(day)]
    assert closed
    assert not days & set(closed)
    assert days & set(made_up)


def test_only_the_cards_of_open_cases_and_tasks_are_left_to_be_sent(played: Played) -> None:
    rows = played.read(
        lambda tx: tx.connection.exec_driver_sql("select kind, ready_at, case_id from outbox").all()
    )
    running = set(played.read(lambda tx: tx.cases.open_ids(limit=1000)))

    assert {row.kind for row in rows} == {"case", "task"}
    assert {row.case_id for row in rows} == running
    assert {row.ready_at for row in rows} == {UNTIL}


def test_each_launch_has_its_plan_as_an_upload(played: Played) -> None:
    files = played.playground._files
    stored = [one.id for one in played.runner.run(files.listed())]
    launches = played.read(lambda tx: tx.cases.count(CaseQuery(process="launch")))

    assert launches == len(stored) > 10
    assert played.read(lambda tx: tx.files.known(stored)) == frozenset(stored)
    assert played.runner.run(files.read(stored[0])).startswith(b"%PDF-")


def test_a_playground_with_cases_is_not_filled_again(played: Played) -> None:
    with pytest.raises(Refusal, match="sample_not_empty"):
        played.runner.run(played.playground.load_year())


def test_the_page_says_what_is_loaded(played: Played) -> None:
    def text(tx: Tx) -> str:
        seen = world_view(tx, played.office, language="en", revision=1, offers=offers())
        return seen.sample

    sample = played.sample
    assert played.read(text).startswith(
        "A year of invented work is loaded, from 30 Nov 2025 to 30 Nov 2026:"
        f" {sample.cases} cases, {sample.open} of them still open."
    )


async def test_the_same_seed_plays_the_same_weeks_byte_for_byte_in_bounded_work(
    tmp_path: Path,
) -> None:
    since, played = UNTIL - 40 * DAY, []
    for name in ("one", "two"):
        office = make_office(playground_config(tmp_path).company, clock=HandClock(UNTIL))
        database = await open_database(f"sqlite:///{tmp_path / name}", upgrade=True)
        await database.run(lambda tx: put_first_in_force(tx, DRAFTS, ids=SeededIds(1), at=since))

        def unit(tx: Tx, office: Office = office) -> tuple[list[str], int, int]:
            year = Year(tx, office, since=since, until=UNTIL, write_file=lambda _id, _bytes: None)
            year.play()
            rows = tx.cases.find(CaseQuery(limit=2000))
            chains = [tx.cases.events(row.id) for row in rows]
            return [one.hash for chain in chains for one in chain], year.deeds, year.fired

        played.append(await database.run(unit))
        await database.aclose()

    assert played[0] == played[1]
    hashes, deeds, fired = played[0]
    assert len(hashes) > 1_000
    assert deeds <= MOST_DEEDS * 40 / 365 * 1.5
    assert fired <= MOST_FIRED * 40 / 365 * 1.5


async def test_a_question_that_was_closed_before_its_answer_stops_no_year(tmp_path: Path) -> None:
    until = moment_of(datetime(2026, 10, 1, 2, tzinfo=UTC))
    opening = opened_playground(tmp_path, words=WORDS, clock=HandClock(until), year=True)
    async with opening as playground:
        found = await playground._database.read(sample_of)
    assert found is not None
    assert found.cases > 500


def test_waits_have_two_humps_within_the_hour_and_after_a_day(played: Played) -> None:
    def waits(tx: Tx) -> list[float]:
        found = []
        for row in tx.cases.find(CaseQuery(process="complaint", limit=2000)):
            case = tx.cases.load(row.id, lock=False)
            assert case is not None
            found += [
                played.office.calendar.working_between(task.opened_at, task.decided_at) / HOUR
                for task in case.tasks
                if task.node == "resolve" and task.decided_at
            ]
        return found

    hours = played.read(waits)
    quick = sum(one < 4 for one in hours) / len(hours)
    between = sum(4 <= one < 7 for one in hours) / len(hours)
    slow = sum(one >= 7 for one in hours) / len(hours)
    assert quick > 0.2
    assert slow > 0.4
    assert between < min(quick, slow)


def test_every_text_of_the_year_is_in_both_languages() -> None:
    year = settings()
    for text in (
        *year.customers,
        *year.products,
        *(one for many in year.replies.values() for one in many),
    ):
        assert text.zh
        assert text.en.isascii()
    assert {story.category for story in year.stories} == set(year.complaint.categories)
    assert drawing(1).random() == drawing(1).random()


def test_its_unchanged_replay_reproduces_the_last_quarter(played: Played) -> None:
    """A draft may be replayed on it (L5.3)."""
    loaded = played.read(
        lambda tx: next(
            one for one in start.in_force(tx, played.office) if one.definition.key == "complaint"
        )
    )
    found = played.read(lambda tx: read_quarter(tx, played.office, loaded))
    assert found.others == 0
    assert 100 <= len(found.quarter.cases) <= 300
    whole = played.read(lambda tx: read_quarter(tx, played.office, loaded, since=0))
    assert len(whole.quarter.cases) > 400
    for most in (40, 10_000):
        some = played.read(partial(read_quarter, office=played.office, loaded=loaded, most=most))
        assert len(some.quarter.cases) == min(most, len(found.quarter.cases))
        assert some.spared == len(found.quarter.cases) - len(some.quarter.cases)
        assert {one.history.case for one in some.quarter.cases} <= {
            one.history.case for one in found.quarter.cases
        }
    result = what_if(found.quarter, loaded, replays=3)
    assert result.shown, result.checked


def test_a_review_says_what_the_quarter_would_have_been_with_a_proposal(played: Played) -> None:
    """L5.3: a step that is always approved is left out, a limit that nobody meets is longer."""
    office, database = played.office, played.playground._database
    loaded = played.read(lambda tx: start.current(tx, office, "complaint"))
    assert loaded.definition.review is not None
    last, former = slots.ended(loaded.definition.review, office.calendar, now=UNTIL)
    periods = ReviewedPeriods(process="complaint", last=last, former=former)
    found = played.runner.run(counted(database, office, periods))
    plain = played.runner.run(foreseen(database, office, periods, found, apart=at_once))
    assert plain.forecasts == {}, "no proposal of the year has a draft"

    found.habits.votes["confirm"] = Votes(n=200)
    found.habits.lateness["", "triage"] = [(1 + number / 10) * HOUR for number in range(40)]
    made = played.runner.run(foreseen(database, office, periods, found, apart=at_once))
    told = dict.fromkeys(("always_approved", "limit"), "")
    day = working_day(office)
    review = review_of(loaded.definition, made, last=last, former=former, day=day)
    stored = StoredReview(
        process="complaint",
        period=review.period,
        definition=loaded.hash,
        posted_at=UNTIL,
        body=msgspec.to_builtins(review),
    )

    def source(tx: Tx) -> ReviewSource:
        form = formatter(office, office.directory(tx), reader=None, language="en")
        return source_of(tx, stored, loaded.definition, form)

    shown = played.read(source)
    for one in shown.review.proposals:
        told[one.kind] = shown.forecast(one)
    assert told["always_approved"].startswith(
        "The period replayed without this step. Handling time, median: "
    )
    assert told["limit"].startswith(
        "The period replayed with a limit of 9 working hours. Steps on time: "
    )
    assert all(
        " → " in told[kind] and "n = " in told[kind] for kind in ("always_approved", "limit")
    )
    assert told["slowest"] == ""
    limits = {one.kind: one.forecast.limits for one in shown.review.proposals if one.forecast}
    assert limits == {"always_approved": (), "limit": ("9wh",)}, "the draft can be made again"


def test_a_quarter_that_ended_before_is_read_as_it_was_then(played: Played) -> None:
    """L5.3: whoever replays it later, or again after a crash, reads the same."""
    office, until = played.office, UNTIL - 60 * DAY
    loaded = played.read(lambda tx: start.current(tx, office, "complaint"))
    found = played.read(partial(read_quarter, office=office, loaded=loaded, until=until))
    filed = [one.history.filed for one in found.quarter.cases]
    assert until - 91 * DAY <= min(filed)
    assert max(filed) < until
    assert all((one.history.ended or 0) <= until for one in found.quarter.cases)
    assert any(one.history.ended is None for one in found.quarter.cases)
