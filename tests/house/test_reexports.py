"""Platforms import what they see from where it is written: no other module passes it on to them.

The import contracts judge modules. A module that passes on the names of another one would let a
platform see what its contract forbids.
"""

import ast
import importlib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
OURS = ("handlers.", "storage.", "workflows.")


def passed_on(source: str) -> list[str]:
    """The names that a file imports from a module of ours in which they are not written."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.ImportFrom) or not (node.module or "").startswith(OURS):
            continue
        module = importlib.import_module(node.module or "")
        for one in node.names:
            home = getattr(getattr(module, one.name, None), "__module__", node.module)
            if home != node.module and str(home).startswith(OURS):
                found.append(f"{node.module}.{one.name} is of {home}")
    return found


def test_platforms_import_names_from_where_they_are_written() -> None:
    files = sorted((ROOT / "bot" / "platforms").rglob("*.py"))
    assert files
    found = {path.name: passed_on(path.read_text(encoding="utf-8")) for path in files}
    assert {name: names for name, names in found.items() if names} == {}


def test_a_name_that_is_passed_on_is_found() -> None:
    assert passed_on("from handlers.router import Answer") == [
        "handlers.router.Answer is of handlers.pages"
    ]
