"""Docstrings and comments use the terms of the field."""

import ast
import io
import re
import subprocess
import sys
import tokenize
from collections.abc import Iterator
from pathlib import Path

from tests.house import source

FILES = source.python_files("bot", "handlers", "storage", "workflows")
# Words of our own for which the field has a term: pending, delivered, is, described.
OURS = re.compile(r"\b(?:owed?|owes|owing|stands?|told|by its own fault)\b", re.IGNORECASE)
CODE = re.compile(r"`[^`]*`")  # names in the code may keep them


def prose(path: Path) -> Iterator[tuple[int, str]]:
    """Every docstring and comment of a file, without names of the code, with its line."""
    text = path.read_text(encoding="utf-8")
    for node in ast.walk(source.tree(path)):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            found = ast.get_docstring(node)
            if found:
                yield node.body[0].lineno, CODE.sub("", found)
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.COMMENT:
            yield token.start[0], CODE.sub("", token.string)


def test_a_docstring_of_a_function_begins_with_a_verb() -> None:
    """In the imperative, as pydocstyle's D401 wants it; not a bare noun phrase."""
    ruff = [sys.executable, "-m", "ruff", "check", "--isolated", "--select", "D401"]
    done = subprocess.run(
        [*ruff, "--output-format", "concise", *map(source.name, FILES)],
        cwd=source.ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stdout


def test_prose_uses_the_words_of_the_field() -> None:
    found = [
        f"{source.name(path)}:{line}: {text.strip().splitlines()[0]}"
        for path in FILES
        for line, text in prose(path)
        if OURS.search(text)
    ]

    assert found == []


def test_a_noun_phrase_and_a_word_of_our_own_are_found() -> None:
    assert OURS.search("Messages that are owed.")
    assert not OURS.search(CODE.sub("", "Set `owed_at` of the answer."))
    assert len(FILES) > 120
