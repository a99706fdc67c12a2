"""The office in which the use cases are tried."""

from tests.office import in_both, work

__all__ = ["in_both", "work"]
