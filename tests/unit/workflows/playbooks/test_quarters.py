"""A case of years whose quarters are scored: each in a branch of its own, counted in a row."""

from __future__ import annotations

from functools import cache

import pytest

from tests.unit.workflows.deeds import approve, complete, take_back
from tests.unit.workflows.playbook import until, whatever
from tests.unit.workflows.playbooks.test_resting import resting, signed, targets
from workflows.flow.ended import whole
from workflows.flow.facts import KEPT, ResultNoted
from workflows.lint import lint
from workflows.loading import Loaded

ASKED = """fields = [{ id = "bad", type = "choice", required = true, \
label = { zh = "不合格", en = "Bad" }, options = [
  { id = "yes", zh = "是", en = "Yes" },
  { id = "no", zh = "否", en = "No" },
] }]"""
SCORED = """fields = [{ id = "score", type = "number", required = true, min = 0, max = 100, \
label = { zh = "得分", en = "Score" } }]"""
CARD = """
[scorecards.quarter]
name = { zh = "季度考核", en = "Quarterly score" }
items = [{ field = "score", weight = 100 }]
grades = [
  { id = "a", from = 70, zh = "合格", en = "Good" },
  { id = "d", from = 0, zh = "不合格", en = "Bad" },
]

[facts.bad_quarters]
name = { zh = "连续不合格季度", en = "Bad quarters in a row" }
count = "quarter.score < 70"
in_a_row = true

[facts.year_score]
name = { zh = "年度平均分", en = "Average of the year" }
average = "quarter.score"
of_last = 4

[forms.renewal]"""


@cache
def scored() -> Loaded:
    """The contract of the tests of resting, looked at with a scorecard."""
    route = """routes = [{ when = 'bad == "yes"', to"""
    counted = 'score = "quarter"\nroutes = [{ when = "bad_quarters >= 2", to'
    return resting((ASKED, SCORED), ("\n[forms.renewal]", CARD), (route, counted))


@pytest.fixture
def play(playbook):
    return signed(playbook(scored()))


def quarter(play, day, score):
    """Score the quarter that starts to be looked at on this day."""
    play >> until(f"{day} 10:00") << whatever
    (task,) = [one for one in play.case.open_tasks if one.node == "assess"]
    play >> complete("li.na", task=task.id, score=score) << whatever
    return task


def results(play, name):
    return [
        (one.period, one.number) for one in play.case.facts if one.name == name and not one.voided
    ]


def test_the_definition_of_these_tests_can_be_published():
    assert lint(scored().definition) == ()


def test_each_quarter_has_its_score_and_two_bad_ones_in_a_row_lead_to_the_end(play):
    quarter(play, "2026-07-07", 60)
    assert targets(play) == []
    quarter(play, "2026-10-15", 90)
    quarter(play, "2027-01-11", 65)
    assert targets(play) == []
    assert results(play, "quarter.score") == [
        ("2026-Q2", 6000),
        ("2026-Q3", 9000),
        ("2026-Q4", 6500),
    ]
    play >> until("2027-03-04 10:00") << whatever
    quarter(play, "2027-04-12", "69.99")
    assert "end" in targets(play)
    assert play.case.fact("bad_quarters").number == 200
    assert (play.case.fact("year_score").number, play.case.fact("year_score").of) == (7125, 4)


def test_a_score_that_is_taken_back_leaves_the_count_of_the_other_quarters(play):
    quarter(play, "2026-07-07", 60)
    task = quarter(play, "2026-10-15", 50)
    assert targets(play) == ["end"]
    play >> take_back("li.na", task=task.id) << whatever
    assert play.case.fact("bad_quarters").number == 100
    assert results(play, "year_score") == [("2026-Q2", 6000)]
    play >> complete("li.na", score=80) << whatever
    assert play.case.fact("bad_quarters").number == 0
    assert results(play, "quarter.grade") == [("2026-Q2", 0), ("2026-Q3", 0)]


def test_results_that_nothing_reads_any_more_leave_the_state(play):
    """The last twenty stay; a row of bad quarters would as a whole."""
    for day in ("2026-07-07", "2026-10-15", "2027-01-11"):
        quarter(play, day, 90)
    assert play.case.gone
    for _ in range(KEPT):
        play.happened(ResultNoted(fact="quarter.score", number=8000))
    play >> until("2027-03-31 10:00") << whatever
    play >> approve("he.jun") << whatever
    play >> complete("li.na", ends="2030-03-31") << whatever
    quarter(play, "2027-04-30", 65)

    (*_, last) = [out for out in play.seen("BranchStarted", "outdated") if out]
    early = [event for event in play.history if event.seq in last]
    assert [event.body.number for event in early] == [9000, 9000, 9000]
    assert len(results(play, "quarter.score")) == KEPT + 1
    assert len(whole(play.history).facts) == len(play.case.facts) + 3
    assert play.case.fact("bad_quarters").number == 100
    assert play.case.fact("year_score").number == 7625
