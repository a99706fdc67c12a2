"""The company in which the engine is tested: its people, its calendar, its complaint process.

Keys are opaque in events, so tests speak of people by readable id and the key is made from it.
"""

from __future__ import annotations

from datetime import date, datetime
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from workflows.calendar import CalendarData, WorkCalendar
from workflows.directory import Absence, Department, Directory, Person
from workflows.loading import Loaded, load_definition
from workflows.moments import Moment, in_zone, moment_of

PROCESSES = Path(__file__).parents[3] / "workflows" / "processes"
ZONE = ZoneInfo("Asia/Shanghai")

_STAFF = (
    # id, department, manager, roles
    ("chen.jing", "board", "", ()),
    ("zhou.wei", "customer-service", "chen.jing", ()),  # the head of customer service
    ("wang.fang", "customer-service", "zhou.wei", ("complaint-manager",)),  # owns the process
    ("he.jun", "customer-service", "zhou.wei", ()),  # leads the handlers
    ("liu.yang", "customer-service", "wang.fang", ("complaint-desk",)),
    ("sun.qi", "customer-service", "wang.fang", ("complaint-desk",)),
    ("li.na", "customer-service", "he.jun", ("complaint-handler",)),
    ("ma.chao", "customer-service", "he.jun", ("complaint-handler",)),
    ("zheng.hao", "sales", "chen.jing", ()),  # the head of sales
    ("feng.lei", "sales", "zheng.hao", ()),  # leads the sales people
    ("xu.ke", "sales", "feng.lei", ("complaint-handler",)),
    ("gao.yu", "sales", "feng.lei", ("complaint-handler",)),
    ("wu.min", "sales", "feng.lei", ()),  # files complaints
    ("deng.tao", "it", "chen.jing", ()),  # the administrator
)
_HEADS = {
    "board": "chen.jing",
    "customer-service": "zhou.wei",
    "sales": "zheng.hao",
    "it": "deng.tao",
}


def key(person_id: str) -> str:
    """The key of a person."""
    return f"p_{person_id.replace('.', '')}"


def directory(
    *, gone: tuple[str, ...] = (), absences: tuple[Absence, ...] = (), admins: tuple[str, ...] = ()
) -> Directory:
    """Everybody; `gone` have left."""
    people = [
        Person(
            key=key(person_id),
            id=person_id,
            name=person_id,
            department=department,
            manager=key(manager) if manager else "",
            roles=roles,
            active=person_id not in gone,
        )
        for person_id, department, manager, roles in _STAFF
    ]
    return Directory(
        people={person.key: person for person in people},
        departments={
            name: Department(id=name, name_zh=name, name_en=name, head=key(head))
            for name, head in _HEADS.items()
        },
        absences=absences,
        admins=frozenset(key(admin) for admin in admins or ("deng.tao",)),
    )


@cache
def calendar(
    *, off: frozenset[date] = frozenset(), on: frozenset[date] = frozenset()
) -> WorkCalendar:
    """Nine to six in Shanghai on Chinese working days, with the company's own days."""
    return WorkCalendar(CalendarData(zone="Asia/Shanghai", extra_off=off, extra_on=on))


@cache
def complaint() -> Loaded:
    """The complaint process as it is shipped."""
    path = PROCESSES / "complaint.toml"
    return load_definition(path.read_text(encoding="utf-8"), file=path.name)


@cache
def judging() -> Loaded:
    """Work that somebody else judges: what nobody may do for themselves."""
    path = Path(__file__).parent / "playbooks" / "judging.toml"
    return load_definition(path.read_text(encoding="utf-8"), file=path.name)


def moment(text: str) -> Moment:
    """The instant of a local time such as "2026-03-02 09:00"."""
    return moment_of(datetime.fromisoformat(text).replace(tzinfo=ZONE))


def local(at: Moment) -> str:
    """An instant as a local time, without the seconds when they are zero."""
    text = f"{in_zone(at, ZONE).replace(tzinfo=None)}"
    return text.removesuffix(":00")


def variant(*changes: tuple[str, str]) -> Loaded:
    """The complaint process with pieces of its text replaced, each exactly once."""
    text = complaint().text
    for old, new in changes:
        assert text.count(old) == 1, f"{text.count(old)} times: {old}"
        text = text.replace(old, new)
    return load_definition(text, file="variant.toml")
