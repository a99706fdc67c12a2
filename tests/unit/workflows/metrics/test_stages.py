"""The batches of a roll-out: each is compared with those that got the version later."""

from __future__ import annotations

from typing import Any

from tests.unit.workflows.metrics.test_pilots import PILOT, SINCE, case, history, year
from workflows.metrics.piloting import GUARDS
from workflows.metrics.pilots import Groups, Verdict, Watched, assess
from workflows.metrics.stages import RollOut, apart, compared, stages_of
from workflows.model.measures import Metric
from workflows.moments import DAY, Moment
from workflows.releases import Release

NOW = SINCE + 60 * DAY
DAYS_30 = 30 * DAY


def release(department: str, since: Moment, **fields: Any) -> Release:
    given: dict[str, Any] = {
        "process": "p",
        "number": 1,
        "kind": "batch" if department else "all",
        "version": 2,
        "opening": f"PC-1/{since}",
        "batch": 0,
        "until": None,
        "ended_at": None,
        "ended_why": "",
        "opened_by": "o",
        "second": "s",
    }
    return Release(department=department, opened_at=since, **given | fields)


def rollout(*releases: Release, now: Moment = NOW) -> RollOut:
    own = [one for one in releases if one.department and one.opening.startswith("PC-1/")]
    return RollOut(stages=stages_of(own), releases=releases, cut_off=now)


def cases(*, factor: float = 1.0) -> list[Watched]:
    """Seventeen months in which the sales department changed in the last one, and two more."""
    return [*year(factor=factor), *(_later(n) for n in range(60))]


def _later(number: int) -> Watched:
    department = ("sales", "service", "supply")[number % 3]
    return case(90_000 + number, department, SINCE + (31 + number // 3) * DAY, 1.0 + number % 4)


def test_one_stage_with_all_others_untreated_is_what_the_pilot_has_shown() -> None:
    given = year(factor=0.4)
    (found,) = compared(given, rollout(release("sales", SINCE), now=PILOT.until), Metric.GROSS)
    groups = Groups(pilot=frozenset({"sales"}), others=frozenset({"service", "supply"}))
    assert found.assessment == assess(given, groups, PILOT, Metric.GROSS, guards=GUARDS)
    assert found.assessment.verdict is Verdict.BETTER
    assert (found.times, found.groups, found.days) == (PILOT, groups, 30)


def test_a_stage_ends_when_the_next_begins_which_is_its_control() -> None:
    first, second = compared(
        cases(),
        rollout(release("sales", SINCE), release("service", SINCE + 40 * DAY, batch=1)),
        Metric.ON_TIME,
    )
    assert first.times.until == SINCE + 40 * DAY
    assert first.groups.others == {"service", "supply"}
    assert (second.times.until, second.groups.others) == (NOW, frozenset({"supply"}))
    assert (second.days, second.young, second.assessment) == (20, True, None)
    assert len(second.boxes.pilot_during.cases) > 0


def test_a_stage_lasts_thirty_days_without_those_that_begin_meanwhile() -> None:
    first, second = compared(
        cases(),
        rollout(release("sales", SINCE), release("service", SINCE + 10 * DAY, batch=1)),
        Metric.GROSS,
    )
    assert (first.times.until, first.groups.others) == (SINCE + DAYS_30, frozenset({"supply"}))
    assert (second.stage.batch, second.groups.others) == (1, frozenset({"supply"}))


def test_if_nobody_is_left_it_ends_when_the_last_department_began() -> None:
    given = rollout(
        release("sales", SINCE),
        release("service", SINCE + 10 * DAY),
        release("supply", SINCE + 20 * DAY),
    )
    first, _, last = compared(cases(), given, Metric.GROSS)
    assert (first.times.until, first.groups.others) == (SINCE + 20 * DAY, frozenset({"supply"}))
    assert first.young
    assert (last.times.until, last.groups.others) == (NOW, frozenset())
    assert last.boxes.others_during is None


def test_without_others_it_is_before_against_after_and_probably_better_at_most() -> None:
    earlier = [release(one, SINCE - DAY) for one in ("service", "supply")]
    given = rollout(*earlier, release("sales", SINCE), now=PILOT.until)
    found = compared(year(factor=0.3), given, Metric.GROSS)[-1]
    assert found.assessment is not None
    assert found.assessment.verdict is Verdict.PROBABLY_BETTER


def test_a_stage_ends_with_its_release_and_when_a_version_is_released_to_all() -> None:
    over = release("sales", SINCE, ended_at=SINCE + 50 * DAY)
    everybody = [release("", SINCE - DAY, version=1), release("", SINCE + 45 * DAY)]
    for given, until in (([over], 50), ([over, *everybody], 45), (everybody[:1], 60)):
        sales = [] if over in given else [release("sales", SINCE)]
        (found,) = compared(cases(), rollout(*sales, *given), Metric.GROSS)
        assert found.times.until == SINCE + until * DAY


def test_a_stage_goes_on_while_one_of_its_departments_has_its_release() -> None:
    gone = release("sales", SINCE, ended_at=SINCE + DAY)
    (found,) = stages_of([gone, release("service", SINCE)])
    assert (found.departments, found.until) == (("sales", "service"), None)


def test_with_too_few_cases_in_a_box_there_is_no_assessment() -> None:
    (found,) = compared(cases()[::40], rollout(release("sales", SINCE)), Metric.GROSS)
    assert not found.young
    assert found.assessment is None


def test_a_department_with_the_version_of_another_change_is_no_control() -> None:
    other = release(
        "supply", SINCE - 10 * DAY, opening="PC-9/v1", version=3, ended_at=SINCE - 5 * DAY
    )
    (found,) = compared(cases(), rollout(release("sales", SINCE), other), Metric.GROSS)
    assert found.groups.others == {"service"}


def test_the_time_of_an_earlier_draft_is_cut_out_and_only_the_last_version_has_stages() -> None:
    draft = release("sales", SINCE - 40 * DAY, ended_at=SINCE - 20 * DAY, opening="PC-1/v0")
    (found,) = compared(cases(), rollout(draft, release("sales", SINCE, version=3)), Metric.GROSS)
    assert found.stage.first == draft.opened_at
    filed = [one.filed for one in found.boxes.pilot_before.cases]
    assert len(filed) == 60
    assert min(filed) >= found.times.before


def test_a_case_of_the_version_that_its_department_did_not_start_is_apart() -> None:
    given = rollout(
        release("sales", SINCE, ended_at=SINCE + 30 * DAY),
        release("service", SINCE + 10 * DAY),
        release("", SINCE + 30 * DAY),
    )
    told = [
        ("sales", 0, "2", True),
        ("service", 5, "2", False),
        ("service", 5, "1", True),
        ("service", 15, "2", True),
        ("supply", -1, "2", True),
        ("supply", 29, "2", False),
        ("supply", 31, "2", True),
        ("sales", 40, "2", True),
    ]
    histories = [
        history(department=department, filed=SINCE + days * DAY, version=version)
        for department, days, version, _ in told
    ]
    kept, left_out = apart(histories, given, version=2)
    assert kept == [one for one, row in zip(histories, told, strict=True) if row[3]]
    assert left_out == 2


def test_cases_are_read_since_the_first_ordinary_month() -> None:
    given = rollout(release("sales", SINCE))
    (found,) = compared(cases(), given, Metric.GROSS)
    length = found.times.until - found.times.since
    assert given.earliest == found.times.before - 11 * DAYS_30 - length


def test_the_version_before_is_the_one_that_was_in_force_when_the_first_stage_began() -> None:
    older = [
        release("", 0, version=1, ended_at=DAY),
        release("", DAY, version=4, ended_at=SINCE + 30 * DAY),
    ]
    last = release("", SINCE + 30 * DAY, version=5)
    given = rollout(*older, release("sales", SINCE, version=5), last)
    assert given.version_before == 4
    assert rollout(release("sales", SINCE), last).version_before == 0
