"""A process with certificates is rehearsed with valid and with expired ones."""

from tests.unit.workflows import certified
from tests.unit.workflows.rehearsal.rehearsed import rehearsed
from workflows.rehearsal.report import Kind


def test_both_ways_after_the_count_of_expired_certificates_are_taken():
    report = rehearsed(certified.loaded())

    assert {one.kind for one in report.findings} == {Kind.SELF}  # the owner may file, too
