"""The score of the rig counts what a kill may do, and finds what it may not."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.rig.ground import Place, Score, amiss

SEEN = {"cases": {"C-2026-0001": ["CaseStarted"]}, "owed": 0, "dead": []}


def after(folder: Path, *, seen: Any = SEEN, posted: str = "ab", unmarked: str = "") -> Place:
    """A place after a kill in which messages with these tokens were posted, one letter each."""
    (folder / "seen.json").write_text(json.dumps(seen))
    (folder / "unmarked.json").write_text(json.dumps([*unmarked]))
    lines = (
        {"ref": str(number), "token": token, "person": "p_1", "shown": [], "buttons": []}
        for number, token in enumerate(posted)
    )
    (folder / "posted").write_text("".join(f"{json.dumps(line)}\n" for line in lines))
    return Place(url="", folder=folder)


@pytest.mark.parametrize(("posted", "unmarked"), [("ab", ""), ("aba", "a"), ("ab", "a")])
def test_a_copy_of_what_a_kill_met_sent_and_not_marked_is_no_fault(tmp_path, posted, unmarked):
    score = Score("a kill")

    assert not amiss(after(tmp_path, posted=posted, unmarked=unmarked), SEEN, score)
    assert (score.twice, score.unmarked) == (len(posted) - 2, len(unmarked))


def test_what_a_process_sent_late_may_come_twice_too(tmp_path):
    assert not amiss(after(tmp_path, posted="aa"), SEEN, Score("a kill"), late=["a"])


@pytest.mark.parametrize(
    ("posted", "unmarked", "found"),
    [("aba", "", {"a": 2}), ("aba", "b", {"a": 2}), ("abaa", "a", {"a": 3})],
)
def test_a_copy_without_a_reason_and_a_third_one_are_found(tmp_path, posted, unmarked, found):
    place = after(tmp_path, posted=posted, unmarked=unmarked)

    assert amiss(place, SEEN, Score("a kill")) == found


@pytest.mark.parametrize(
    "change", [{"cases": {}}, {"owed": 1}, {"dead": ["message"]}, {"cases": {"C-2026-0001": []}}]
)
def test_another_end_than_that_of_a_run_that_nobody_killed_is_found(tmp_path, change):
    seen = {**SEEN, **change}

    assert amiss(after(tmp_path, seen=seen), SEEN, Score("a kill")) == seen
