"""A process that decides by facts is rehearsed completely."""

from tests.unit.workflows.playbooks.scored import scoring
from tests.unit.workflows.playbooks.test_facts import spending
from tests.unit.workflows.rehearsal.rehearsed import rehearsed
from workflows.loading import load_definition
from workflows.rehearsal.fact_samples import FactSamples
from workflows.rehearsal.samples import Samples

REST = ', required = true, min = 0, max = 100, label = { zh = "服务", en = "Service" } },\n'


def test_every_route_and_limit_that_reads_a_fact_is_taken():
    report = rehearsed(spending())
    assert report.complete
    assert {tally.kind: tally.missing for tally in report.tallies if tally.missing} == {}


def test_every_route_that_reads_a_score_or_a_grade_is_taken():
    """Also where two forms are scored side by side, of one of which several fields count."""
    report = rehearsed(scoring())
    assert report.complete
    assert {tally.kind: tally.missing for tally in report.tallies if tally.missing} == {}


def test_a_score_is_sampled_where_it_passes_a_number_of_a_condition():
    """Not the fields behind it: those of one form get one number."""
    text = scoring().text.replace(
        '{ field = "price", weight = 33 }',
        '{ field = "price", weight = 20 }, { field = "service", weight = 13 }',
    )
    price = '  { id = "price", type = "number"'
    text = text.replace(price, price.replace("price", "service") + REST + price)
    loaded = load_definition(text, file="scoring.toml")
    tried = Samples(loaded).of("price", {"quality": 69})
    assert [(one["service"], one["price"]) for one in tried] == [(0, 0), (89, 89)]  # 46 and 76


def test_only_numbers_that_a_condition_compares_are_tried():
    """Grades where one is read; and a number with a fraction from both sides."""
    samples = FactSamples(scoring())
    assert samples.levels("who") == ()
    assert samples.levels("price") == (0, 69, 70, 71, 89, 90)
    text = scoring().text.replace('quarter.score < 70 or quarter.grade == "d"', "ever <= 69.5")
    text = text.replace('quarter.grade == "d"', "quarter.score < 40").replace(
        'quarter.grade == "a"', "quarter.score > 99"
    )
    plain = FactSamples(load_definition(text, file="scoring.toml"))
    assert plain.levels("price") == (39, 40, 41, 69, 70, 71, 98, 99, 100)
