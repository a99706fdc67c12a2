"""A process that decides by facts is rehearsed completely."""

from tests.unit.workflows.playbooks.test_facts import spending
from tests.unit.workflows.rehearsal.rehearsed import rehearsed


def test_every_route_and_limit_that_reads_a_fact_is_taken():
    report = rehearsed(spending())
    assert report.complete
    assert {tally.kind: tally.missing for tally in report.tallies if tally.missing} == {}
