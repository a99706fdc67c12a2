"""Every action and every type of event, by name. What is not listed here does not exist.

Only the codec of stored events, rehearsals and tests of completeness read it: a command decides
itself, an event applies itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from workflows.actions import (
    answer,
    ask,
    claim,
    comment,
    copy_in,
    decide,
    erase,
    fire_timers,
    follow_directory,
    offer_to_deputies,
    record,
    replace_leavers,
    replan,
    score,
    send_back,
    start,
    take_over,
    transfer,
    urge,
    watch,
    withdraw,
)
from workflows.case.action_type import ActionType
from workflows.case.events import Body
from workflows.flow.clocks import ClockPaused, ClockPlanned, ClockStopped
from workflows.flow.ending import CaseClosed, SurveyAsked, TaskCancelled
from workflows.flow.entering import CopiedIn, NodeEntered, RouteTaken, TaskOpened
from workflows.flow.offering import (
    DeputyOffered,
    DeputyPassedOver,
    TaskBlocked,
    TaskReoffered,
    TaskTransferred,
)
from workflows.flow.pauses import QuestionLapsed

# In the order in which a rehearsal tries them.
_ACTIONS = (
    start,
    claim,
    record,
    decide,
    send_back,
    ask,
    answer,
    take_over,
    transfer,
    comment,
    urge,
    copy_in,
    watch,
    withdraw,
    score,
    fire_timers,
    offer_to_deputies,
    replace_leavers,
    follow_directory,
    replan,
    erase,
)

ACTIONS: Mapping[str, ActionType] = MappingProxyType(
    {module.ACTION.name: module.ACTION for module in _ACTIONS}
)

FLOW_EVENTS: tuple[type[Body], ...] = (
    NodeEntered,
    TaskOpened,
    RouteTaken,
    CopiedIn,
    TaskReoffered,
    TaskBlocked,
    DeputyOffered,
    DeputyPassedOver,
    TaskTransferred,
    TaskCancelled,
    ClockPlanned,
    ClockPaused,
    ClockStopped,
    QuestionLapsed,
    CaseClosed,
    SurveyAsked,
)
"""The types of event that several actions lead to, or a rule of the definition."""

EVENTS: Mapping[str, type[Body]] = MappingProxyType(
    {
        kind.stored: kind
        for kind in (*FLOW_EVENTS, *(one for action in ACTIONS.values() for one in action.events))
    }
)
"""Types of event by the names under which they are stored. Other events cannot be written."""
