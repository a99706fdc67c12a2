"""The office in which the stories play."""

from tests.office import in_both, work

__all__ = ["in_both", "work"]
