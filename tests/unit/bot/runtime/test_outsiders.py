"""Whoever is turned away again and again is counted each time and told of once a minute."""

from __future__ import annotations

from collections import Counter

import pytest
from structlog.testing import capture_logs

from bot.runtime.metrics import Metrics
from bot.runtime.outsiders import Outsiders, not_counted


def test_the_log_tells_once_a_minute_what_is_counted_each_time() -> None:
    now, counted = [0.0], Counter[str]()
    outsiders = Outsiders(count=lambda what: counted.update([what]), seconds=lambda: now[0])
    with capture_logs() as lines:
        for second in range(100):
            now[0] = float(second)
            outsiders.turned_away("slack_signature")
            outsiders.turned_away("header_too_slow")

    assert counted == {"slack_signature": 100, "header_too_slow": 100}
    assert [(one["what"], one["times"]) for one in lines] == [
        ("slack_signature", 1),
        ("header_too_slow", 1),
        ("slack_signature", 60),
        ("header_too_slow", 60),
    ]


def test_what_is_turned_away_is_a_figure() -> None:
    metrics = Metrics()
    metrics.turned_away("slack_signature")

    assert b'closeloop_turned_away_total{what="slack_signature"} 1.0' in metrics.text()


@pytest.mark.parametrize("what", ["", "x"])
def test_where_nobody_counts_nothing_happens(what: str) -> None:
    not_counted(what)
