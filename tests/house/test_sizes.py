"""Files and functions stay small enough to be read in one go."""

import ast

from tests.house import source

LINES_PER_FILE = 400
LINES_PER_FUNCTION = 50
EMPTY_NAMES = {"util", "utils", "helper", "helpers", "manager", "managers", "misc"}


def test_no_file_is_longer_than_400_lines() -> None:
    lengths = {
        source.name(path): len((source.text(path) or "").splitlines())
        for path in source.python_files()
    }

    assert {file: n for file, n in lengths.items() if n > LINES_PER_FILE} == {}


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
