"""The supplier process of these tests: a form with certificates."""

from __future__ import annotations

from pathlib import Path

from tests.unit.workflows.office import moment
from workflows.calendar import CalendarData, WorkCalendar
from workflows.case.world import World
from workflows.directory import Directory
from workflows.loading import Loaded, load_definition
from workflows.model.fields import Form

TEXT = Path(__file__).with_name("certified.toml").read_text(encoding="utf-8")
GIVEN = {
    "supplier": "华东精工",
    "goods": "service",
    "license": ["f1"],
    "iso9001": ["f2"],
    "iso9001_expires": "2027-06-30",
}


def loaded() -> Loaded:
    return load_definition(TEXT, file="certified.toml")


def supplier_form() -> Form:
    return loaded().definition.forms["supplier"]


def world(**values: object) -> World:
    """The world of a supplier on Monday, 2 March 2026, with these values of earlier forms."""
    found = loaded()
    return World(
        now=moment("2026-03-02 09:00"),
        definition=found.definition,
        directory=Directory(people={}),
        calendar=WorkCalendar(CalendarData(zone="Asia/Shanghai")),
        conditions=found.conditions,
        values=values,
    )
