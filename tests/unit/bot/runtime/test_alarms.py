"""An alarm is one line at ERROR that names itself, and a figure."""

import json
import logging

import pytest
import structlog

from bot.runtime.alarms import Alarms
from bot.runtime.metrics import Metrics


def test_an_alarm_is_logged_and_counted(caplog: pytest.LogCaptureFixture) -> None:
    metrics = Metrics()
    before = structlog.get_config()
    structlog.configure(
        processors=[
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ]
    )
    try:
        Alarms(metrics).raise_("timer_dead", error=RuntimeError("broken"), case="C-2026-0001")
    finally:
        structlog.configure(**before)

    [record] = caplog.records
    said = json.loads(record.getMessage())
    assert record.levelno == logging.ERROR
    assert (said["alarm"], said["case"]) == ("timer_dead", "C-2026-0001")
    assert "RuntimeError: broken" in said["exception"]
    assert 'closeloop_alarms_total{alarm="timer_dead"} 1.0' in metrics.text().decode()
