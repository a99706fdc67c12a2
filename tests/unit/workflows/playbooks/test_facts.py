"""Facts: calculated when their form is taken, exact, kept with what they were made of."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cache
from pathlib import Path

import pytest
from msgspec.structs import replace

from tests.unit.workflows.deeds import approve, complete, dissatisfied, file
from tests.unit.workflows.playbook import refused, then, whatever
from workflows.actions.record import RecordAction
from workflows.calculating import hundredths
from workflows.case.events import fold
from workflows.loading import Loaded, load_definition
from workflows.tables import TableValue

OWNER = "wang.fang"


@cache
def spending() -> Loaded:
    path = Path(__file__).parent / "amounts.toml"
    return load_definition(path.read_text(encoding="utf-8"), file=path.name)


@pytest.fixture
def play(playbook):
    return playbook(spending())


def noted(play):
    """Every fact that was noted, in order."""
    return play.seen("FactNoted", "fact", "number")


def dollar(value, *, holds_from, version=1):
    day = date.fromisoformat(holds_from)
    number = Decimal(value)
    return TableValue(table="rate", version=version, option="usd", value=number, holds_from=day)


def test_a_fact_is_calculated_when_the_form_that_it_reads_is_taken(play):
    play >> file("wu.min", budget="1000.10", currency="usd") << whatever
    assert noted(play) == [("amount", 720072)]
    play >> complete("wu.min", people=3, extra=None) << whatever
    assert noted(play)[1:] == [("share", 240024)]
    assert play.case.fact("amount").amount == Decimal("7200.72")


@pytest.mark.parametrize(
    ("number", "rounded"),
    [("0.125", 12), ("0.135", 14), ("-0.125", -12), ("1/3", 33), ("2/3", 67), ("0.1250001", 13)],
)
def test_a_number_is_rounded_half_to_even_to_the_hundredth(number, rounded):
    assert hundredths(Fraction(number)) == rounded


def test_arithmetic_is_exact_where_floats_are_not(play):
    play >> file("wu.min", budget="0.1", currency="usd") << whatever
    assert play.case.fact("amount").amount == Decimal("0.72")
    play >> complete("wu.min", people=7) << whatever
    assert play.case.fact("share").amount == Decimal("0.10")


def test_a_route_reads_facts_and_not_the_forms_behind_them(play):
    """The threshold is on the amount in the company's currency; nothing read the words again."""
    play >> file("wu.min", budget=1000, currency="usd") << whatever
    play.values.clear()  # as after an erasure
    play >> complete("wu.min", people=5) << whatever
    assert play.case.node == "small"
    assert play.case.copied == ("p_wangfang",)  # the copy's condition reads the amount too


def test_a_limit_reads_facts_and_is_planned_again_when_they_change(play):
    play >> file("wu.min", budget=1000, currency="usd") << whatever
    assert play.case.clock("whole").limit == "5d"
    play >> complete("wu.min", people=3) << whatever
    assert play.case.clock("whole").limit == "9d"


def test_what_was_filled_in_again_is_calculated_again_and_its_history_stays(play):
    play >> file("wu.min", budget=100, currency="cny") << whatever
    play >> complete("wu.min", people=1, extra=5) << whatever
    play >> approve(OWNER, budget=200, currency="cny") << whatever
    assert noted(play) == [
        ("amount", 10000),
        ("share", 10000),
        ("whole", 10500),
        ("amount", 20000),
        ("share", 20000),
        ("whole", 20500),
    ]
    assert play.case.fact("whole").amount == 205


def test_an_equal_result_is_not_noted_again(play):
    play >> file("wu.min", budget=100, currency="cny") << whatever
    play >> complete("wu.min", people=1) << whatever
    play >> approve(OWNER, budget="100.00", currency="cny") << whatever
    assert noted(play) == [("amount", 10000), ("share", 10000)]


def test_a_fact_whose_field_was_emptied_is_voided_with_what_was_made_of_it(play):
    play >> file("wu.min", budget=100, currency="cny") << whatever
    play >> complete("wu.min", people=1, extra=5) << whatever
    play >> dissatisfied(OWNER) << whatever
    play >> complete("wu.min", people=1, extra=None) << whatever
    assert play.seen("FactVoided", "why") == ["emptied"]
    assert play.case.fact("whole") is None
    assert [fact.name for fact in play.case.facts if fact.voided] == ["whole"]


def test_an_action_takes_its_form_too(play):
    play >> file("wu.min", budget=100, currency="cny") << whatever
    record = RecordAction(
        actor="p_wumin",
        via="web",
        task="t1",
        action="priced",
        content=play.content(),
        values={"people": 4},
    )
    (
        play
        >> (lambda play: play.give(record))
        << then.ActionRecorded()
        << then.FactNoted(fact="share", number=2500)
    )


def test_the_rate_of_the_day_is_used_and_the_fact_names_its_version(play):
    play.tables = {
        "rate": (
            dollar("7.00", holds_from="2026-01-01"),
            dollar("8.00", holds_from="2026-03-03", version=2),
        )
    }
    play >> file("wu.min", budget=10, currency="usd") << whatever
    assert play.seen("FactNoted", "number", "tables") == [(7000, [["rate", 1]])]


def test_the_rate_of_the_definition_holds_until_another_does(play):
    play.tables = {"rate": (dollar("8.00", holds_from="2026-03-03"),)}
    play >> file("wu.min", budget=10, currency="usd") << whatever
    assert play.seen("FactNoted", "number", "tables") == [(7200, [["rate", 0]])]


def test_of_two_rates_from_one_day_the_newest_holds(play):
    play.tables = {
        "rate": (
            dollar("8.00", holds_from="2026-03-02"),
            dollar("9.00", holds_from="2026-03-02", version=2),
        )
    }
    play >> file("wu.min", budget=10, currency="usd") << whatever
    assert play.seen("FactNoted", "number", "tables") == [(9000, [["rate", 2]])]


def test_a_rate_that_changes_later_changes_no_decision(play):
    play >> file("wu.min", budget=10, currency="usd") << whatever
    play.tables = {"rate": (dollar("9.00", holds_from="2026-01-01"),)}
    play >> complete("wu.min", people=1) << whatever
    assert play.case.fact("amount").number == 7200
    assert fold(play.history) == play.case


def test_an_option_without_a_number_leaves_the_fact_unknown(play):
    play >> file("wu.min", budget=10, currency="chf") << whatever
    assert noted(play) == []
    play >> complete("wu.min", people=1) << whatever
    assert noted(play) == []
    assert play.case.node == "large"  # a condition that reads an unknown fact is false


def test_a_number_that_nobody_could_keep_is_refused(play):
    budget = "9" * 16
    play >> file("wu.min", budget=budget, currency="usd") << refused("fact_too_large")


def test_a_fact_about_somebody_is_not_the_fact_of_the_case(play):
    play >> file("wu.min", budget=10, currency="cny") << whatever
    of_case = play.case.fact("amount")
    about = replace(of_case, subject="p_x", number=1)
    case = play.case.with_fact(about)
    assert case.fact("amount") == of_case
    assert case.fact("amount", subject="p_x") == about
    assert case.without_facts((of_case.seq,), by=9).fact("amount") is None


def test_loading_refuses_what_could_not_be_calculated():
    text = spending().text.replace("budget * rate", "budget * rte")
    with pytest.raises(Exception, match="there is no such field, table or fact"):
        load_definition(text, file="x.toml")


def test_the_shipped_process_has_no_facts(playbook):
    play = playbook()
    play >> file("wu.min") << whatever
    assert play.case.facts == ()
    assert play.world.formulas == {}


def test_a_division_by_a_number_that_was_set_to_zero_leaves_the_fact_unknown(playbook):
    """The number was set while nothing divided by its table; the next version divides."""
    text = spending().text.replace("budget * rate + 0.5", "budget / rate + 0.5")
    play = playbook(load_definition(text, file="x.toml"))
    play.tables = {"rate": (dollar("0", holds_from="2026-01-01"),)}
    play >> file("wu.min", budget=10, currency="usd") << whatever
    assert noted(play) == []
