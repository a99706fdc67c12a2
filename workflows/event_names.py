"""The names under which events are stored, counted and exported.

A stored name never changes: it stands in the text that the hash chain covers. The class may be
renamed or moved; then only the right side of this table changes. An event that is not in the table
cannot be written.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from workflows import events as ev

EVENTS: Mapping[str, type[ev.Body]] = MappingProxyType(
    {
        "CaseStarted": ev.CaseStarted,
        "NodeEntered": ev.NodeEntered,
        "TaskOpened": ev.TaskOpened,
        "TaskReoffered": ev.TaskReoffered,
        "TaskBlocked": ev.TaskBlocked,
        "DeputyOffered": ev.DeputyOffered,
        "DeputyPassedOver": ev.DeputyPassedOver,
        "TaskClaimed": ev.TaskClaimed,
        "TaskTransferred": ev.TaskTransferred,
        "ActionRecorded": ev.ActionRecorded,
        "TaskCompleted": ev.TaskCompleted,
        "TaskReturned": ev.TaskReturned,
        "TaskCancelled": ev.TaskCancelled,
        "RouteTaken": ev.RouteTaken,
        "ClockPlanned": ev.ClockPlanned,
        "ClockPaused": ev.ClockPaused,
        "ClockStopped": ev.ClockStopped,
        "Reminded": ev.Reminded,
        "Escalated": ev.Escalated,
        "RungsCollapsed": ev.RungsCollapsed,
        "QuestionAsked": ev.QuestionAsked,
        "QuestionAnswered": ev.QuestionAnswered,
        "QuestionLapsed": ev.QuestionLapsed,
        "Commented": ev.Commented,
        "Urged": ev.Urged,
        "CopiedIn": ev.CopiedIn,
        "WatchChanged": ev.WatchChanged,
        "CaseClosed": ev.CaseClosed,
        "SurveyAsked": ev.SurveyAsked,
        "SurveyAnswered": ev.SurveyAnswered,
        "ContentErased": ev.ContentErased,
    }
)

_NAMES: Mapping[type[ev.Body], str] = {kind: name for name, kind in EVENTS.items()}


def name_of(body: ev.Body) -> str:
    """The stored name of an event's body. TypeError, with its class, where it has none."""
    return name_of_kind(type(body))


def name_of_kind(kind: type[ev.Body]) -> str:
    """The stored name of a class of bodies. TypeError, with the class, where it has none."""
    if kind not in _NAMES:
        raise TypeError(f"{kind.__name__} has no stored name in {__name__}.EVENTS")
    return _NAMES[kind]
