"""What is measured of a process: the names that targets of definitions and figures share."""

from __future__ import annotations

from collections.abc import Collection
from enum import StrEnum

OF_CLOCK = "_on_time"  # after the key of a clock: its limits that were met


class Metric(StrEnum):
    """What is measured of a case or, where the name says so, of a step."""

    HANDLING = "handling_time"  # from filing to the business end
    GROSS = "handling_time_gross"  # the same by the clock
    NET = "net_time"  # without the time in which it waited for somebody outside
    DESK = "desk_time"  # of all people together, own time only
    IDLE = "idle_time"  # in which nobody had claimed any of its work
    ON_TIME = "on_time"  # of one deadline of the case, whose name follows a colon
    STEPS_ON_TIME = "steps_on_time"
    FIRST_TIME_RIGHT = "first_time_right"
    REJECTED = "rejection_rate"  # of decisions
    RETURNED = "return_rate"  # of cases
    RETURNS = "returns"  # of a case
    REWORK = "rework_rate"  # of visits
    REPEATED = "repeat_rate"  # of visits: by the same person
    HANDOVERS = "handovers"  # of a case
    PING_PONG = "ping_pong_rate"  # of cases
    SATISFIED = "satisfaction"  # of answers
    ANSWERED = "response_rate"  # of those asked
    BACKLOG = "backlog_age"  # of open cases
    STEP_TIME = "step_time"
    STEP_WAITING = "step_waiting"  # until somebody first does something
    STEP_DESK = "step_desk_time"  # of one person
    STEP_UNCLAIMED = "step_unclaimed"  # where a step is claimed: until then
    STEP_CLAIMED = "step_claimed"  # and from then on
    INSTANT = "instant_rate"  # of decisions


SHARES = (
    Metric.ON_TIME,
    Metric.STEPS_ON_TIME,
    Metric.FIRST_TIME_RIGHT,
    Metric.REJECTED,
    Metric.RETURNED,
    Metric.REWORK,
    Metric.REPEATED,
    Metric.PING_PONG,
    Metric.SATISFIED,
    Metric.ANSWERED,
    Metric.INSTANT,
)
MORE_IS_BETTER = (
    Metric.ON_TIME,
    Metric.STEPS_ON_TIME,
    Metric.FIRST_TIME_RIGHT,
    Metric.SATISFIED,
    Metric.ANSWERED,
)

_OF_STEPS = "step"  # how the names of metrics begin that are only known by step
_UNNAMED = {Metric.ON_TIME, Metric.STEPS_ON_TIME, Metric.GROSS, Metric.BACKLOG, Metric.INSTANT}


def known_measures(clocks: Collection[str]) -> list[str]:
    """Return what a target may measure, for a process with these deadlines of its cases."""
    metrics = (one.value for one in Metric if one not in _UNNAMED)
    plain = [one for one in metrics if not one.startswith(_OF_STEPS)]
    return [*plain, "on_time", *(f"{clock}{OF_CLOCK}" for clock in clocks)]


def known_rates(clocks: Collection[str]) -> list[str]:
    """Return the shares that an alert may watch, for a process with these deadlines."""
    rates = (one.value for one in SHARES if one not in (*_UNNAMED, Metric.REPEATED))
    return [*rates, "on_time", *(f"{clock}{OF_CLOCK}" for clock in clocks)]


def metric_named(measure: str) -> str:
    """Return the name of the metric that a definition calls `measure`."""
    if measure == "on_time":
        return Metric.STEPS_ON_TIME
    if measure.endswith(OF_CLOCK):
        return f"{Metric.ON_TIME}:{measure.removesuffix(OF_CLOCK)}"
    return Metric(measure)


def metric_of(name: str) -> Metric:
    """Return the metric of a name: that of one deadline has its key after a colon."""
    return Metric(name.partition(":")[0])


def more_is_better(name: str) -> bool:
    """Return whether a higher figure of this metric is the better one."""
    return metric_of(name) in MORE_IS_BETTER
