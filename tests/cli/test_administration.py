"""case reassign, skip, jump, cancel, add, terminate, reopen, merge: what they do and refuse."""

import re
from pathlib import Path

import pytest

from tests.command import inside

FIELDS = ("customer=远方贸易", "contact=1", "channel=phone", "product=A-100", "what_happened=坏了")
BY = "--as", "chen.jing", "--reason", "核对后调整"
CASE, OTHER = "C-2026-0001", "C-2026-0002"


@pytest.fixture(autouse=True)
def filed(deployment: Path) -> Path:
    """Two complaints run."""
    for _ in range(2):
        given = [part for one in FIELDS for part in ("--field", one)]
        done = inside("case", "start", "complaint", "--as", "wang.fang", *given)
        assert done.code == 0, done.err
    return deployment


def case(number: str = CASE) -> dict:
    found = inside("case", "show", number, "--json").json
    assert isinstance(found, dict)
    return found


def does(*words: str, code: int = 0) -> str:
    done = inside("case", *words)
    assert done.code == code, done.err
    return done.err if code else done.out


def test_a_task_is_reassigned_and_the_case_is_printed() -> None:
    printed = inside("case", "reassign", CASE, "--to", "liu.yang", *BY, "--json").json
    assert [one["assignee"] for one in printed["tasks"]] == ["liu.yang"]
    told = [one for one in case()["history"] if one["type"] == "TaskTransferred"]
    assert [(one["actor"], one["via"]) for one in told] == [("chen.jing", "cli")]
    assert does("reassign", CASE, "--to", "liu.yang", *BY, code=1)
    assert does("reassign", CASE, "--to", "nobody", *BY, code=1)


def test_all_that_a_person_has_is_reassigned_at_once() -> None:
    for number in (CASE, OTHER):
        does("reassign", number, "--to", "liu.yang", *BY)
    rows = inside("case", "reassign", "--from", "liu.yang", "--to", "chen.jing", *BY, "--json")
    assert rows.code == 0, rows.err
    assert [(one["case"], one["refused"]) for one in rows.json] == [(CASE, ""), (OTHER, "")]
    assert case(OTHER)["tasks"][0]["assignee"] == "chen.jing"
    assert does("reassign", "--from", "liu.yang", "--to", "chen.jing", *BY, code=1)
    assert does("reassign", "--to", "chen.jing", *BY, code=2)
    does("reassign", "--from", "chen.jing", "--to", "wang.fang", *BY, code=1)  # the filer


def test_a_step_is_skipped_once_for_each_key() -> None:
    for _ in range(2):
        does("skip", CASE, *BY, "--key", "k1")
    assert [one["outcome"] for one in case()["tasks"]][:1] == ["complete"]
    skipped = [one for one in case()["history"] if one["type"] == "StepSkipped"]
    assert len(skipped) == 1
    assert does("skip", CASE, "--step", "nowhere", *BY, code=1)
    assert "远方" not in does("skip", CASE, "--outcome", "approve", *BY, code=1)


def test_a_case_is_led_elsewhere_ended_and_opened_again() -> None:
    does("jump", CASE, "--to", "archive", *BY)
    assert case()["node"] == "archive"
    assert does("jump", CASE, "--to", "archive", *BY, code=1)
    assert does("cancel", CASE, *BY, code=1)
    does("terminate", CASE, *BY)
    assert case()["status"] == "terminated"
    does("reopen", CASE, "--to", "triage", *BY)
    assert (case()["status"], case()["node"]) == ("running", "triage")
    assert does("add", CASE, "--to", "li.qiang", *BY, code=1)  # no approval is open


def test_a_duplicate_is_merged() -> None:
    does("merge", OTHER, "--into", CASE, "--copy-filer", *BY)
    assert case(OTHER)["status"] == "terminated"
    assert case(OTHER)["merged_into"] == CASE
    assert case()["merged"] == [OTHER]
    assert does("merge", OTHER, "--into", CASE, *BY, code=1)
    assert re.search(rf"Merged into +{CASE}\n", inside("case", "show", OTHER).out)
    assert does("merge", CASE, "--into", CASE, *BY, code=1)


def test_a_merge_that_is_sent_again_with_its_key_does_nothing() -> None:
    for _ in range(2):
        does("merge", OTHER, "--into", CASE, *BY, "--key", "k1")
    assert case()["merged"] == [OTHER]


def test_a_refusal_lists_what_there_is() -> None:
    steps = "triage, dispatch, resolve, confirm"
    assert steps in does("jump", CASE, "--to", "nowhere", *BY, code=1)
    assert "t1 (triage)" in does("skip", CASE, "--step", "nowhere", *BY, code=1)
    assert "one of: complete." in does("skip", CASE, "--outcome", "approve", *BY, code=1)


def test_a_skipped_step_is_shown_with_who_skipped_it() -> None:
    does("skip", CASE, *BY)
    shown = inside("case", "show", CASE).out
    assert re.search(r"Classify and grade \(triage\) +Chen Jing ", shown)
    assert "\nHow long each person had it\n" in shown


def test_only_administrators_may_and_only_with_a_reason() -> None:
    for words in (("terminate", CASE), ("jump", CASE, "--to", "archive"), ("skip", CASE)):
        assert does(*words, "--as", "li.qiang", "--reason", "x", code=1)
        assert does(*words, "--as", "chen.jing", "--reason", " ", code=1)
        does(*words, "--as", "chen.jing", code=2)
    assert does("merge", OTHER, "--into", CASE, "--as", "li.qiang", "--reason", "x", code=1)
    assert does("reassign", "--from", "chen.jing", "--to", "li.qiang", *BY, code=1)
    assert case()["status"] == "running"
