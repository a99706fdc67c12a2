"""Every file, module and name of the code that pages, docstrings and comments mention exists."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

from tests.house import source

FOLDERS = (*source.FOLDERS, "tests", "scripts", "docs", "deploy", ".ci")
PAGES = [path for path in source.files() if path.suffix == ".md"]
PATH = re.compile(
    rf"(?<![\w./-])(?:{'|'.join(map(re.escape, FOLDERS))})/[\w./*-]*\w(?:\.py|\.md|\.toml|/|\b)"
)
MODULE = re.compile(
    rf"(?<![\w./-])(?:{'|'.join(source.FOLDERS)}|tests|scripts)(?:\.[a-z_]\w*)+(?!\w|\()"
)
NAMED = re.compile(r"`([\w./-]+\.py): (\w[\w.]*)`")  # `bot/system.py: share_interpreter`
CODE = re.compile(r"`([^`\n]+)`")
STORE = source.ROOT / "storage" / "journal.py"


def fenced(text: str) -> list[str]:
    return re.findall(r"^```\w*\n(.*?)^```", text, re.MULTILINE | re.DOTALL)


def paths_in(text: str) -> set[str]:
    return {found.rstrip(".") for found in PATH.findall(text)}


def exists(name: str) -> bool:
    """Whether a file or a folder has this name; `*` stands for any part of one."""
    return any(source.ROOT.glob(name.rstrip("/"))) if "*" in name else (source.ROOT / name).exists()


def is_module(dotted: str) -> bool:
    """Whether a dotted name is a module, a package, or something that a module defines."""
    path = source.ROOT / dotted.replace(".", "/")
    if path.is_dir() or path.with_suffix(".py").is_file():
        return True
    owner = path.parent.with_suffix(".py")
    owner = owner if owner.is_file() else path.parent / "__init__.py"
    return owner.is_file() and path.name in defined_in(owner)


@cache
def defined_in(path: Path) -> set[str]:
    """The names that a module defines, and those of its classes with the class before them."""
    found: set[str] = set()
    for node in source.tree(path).body:
        names = _names(node)
        found |= names
        if isinstance(node, ast.ClassDef):
            found |= {f"{node.name}.{name}" for inner in node.body for name in _names(inner)}
    return found


def _names(node: ast.stmt) -> set[str]:
    if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
        return {node.name}
    targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
    return {target.id for target in targets if isinstance(target, ast.Name)}


@pytest.mark.parametrize("page", PAGES, ids=source.name)
def test_every_file_named_on_a_page_exists(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    named = {path for code in [*CODE.findall(text), *fenced(text)] for path in paths_in(code)}

    assert sorted(path for path in named if not exists(path)) == []


@pytest.mark.parametrize("page", PAGES, ids=source.name)
def test_every_module_named_on_a_page_exists(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    named = {name for code in CODE.findall(text) for name in MODULE.findall(code)}

    assert sorted(name for name in named if not is_module(name)) == []


@pytest.mark.parametrize("page", PAGES, ids=source.name)
def test_every_name_that_a_page_gives_with_its_file_is_defined_there(page: Path) -> None:
    named = NAMED.findall(page.read_text(encoding="utf-8"))
    missing = [
        f"{file}: {name}" for file, name in named if name not in defined_in(source.ROOT / file)
    ]

    assert missing == []


@pytest.mark.parametrize("folder", [*source.FOLDERS, "scripts", "tests"])
def test_every_file_named_in_the_code_exists(folder: str) -> None:
    """In docstrings and comments as much as where a path is used."""
    missing = [
        f"{source.name(path)}: {named}"
        for path in source.python_files(folder)
        for named in sorted(paths_in(source.text(path) or ""))
        if named.endswith((".py", ".md", ".toml")) and not exists(named)
    ]

    assert missing == []


def test_a_file_a_module_or_a_name_that_is_not_there_is_found() -> None:
    gone = "storage/" + "diary.py"  # put together, so that this file does not name it

    assert paths_in(f"see {gone}, or tests/rig/ first") == {gone, "tests/rig/"}
    assert exists("tests/rig/")
    assert not exists(gone)
    assert is_module("scripts.press")
    assert not is_module("storage.diary")
    assert "Journal" in defined_in(STORE)
    assert "Diary" not in defined_in(STORE)
