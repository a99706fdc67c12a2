"""A wrong value of the keys of a node that waits for a date is refused with what to write."""

from __future__ import annotations

import pytest

from tests.unit.workflows.playbooks.test_waiting_for_a_date import FORKED, SEQUENCE
from workflows.lint import check

TEXT = SEQUENCE.text
NODE = "nodes.wait"
UNTIL = 'Write a date field, or one and days: "launch_date - 5wd", "contract_start + 30d"'


def found(old, new, **kwargs):
    """(where, problem, hint) of what is wrong after this change of the definition."""
    assert TEXT.count(old) == 1, old
    findings = check(TEXT.replace(old, new), file="sample.toml", **kwargs)
    return [(one.where, one.problem, one.hint) for one in findings]


@pytest.mark.parametrize("process", [SEQUENCE, FORKED], ids=["sequence", "forked"])
def test_the_definitions_are_sound(process):
    assert check(process.text, file="sample.toml") == ()


@pytest.mark.parametrize(
    ("old", "new", "place", "problem", "hint"),
    [
        ('until = "day"', 'until = "today"', "until", '"today" does not fit here', UNTIL),
        (
            'until = "day"',
            'until = "today + 5wd"',
            "until",
            '"today + 5wd" does not fit here',
            UNTIL,
        ),
        ('until = "day"', 'until = "day + 5h"', "until", '"day + 5h" does not fit here', UNTIL),
        ('until = "day"', 'until = "2026-06-01"', "until", '"2026-06-01" does not fit here', UNTIL),
        ('until = "day"', "until = 5", "until", "5 does not fit here", UNTIL),
        ('until = "day"\n', "", "until", '"until" is missing', "Add until = … here"),
        (
            'until = "day"',
            'until = "dya + 1d"',
            "until",
            'no form has a field "dya"',
            "Perhaps you mean day",
        ),
        (
            'until = "day"',
            'until = "what"',
            "until",
            '"what" is of type text and gives no day',
            "Name a field of type date",
        ),
        (
            'until = "day"\nnext = "last"',
            'until = "day"\nnext = "lst"',
            "next",
            'there is no node "lst"',
            "Perhaps you mean last",
        ),
        (
            'until = "day"\nnext = "last"',
            'until = "day"\nnext = "wait"',
            "next",
            "a case can go round for ever: wait → wait",
            "Make one of these paths an approval's return with at_most and then",
        ),
        (
            'until = "day"',
            'until = "day"\nladder = "step"',
            "ladder",
            '"ladder" is not known here',
            "Known here: id, name, cc, kind, until, next, calendar, starts, exclusive",
        ),
        (
            'until = "day"',
            'until = "day"\ncalendar = "shop"',
            "calendar",
            'there is no calendar "shop"',
            "Add [company.calendars.shop] to the configuration",
        ),
    ],
)
def test_a_mistake_is_refused_at_its_line(old, new, place, problem, hint):
    assert (f"{NODE}.{place}", problem, hint) in found(old, new, calendars=())


def test_a_date_that_is_asked_for_later_is_not_waited_for():
    asked = '  { id = "day", type = "date", label = { zh = "日期", en = "Day" } },\n'
    form = f"""
[forms.late]
name = {{ zh = "晚", en = "Late" }}
fields = [
{asked}]

[ladders.step]"""
    last = 'id = "last"\n'
    text = TEXT.replace(asked, "").replace("\n[ladders.step]", form)
    (finding,) = check(text.replace(last, f'{last}form = "late"\n'), file="sample.toml")

    assert finding.where == f"{NODE}.until"
    assert finding.problem == '"day" is never filled when the case comes to "wait"'
    assert finding.hint == "Wait at a later node, or ask for the date earlier"
