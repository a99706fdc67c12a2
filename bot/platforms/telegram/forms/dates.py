"""Renders the buttons to choose a day or a time."""

from __future__ import annotations

from calendar import Calendar
from datetime import date, timedelta

from telegram import InlineKeyboardButton

from bot.platforms.telegram import callbacks
from bot.platforms.telegram.keyboards import Rows, press, tap
from handlers.conversation.dialogue.taps import Op
from handlers.i18n import Translator

HOURS_A_ROW = 6
MINUTES = ("00", "15", "30", "45")
_EMPTY = "·"


def read_month(text: str, *, default: date) -> date:
    """Return the first day of a month such as "2026-03", or of the month of `default`."""
    try:
        return date.fromisoformat(f"{text}-01")
    except ValueError:
        return default.replace(day=1)


def days(step: str, month: date, *, today: date, chosen: str, words: Translator) -> Rows:
    """Return a calendar of one month, whose weeks begin on Monday.

    `chosen` is an ISO date or "", and `step` the step of the form that the buttons answer.
    """
    before, after = month - timedelta(days=1), (month + timedelta(days=32)).replace(day=1)
    rows: Rows = [
        [
            tap(Op.MONTH, step, f"{before:%Y-%m}", "‹"),
            press(f"{month:%Y-%m}", callbacks.NOTHING),
            tap(Op.MONTH, step, f"{after:%Y-%m}", "›"),
        ]
    ]
    for week in Calendar().monthdatescalendar(month.year, month.month):
        rows.append([_day(step, day, month, chosen) for day in week])
    near = (("telegram.form.today", today), ("telegram.form.tomorrow", today + timedelta(days=1)))
    rows.append([tap(Op.DAY, step, day.isoformat(), words.t(msgid)) for msgid, day in near])
    return rows


def _day(step: str, day: date, month: date, chosen: str) -> InlineKeyboardButton:
    if day.month != month.month:
        return press(_EMPTY, callbacks.NOTHING)
    label = f"✓{day.day}" if day.isoformat() == chosen else str(day.day)
    return tap(Op.DAY, step, day.isoformat(), label)


def times(step: str, hour: str) -> Rows:
    """Return the hours of a day, or the quarters of the chosen hour."""
    if hour:
        return [[tap(Op.TIME, step, f"{hour}:{minute}", f"{hour}:{minute}") for minute in MINUTES]]
    hours = [f"{number:02d}" for number in range(24)]
    return [
        [tap(Op.HOUR, step, one, f"{one}:00") for one in hours[first : first + HOURS_A_ROW]]
        for first in range(0, 24, HOURS_A_ROW)
    ]
