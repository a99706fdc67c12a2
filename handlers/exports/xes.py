"""Writes events as XES (IEEE 1849), the format of process mining, with a trace for each case.

Its activities are what people do, at their completion; one that somebody claimed has a start too.
With `everything`, the other events are included under the names of closeloop's events.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from operator import itemgetter
from typing import Any
from xml.etree.ElementTree import Element, SubElement, tostring

from handlers.history import FLOW
from handlers.registry import SENTENCES
from workflows.case.events import SYSTEM

HEAD = """\
<?xml version="1.0" encoding="UTF-8"?>
<log xes.version="1849.2016" xes.features="" xmlns="http://www.xes-standard.org/">
<extension name="Concept" prefix="concept" uri="http://www.xes-standard.org/concept.xesext"/>
<extension name="Organizational" prefix="org" uri="http://www.xes-standard.org/org.xesext"/>
<extension name="Time" prefix="time" uri="http://www.xes-standard.org/time.xesext"/>
<extension name="Lifecycle" prefix="lifecycle" uri="http://www.xes-standard.org/lifecycle.xesext"/>
<global scope="trace">
<string key="concept:name" value=""/>
</global>
<global scope="event">
<string key="concept:name" value=""/>
<string key="lifecycle:transition" value="complete"/>
<date key="time:timestamp" value="1970-01-01T00:00:00+00:00"/>
</global>
<classifier name="Activity" keys="concept:name"/>
<string key="lifecycle:model" value="standard"/>
"""
TAIL = "</log>\n"

# The activities of people by the stored name of their event, from the sentences of the history.
ACTIVITIES = {
    kind.stored: told.activity
    for kind, told in {**FLOW, **SENTENCES}.items()
    if told is not None and told.activity is not None
}

# The lifecycle transition of the standard; other events are complete when they happen.
TRANSITIONS = {
    "TaskOpened": "schedule",
    "TaskClaimed": "assign",
    "TaskTransferred": "reassign",
    "TaskCancelled": "withdraw",
}
CLAIMED = "TaskClaimed"  # by which somebody begins an activity that is named after its step
FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # in XML 1.0


def as_xes(rows: Iterable[Mapping[str, Any]], *, everything: bool = False) -> Iterator[bytes]:
    """Yield the log in pieces, from rows of events that are ordered by case."""
    yield HEAD.encode()
    for (case, process), events in groupby(rows, key=itemgetter("case", "process")):
        trace = Element("trace")
        _put(trace, "string", "concept:name", case)
        _put(trace, "string", "process", process)
        for row in events:
            if everything:
                _event(trace, row, name=_bookkeeping(row), way=TRANSITIONS.get(row["type"]))
            elif (name := activity(row)) is not None:
                if row["type"] == CLAIMED and row["node"]:
                    _event(trace, row, name=row["node"], way="start")
                else:
                    _event(trace, row, name=name)
        yield tostring(trace, encoding="utf-8") + b"\n"
    yield TAIL.encode()


def activity(row: Mapping[str, Any]) -> str | None:
    """Return the name of the activity of an event; None if no person did it."""
    verb = ACTIVITIES.get(row["type"])
    if verb is None or row["actor"] == SYSTEM:
        return None
    if row["type"] == "CaseClosed":
        return verb if row["outcome"] == "withdrawn" else None
    if row["type"] == "ActionRecorded":
        return str(row["outcome"])  # the key of the recorded action
    return " ".join(str(part) for part in (row["node"], verb) if part)


def _bookkeeping(row: Mapping[str, Any]) -> str:
    return " ".join(str(row[part]) for part in ("node", "type") if row[part])


def _event(trace: Element, row: Mapping[str, Any], *, name: str, way: str | None = None) -> None:
    event = SubElement(trace, "event")
    _put(event, "string", "concept:name", name)
    _put(event, "string", "org:resource", row["actor"])
    _put(event, "date", "time:timestamp", row["at"])
    _put(event, "string", "lifecycle:transition", way or "complete")
    for key in ("node", "type", "outcome", "on_behalf_of", "via"):
        _put(event, "string", key, row[key])


def _put(parent: Element, kind: str, key: str, value: object) -> None:
    if value is not None:
        SubElement(parent, kind, key=key, value=FORBIDDEN.sub("", str(value)))
