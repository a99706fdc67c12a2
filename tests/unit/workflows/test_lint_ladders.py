"""Which rung fires after which, as far as that can be known without a calendar."""

from __future__ import annotations

import pytest

from workflows.lint_ladders import surely_after
from workflows.model.clocks import parse_rung_time


@pytest.mark.parametrize(
    ("later", "earlier"),
    [
        ("60%", "50%"),
        ("1%", "start"),
        ("due", "start"),
        ("due", "99%"),
        ("due + 1h", "99%"),
        ("due + 1wd", "start"),
        ("start + 1wh", "start"),
        ("due + 1h", "due"),
        ("due", "due - 1wd"),
        ("due + 1h", "due - 1wd"),
        ("due + 2d", "due + 24h"),
        ("due + 61m", "due + 1h"),
        ("due + 2wd", "due + 1wd"),
        ("due + 61wm", "due + 1wh"),
        ("due - 1h", "due - 2h"),
        ("start + 3h", "start + 2h"),
        ("start", "start - 2h"),
    ],
)
def test_what_is_known_to_come_later(later, earlier):
    assert surely_after(parse_rung_time(later), parse_rung_time(earlier))
    assert not surely_after(parse_rung_time(earlier), parse_rung_time(later))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("50%", "50%"),
        ("due - 1h", "50%"),  # depends on the limit
        ("start + 1h", "50%"),
        ("start + 1h", "due"),
        ("start + 1h", "due - 1h"),
        ("due + 1wd", "due + 9h"),  # depends on the calendar
        ("due + 1wd", "due + 9wh"),
        ("due + 9h", "due + 9wh"),
    ],
)
def test_what_depends_on_limit_or_calendar_is_not_judged(one, other):
    one, other = parse_rung_time(one), parse_rung_time(other)
    assert not surely_after(one, other)
    assert not surely_after(other, one)
