"""Where a case stands as a whole. Alone, because it is needed where the core is not loaded."""

from __future__ import annotations

from enum import StrEnum


class Status(StrEnum):
    """Where a case stands as a whole."""

    RUNNING = "running"
    COMPLETED = "completed"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    TERMINATED = "terminated"
