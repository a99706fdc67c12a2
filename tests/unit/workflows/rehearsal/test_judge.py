"""Each kind of finding, on the line that causes it, with the way to see it; L3.2."""

import re

import pytest

from tests.unit.workflows import office
from tests.unit.workflows.office import key
from tests.unit.workflows.rehearsal.rehearsed import FOLDER, definition, loaded, rehearsed, text_of
from workflows.rehearsal.report import Kind

BROKEN = sorted(path.stem for path in FOLDER.glob("*.toml"))


def marks(text):
    """(code, line, whom it concerns) of every mark."""
    for number, line in enumerate(text.splitlines(), start=1):
        for code, whom in re.findall(r"#! (\w+)(?: ([!*]?[\w.]*))?", line):
            yield code, number, whom.strip()


def concerned(finding, directory):
    """Whom a finding concerns, as a mark says it."""
    everybody = {person.id for person in directory.people.values()}
    people = {directory.people[key].id for key in finding.people}
    if not people or people == everybody:
        return "*" if people else ""
    others = everybody - people
    return next(iter(people)) if len(people) == 1 else "!" + ",".join(sorted(others))


@pytest.mark.parametrize("name", [name for name in BROKEN if name != "nobody_may_start"])
def test_what_is_wrong_is_found_on_its_line(name):
    report = rehearsed(loaded(name))
    found = [(f.code, f.line, concerned(f, office.directory())) for f in report.findings]

    assert sorted(set(found)) == sorted(marks(text_of(name)))
    assert report.complete
    assert not report.good
    assert {f.file for f in report.findings} == {f"{name}.toml"}


@pytest.mark.parametrize("name", BROKEN)
def test_whatever_can_be_seen_comes_with_a_script_that_shows_it(name):
    for finding in rehearsed(loaded(name)).findings:
        unseen = finding.kind is Kind.UNREACHABLE or finding.code == "nobody_may_start"

        assert bool(finding.script) is not unseen, finding
        assert unseen or finding.script[0].does == "file"


def test_every_kind_of_finding_has_a_broken_definition():
    found = {finding.kind for name in BROKEN for finding in rehearsed(loaded(name)).findings}

    assert found == set(Kind) - {Kind.TOO_LARGE}


def test_where_nobody_may_act_for_most_who_file_the_case_is_stuck():
    middle = (FOLDER / "nobody_may.toml").read_text(encoding="utf-8")
    report = rehearsed(definition(f'#: started_by = "owner"\n{middle}'))

    assert {f.code for f in report.findings} == {"nobody_may", "stuck"}


def test_what_is_shipped_is_seen_whole_and_nothing_is_wrong_with_it():
    """P1, L3.2: every branch and every time-out of the complaint process."""
    report = rehearsed(office.complaint())

    assert report.findings == ()
    assert [(tally.kind, tally.missing) for tally in report.tallies if tally.missing] == []
    assert sum(tally.covered for tally in report.tallies) > 60


def test_a_rehearsal_says_the_same_every_time():
    first, second = (rehearsed(loaded("unreachable")) for _ in range(2))

    assert first == second


def test_beyond_its_bound_a_rehearsal_says_so_and_calls_nothing_unreachable():
    report = rehearsed(office.complaint(), most=20)

    assert not report.complete
    assert report.steps == 20
    assert [finding.kind for finding in report.findings] == [Kind.TOO_LARGE]


def test_where_nobody_may_start_nothing_is_played():
    nobody = office.directory(gone=("chen.jing",))
    report = rehearsed(loaded("nobody_may_start"), directory=nobody)

    assert [(f.kind, f.code, f.where) for f in report.findings] == [
        (Kind.NOBODY, "nobody_may_start", "started_by")
    ]
    assert report.steps == 0


def test_a_script_is_as_short_as_it_can_be():
    (finding,) = rehearsed(loaded("unfilled")).findings

    assert [(step.does, dict(step.fills)) for step in finding.script] == [
        ("file", {"wish": "2026-02-28"})
    ]
    (finding,) = rehearsed(loaded("unescalated")).findings
    assert [(step.does, step.to) for step in finding.script] == [
        ("file", ""),
        ("wait", "first"),
        ("wait", "first"),
        ("wait", "first"),
    ]
    assert [step.who for step in finding.script[1:]] == ["", "", ""]


def test_a_mistake_on_the_way_of_everybody_is_told_once():
    (circle,) = rehearsed(loaded("gateway_circle")).findings

    assert circle.facts["circle"] == "left → right → left"
    found = rehearsed(loaded("loop")).findings
    loops = [f.facts["circle"] for f in found if f.kind is Kind.LOOP]
    assert sorted(loops) == ["ping → pong → ping", "work → check → work"]


def test_a_gateway_may_be_left_by_a_way_that_is_no_circle():
    process = definition(
        """
[[nodes]]
id = "first"
kind = "gateway"
name = { zh = "一", en = "First" }
routes = [{ to = "second" }]

[[nodes]]
id = "second"
kind = "gateway"
name = { zh = "二", en = "Second" }
routes = [{ to = "third" }]

[[nodes]]
id = "third"
kind = "gateway"
name = { zh = "三", en = "Third" }
routes = [{ to = "second" }, { to = "done" }]
"""
    )
    codes = [(f.code, f.facts.get("circle")) for f in rehearsed(process).findings]

    assert ("gateway_circle", "second → third → second") in codes


def test_somebody_who_files_is_a_person_of_the_most_frequent_kind():
    report = rehearsed(loaded("nobody"))
    (finding,) = report.findings

    assert finding.people == (key("chen.jing"),)
    assert finding.to == (key("wang.fang"),)
    assert finding.script[0].who == key("chen.jing")
