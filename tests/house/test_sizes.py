"""Files and functions stay small enough to be read in one go."""

import ast

from tests.house import source

LINES_PER_FILE = 400
LINES_PER_FUNCTION = 50
REASON = "Long because "
EMPTY_NAMES = {"util", "utils", "helper", "helpers", "manager", "managers", "misc"}


def is_too_long(text: str) -> bool:
    """Whether a file has too many lines and its first line gives no reason for them."""
    first, *more = text.splitlines() or [""]
    return len(more) >= LINES_PER_FILE and REASON not in first


def test_no_file_is_longer_than_400_lines_without_a_reason() -> None:
    found = {
        source.name(path) for path in source.python_files() if is_too_long(source.text(path) or "")
    }

    assert found == set()


def test_a_long_file_gives_its_reason_in_its_first_line() -> None:
    body = "\nx = 1" * LINES_PER_FILE

    assert is_too_long(f'"""All of it."""{body}')
    assert not is_too_long(f'"""All of it. Long because it is one table."""{body}')
    assert not is_too_long(f'"""All of it."""{body[6:]}')


def test_no_function_is_longer_than_50_lines() -> None:
    lengths = {
        f"{source.name(path)}:{node.lineno} {node.name}": (node.end_lineno or 0) - node.lineno + 1
        for path in source.python_files()
        for node in ast.walk(source.tree(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }

    assert {function: n for function, n in lengths.items() if n > LINES_PER_FUNCTION} == {}


def test_a_module_is_named_after_what_it_holds() -> None:
    named = {source.name(path) for path in source.python_files() if path.stem in EMPTY_NAMES}
    folders = {
        source.name(path) for path in source.python_files() if path.parent.name in EMPTY_NAMES
    }

    assert named | folders == set()
