"""The registry of actions and types of event, by name.

Every module of `workflows.actions` is registered because it exists. Only the codec of stored
events, rehearsals and completeness tests read the registry: commands and events have their own
methods.
"""

from __future__ import annotations

import pkgutil
from collections.abc import Iterator, Mapping
from importlib import import_module
from types import MappingProxyType

from workflows import actions
from workflows.case.action_type import ActionType
from workflows.case.events import Body
from workflows.flow.adding import AddedSignersDecided
from workflows.flow.ballots import BallotDecided, BallotOpened
from workflows.flow.branch_events import (
    BranchEnded,
    BranchStarted,
    BranchTurned,
    RestBegan,
    RestClosing,
    StartDropped,
    StartDue,
)
from workflows.flow.by_rule import DecidedByRule
from workflows.flow.clocks import ClockPaused, ClockPlanned, ClockStopped
from workflows.flow.ending import CaseClosed, SurveyAsked, TaskCancelled
from workflows.flow.entering import CopiedIn, NodeEntered, RouteTaken, TaskCompleted
from workflows.flow.facts import FactNoted, FactVoided, ResultNoted
from workflows.flow.forks import (
    BranchArrived,
    BranchesCancelled,
    BranchesOpened,
    BranchesReopened,
)
from workflows.flow.offering import (
    DeputyOffered,
    DeputyPassedOver,
    StepInTold,
    TaskBlocked,
    TaskReoffered,
    TaskTransferred,
)
from workflows.flow.opening import TaskOpened
from workflows.flow.pauses import QuestionLapsed
from workflows.flow.points import DaySpared, PointsCharged
from workflows.flow.reopening import TasksRenewed
from workflows.flow.stale import DecisionVoided
from workflows.flow.until import WaitEnded
from workflows.flow.verdicts import SubjectsListed


def _found() -> Iterator[ActionType]:
    for module in pkgutil.iter_modules(actions.__path__, "workflows.actions."):
        action: ActionType = import_module(module.name).ACTION
        yield action


ACTIONS: Mapping[str, ActionType] = MappingProxyType({one.name: one for one in _found()})

FLOW_EVENTS: tuple[type[Body], ...] = (
    NodeEntered,
    TaskOpened,
    TaskCompleted,
    BallotOpened,
    BallotDecided,
    SubjectsListed,
    AddedSignersDecided,
    DecidedByRule,
    DecisionVoided,
    TasksRenewed,
    RouteTaken,
    BranchesOpened,
    BranchArrived,
    BranchesCancelled,
    BranchesReopened,
    WaitEnded,
    RestBegan,
    StartDue,
    StartDropped,
    BranchStarted,
    BranchTurned,
    BranchEnded,
    RestClosing,
    CopiedIn,
    FactNoted,
    ResultNoted,
    FactVoided,
    PointsCharged,
    DaySpared,
    TaskReoffered,
    StepInTold,
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
