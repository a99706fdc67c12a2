"""Events as XES (IEEE 1849), which every tool for process mining reads: a trace for each case.

Its activities are what people do, each once, when it is done. With `everything` the bookkeeping is
in it too, under the names of our events.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from operator import itemgetter
from typing import Any
from xml.etree.ElementTree import Element, SubElement, tostring

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

# What people do, and what such an activity is called beside the step it happens in.
DEEDS = {
    "CaseStarted": "start",
    "ActionRecorded": "",  # called as the action is
    "TaskCompleted": "",
    "TaskReturned": "",
    "TaskClaimed": "claim",
    "TaskTransferred": "transfer",
    "QuestionAsked": "ask",
    "QuestionAnswered": "answer",
    "Commented": "comment",
    "Urged": "urge",
    "CopiedIn": "copy",
    "CaseClosed": "withdraw",
    "SurveyAnswered": "score",
}

# What happens to work, in the words of the standard; everything else is done when it happens.
TRANSITIONS = {
    "TaskOpened": "schedule",
    "TaskClaimed": "assign",
    "TaskTransferred": "reassign",
    "TaskCancelled": "withdraw",
}
FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # in XML 1.0


def as_xes(rows: Iterable[Mapping[str, Any]], *, everything: bool = False) -> Iterator[bytes]:
    """The log piece by piece, out of the rows of events, case by case."""
    yield HEAD.encode()
    for (case, process), events in groupby(rows, key=itemgetter("case", "process")):
        trace = Element("trace")
        _put(trace, "string", "concept:name", case)
        _put(trace, "string", "process", process)
        for row in events:
            if everything:
                _event(trace, row, name=_bookkeeping(row), way=TRANSITIONS.get(row["type"]))
            elif (name := activity(row)) is not None:
                _event(trace, row, name=name)
        yield tostring(trace, encoding="utf-8") + b"\n"
    yield TAIL.encode()


def activity(row: Mapping[str, Any]) -> str | None:
    """What a person did, as it is called in a log; None for what is no deed of a person."""
    verb = DEEDS.get(row["type"])
    if verb is None or row["actor"] == SYSTEM:
        return None
    if row["type"] == "CaseClosed":
        return verb if row["outcome"] == "withdrawn" else None
    if row["type"] == "ActionRecorded":
        return str(row["outcome"])
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
