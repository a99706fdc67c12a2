"""The status of a case, in a module of its own so that importing it does not load the core."""

from __future__ import annotations

from enum import StrEnum


class Status(StrEnum):
    """The status of a case."""

    RUNNING = "running"
    COMPLETED = "completed"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    TERMINATED = "terminated"
