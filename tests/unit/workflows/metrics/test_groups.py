"""Cases by group: all, version, department, grade, month, and each person's own desk time."""

from __future__ import annotations

from tests.unit.workflows.metrics.histories import RULER, act, at, case, ended, had, stay
from workflows.metrics.groups import PROBLEMS_MOST, By, ReportedProblem, grouped
from workflows.metrics.history import Deadline, Ending, Reported
from workflows.model.measures import Metric
from workflows.moments import HOUR

CASES = (
    ended(
        "11:00",
        version="2",
        department="sales",
        grade="urgent",
        stays=(stay("a", "09:00", "10:00", outcome="complete"), stay("b", "10:00", "11:00")),
        held=(had("t1", "x", "09:00", "10:00"), had("t2", "", "10:00", "11:00")),
    ),
    case(ending=Ending.REJECTED, ended=None, acts=(act("09:30", "x", "reject"),)),
    case(department="sales", imported=True),
)


def test_each_case_is_in_its_groups():
    groups = grouped(CASES, RULER)
    assert groups.all.cases == 3
    assert groups.names(By.VERSION) == ["1", "2"]
    assert groups.names(By.DEPARTMENT) == ["", "sales"]
    assert groups.of(By.DEPARTMENT, "sales").cases == 2
    assert groups.names(By.GRADE) == ["", "urgent"]
    assert groups.names(By.MONTH) == ["2026-03"]
    assert groups.endings == {Ending.ENDED: 1, Ending.REJECTED: 1, Ending.OPEN: 1}
    assert groups.imported == 1


def test_steps_are_kept_for_all_and_for_each_version():
    groups = grouped(CASES, RULER)
    assert groups.all.figure(Metric.STEP_TIME, "a") is not None
    assert groups.of(By.VERSION, "2").figure(Metric.STEP_TIME, "a") is not None
    assert groups.of(By.DEPARTMENT, "sales").figure(Metric.STEP_TIME, "a") is None


def test_a_person_has_only_their_own_desk_time():
    groups = grouped(CASES, RULER)
    assert groups.names(By.PERSON) == ["x"]
    person = groups.of(By.PERSON, "x")
    assert list(person.samples) == [(Metric.DESK, "")]
    own = person.figure(Metric.DESK)
    assert own is not None
    assert own.value == HOUR


def test_variants_are_of_cases_that_have_ended():
    assert grouped(CASES, RULER).variants == {("a", "b"): 1, (): 1}


def test_a_group_without_a_case_has_no_figure():
    groups = grouped(CASES, RULER)
    nobody = groups.of(By.DEPARTMENT, "nobody")
    assert (nobody.cases, nobody.figure(Metric.HANDLING), nobody.samples) == (0, None, frozenset())
    assert groups.of(By.PERSON, "nobody").cases == 0
    assert grouped((), RULER).names(By.ALL) == []
    assert groups.names(By.ALL) == [""]


def test_the_deadlines_of_cases_are_named():
    late = Deadline(name="closing", due=RULER.cut_off - HOUR)
    groups = grouped((case(deadlines=(late,)), case(deadlines=(late,), version="2")), RULER)
    assert groups.all.names(Metric.ON_TIME) == ["on_time:closing"]
    figure = groups.all.figure("on_time:closing")
    assert figure is not None
    assert (figure.value, figure.n) == (0, 2)


def test_the_total_of_a_step_is_the_sum_over_all_cells():
    groups = grouped((*CASES, *CASES[:1]), RULER)
    sample = groups.all.sample(Metric.STEP_TIME, "a")
    assert sample is not None
    assert groups.all.total(Metric.STEP_TIME, "a") == sample.total == 2 * HOUR
    assert groups.all.total(Metric.STEP_TIME, "nowhere") == 0


def test_problems_are_counted_by_node_and_kind_in_cases():
    """L4.1."""
    slow = Reported(at=at("10:00"), node="a", kind="slow", content="k_1")
    again = Reported(at=at("11:00"), node="a", kind="slow")
    unclear = Reported(at=at("09:30"), node="b", kind="unclear")
    groups = grouped((case(case="C-1", problems=(slow, again)), case(problems=(unclear,))), RULER)

    found = groups.problems
    assert found.reports == {("a", "slow"): 2, ("b", "unclear"): 1}
    assert (found.at("a"), found.of("slow"), found.at("c"), found.of("other")) == (2, 2, 0, 0)
    assert (found.cases, found.cases_at) == (2, {"a": 1, "b": 1})
    assert found.newest[1] == ReportedProblem(at("10:00"), "C-1", "a", "slow", "k_1")


def test_only_the_newest_problems_are_kept_one_by_one():
    many = tuple(Reported(at=number, node="a", kind="slow") for number in range(30))

    newest = grouped((case(problems=many),), RULER).problems.newest

    assert [one.at for one in newest] == [*range(29, 29 - PROBLEMS_MOST, -1)]
