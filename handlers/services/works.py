"""How each work is done, by its name."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from handlers.services.as_is import AS_IS
from handlers.services.baseline import BASELINE, BEFORE_AFTER
from handlers.services.checks import PUBLISH_CHECK, REHEARSE
from handlers.services.pilot import BATCH_REPORT, PILOT_FORECAST, PILOT_REPORT
from handlers.services.releasing import (
    OPEN_BATCH,
    OPEN_PILOT,
    PROLONG_PILOT,
    RELEASE,
    ROLL_BACK,
)
from handlers.services.specification import SPECIFICATION
from handlers.services.what_if import WHAT_IF
from handlers.services.work import Doing
from workflows.model.works import Work

DOINGS: Mapping[Work, Doing] = MappingProxyType(
    {
        "as_is": AS_IS,
        "baseline": BASELINE,
        "before_after": BEFORE_AFTER,
        "pilot_forecast": PILOT_FORECAST,
        "pilot_report": PILOT_REPORT,
        "open_pilot": OPEN_PILOT,
        "prolong_pilot": PROLONG_PILOT,
        "open_batch": OPEN_BATCH,
        "batch_report": BATCH_REPORT,
        "release": RELEASE,
        "roll_back": ROLL_BACK,
        "rehearse": REHEARSE,
        "publish_check": PUBLISH_CHECK,
        "specification": SPECIFICATION,
        "what_if": WHAT_IF,
    }
)
