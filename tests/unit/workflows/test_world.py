"""The world of a decision reads what is expensive only when it is needed."""

from __future__ import annotations

from workflows.case.world import Deferred


def test_a_deferred_mapping_is_computed_once_and_only_when_it_is_read() -> None:
    asked = []

    def compute() -> dict[str, int]:
        asked.append(1)
        return {"a": 1, "b": 2}

    found = Deferred(compute)
    assert asked == []

    assert (found["a"], found.get("c"), len(found), list(found)) == (1, None, 2, ["a", "b"])
    assert {**found, "a": 3} == {"a": 3, "b": 2}
    assert asked == [1]
