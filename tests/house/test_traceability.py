"""docs/traceability.md: every point has its row, and what a row names is really there."""

import ast
import re
from functools import cache

import pytest

from tests.house import source

PAGE = source.ROOT / "docs" / "traceability.md"
POINTS = [
    *(f"P{process}.{number}" for process in (1, 2) for number in range(1, 10)),
    *(f"P3.{number}" for number in range(1, 9)),
    *(f"T{number}" for number in range(1, 8)),
    "L1.1",
    "L1.2",
    "L1.3",
    "L2.1",
    "L2.2",
    "L3.1",
    "L3.2",
    "L4.1",
    "L4.2",
    "L5.1",
    "L5.2",
    "L5.3",
    "L5.4",
]
RULES = [
    "all (会签)",
    "any (或签)",
    "ratio and weight (票签)",
    "in turn (依次)",
    "reject and return",
    "return (退回)",
    "transfer (转交)",
    "delegate and get back (委派)",
    "add a signer (加签)",
    "withdraw and revoke (撤回、撤销)",
    "take back (拿回)",
    "urge (催办)",
    "copies (抄送)",
    "repeated approver (去重)",
    "nobody resolved (空审批人)",
    "self-approval (本人审批)",
    "separation of duties",
    "stale approval",
    "substitute (代理)",
    "leaver (离职交接)",
    "kinds of deadlines",
    "ladder",
    "automatic outcome",
    "after a time-out",
    "pause",
    "units of the calendar",
    "data of the calendar",
    "ask: who clicked",
    "ask: stay in the chat",
    "ask: nobody responds",
    "ask: approvals that outlive 30 days",
    "ask: a time-out is no yes",
    "ask: weekdays, holidays, local time",
    "ask: arithmetic of business time",
    "ask: a substitute during absence",
    "ask: a substitute obeys the other rules",
    "ask: a return that really works",
    "ask: a vote that tolerates a reject",
    "ask: right attribution",
    "ask: waiting survives restarts",
    "ask: a flow and a ladder of one's own in a chat",
    "ask: comments outside a task, lint of dead ends",
    "ask: groups as targets",
    "ask: an answer in the thread",
]
FAULTS = [
    "an unknown command",
    "a malformed form",
    "an oversized text or file",
    "the wrong person presses",
    "a button of a task that is done",
    "a double click",
    "two people click at once",
    "a file type that is not allowed",
    "emoji, right-to-left, very long Chinese text",
    "text with mark-up and formulas",
    "a process killed at any point",
    "a full disk",
    "a locked database",
    "a corrupt definition in a running deployment",
    "one poisoned interaction",
    "somebody asks for a case they may not read",
    "a link is followed by somebody else",
    "a flood by a stranger or a colleague",
    "pictures that unpack to gigabytes",
    "somebody near their own request or work",
    "a library that silences the log",
    "connections that never end their request",
    "many searches at once",
    "guessed and stolen link codes",
    "changed files, people and settings",
    "what erasing leaves on the disk",
    "a backup in other hands",
    "an upgrade that has to be taken back",
    "a wrong configuration, or a database that starts later than the bot",
    "a stop while a platform is silent",
    "blank, weak and open secrets",
    "a kill just after a typed answer",
    "an answer to a press that Slack does not take",
    "a message that the client cuts in parts, or that is edited",
    "somebody who wrote on a case waits for the answer",
    "half a list of people",
    "an absence inside another",
    "a role that moves while a task waits",
    "a storm of escalations",
    "holidays, weekends and hours elsewhere",
    "a profile with values unknown here, two people of one name",
    "a form that is filled again, or changed while it was open",
    "a new machine",
    "the first five minutes of a newcomer",
    "anything at any entrance",
    "sample data for a playground that has cases; holidays and make-up days in them",
    "what XML forbids in an event log",
    "a dashboard link used twice, by a crawler, by somebody else, after its person left",
]


@cache
def rows() -> dict[str, list[str]]:
    """The cells of every row, by the first of them."""
    lines = PAGE.read_text(encoding="utf-8").splitlines()
    cells = [
        [cell.strip() for cell in line.strip("|").split(" | ")] for line in lines if "::" in line
    ]
    return {row[0]: row[1:] for row in cells if len(row) > 1}


def named(cell: str) -> list[tuple[str, str]]:
    return re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", cell)


@cache
def defined_in(file: str) -> set[str]:
    path = source.ROOT / file
    if not path.is_file():
        return set()
    return {
        node.name
        for node in source.tree(path).body
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }


def test_every_point_has_its_row_and_no_other() -> None:
    assert list(rows()) == [*POINTS, *RULES, *FAULTS]


@pytest.mark.parametrize("point", [*POINTS, *RULES, *FAULTS])
def test_what_proves_a_point_is_there(point: str) -> None:
    tests = named(rows()[point][-1])

    assert tests
    assert [f"{file}::{test}" for file, test in tests if test not in defined_in(file)] == []


@pytest.mark.parametrize("point", POINTS)
def test_a_point_is_documented(point: str) -> None:
    """That links lead somewhere is looked after in `test_links.py`."""
    assert re.search(r"\]\([^)]+\)", rows()[point][1])


def test_every_test_is_named_so_that_pytest_takes_it() -> None:
    text = PAGE.read_text(encoding="utf-8")

    assert text.count("::test_") == len(named(text))
