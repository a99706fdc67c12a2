"""A named crash point stands before and after every commit and every message that is sent."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from bot.system import CRASH_POINTS
from tests.house import source

SENDING = source.ROOT / "bot/runtime/sending.py"
COMMITS = re.compile(r"with [^\n]*\bconnection\.begin\(\)|\bconnection\.commit\(\)")
CALLS_A_PLATFORM = {"post", "update"}


def _points(path: Path) -> Iterator[tuple[int, str]]:
    """Every crash point that a file names, with its line."""
    for node in ast.walk(source.tree(path)):
        if isinstance(node, ast.Call) and "crash_point" in ast.unparse(node.func):
            for argument in node.args:
                if isinstance(argument, ast.Constant):
                    yield node.lineno, str(argument.value)


def _functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(source.tree(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def test_every_point_is_registered_and_every_registered_one_is_passed() -> None:
    named = {
        point
        for path in source.python_files("bot", "storage", "handlers")
        for _, point in _points(path)
    }

    assert named == set(CRASH_POINTS)


def test_points_stand_around_every_commit() -> None:
    """Where a transaction that writes is begun or committed, both points stand in the function."""
    missing = []
    for path in source.python_files("storage"):
        for function in _functions(path):
            text = ast.unparse(function)
            writes = COMMITS.search(text) and "_read_engine" not in text
            if writes and not ("before_commit" in text and "after_commit" in text):
                missing.append(f"{source.name(path)}:{function.lineno} {function.name}")

    assert missing == []


def test_points_stand_around_every_message_that_is_sent() -> None:
    sending = []
    for path in source.python_files("bot/runtime", "bot/app", "handlers"):
        for function in _functions(path):
            calls = [
                node.lineno
                for node in ast.walk(function)
                if isinstance(node, ast.Await)
                and isinstance(node.value, ast.Call)
                and isinstance(node.value.func, ast.Attribute)
                and node.value.func.attr in CALLS_A_PLATFORM
                and "platform" in ast.unparse(node.value.func.value)
            ]
            if calls:
                sending.append((path, function, calls))

    assert [path for path, _, _ in sending] == [SENDING]
    for _, function, calls in sending:
        lines = {
            point: line
            for line, point in _points(SENDING)
            if function.lineno <= line <= (function.end_lineno or 0)
        }
        assert lines["send.before"] < min(calls)
        assert max(calls) < lines["send.after"]
