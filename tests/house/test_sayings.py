"""What the core says about a definition stands in both catalogues, and nowhere as bare English."""

import ast
import string
from collections.abc import Iterator

import pytest

from handlers.i18n import LANGUAGES, translator
from tests.house import source

FAMILY = "cli.definition."
# The reader of scenarios speaks for itself until its sentences are in the catalogues, too.
NOT_YET = "workflows/rehearsal/"
PRINTS = "workflows/errors.py"  # puts the parts of a finding on one line
ENGLISH = {"Flaw", "ExpressionError", "Misfit"}


def _calls(*names: str) -> Iterator[tuple[str, ast.Call]]:
    for path in source.python_files("workflows"):
        for node in ast.walk(source.tree(path)):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in names:
                yield f"{source.name(path)}:{node.lineno}", node


def _sayings() -> Iterator[tuple[str, str, str, frozenset[str]]]:
    """(where, code, template, facts) of every sentence."""
    for where, call in _calls("said"):
        code, template, *more = call.args
        if where.startswith("workflows/said.py"):
            continue  # a sentence said again
        assert not more, where
        assert isinstance(code, ast.Constant), f"{where}: the code is not to be seen"
        assert isinstance(template, ast.Constant), f"{where}: the sentence is not to be seen"
        facts = frozenset(keyword.arg or "**" for keyword in call.keywords)
        yield where, str(code.value), str(template.value), facts


def _blanks(text: str) -> frozenset[str]:
    return frozenset(name for _, name, _, _ in string.Formatter().parse(text) if name is not None)


def test_the_scan_finds_the_sentences() -> None:
    assert len({code for _, code, _, _ in _sayings()}) > 150


def test_one_code_is_one_sentence_and_gets_its_facts() -> None:
    first: dict[str, str] = {}
    wrong = [
        f"{where} {code}"
        for where, code, template, facts in _sayings()
        if first.setdefault(code, template) != template or _blanks(template) != facts
    ]

    assert wrong == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_is_in_the_catalogue_and_none_is_left_over(language: str) -> None:
    messages = translator(language).messages
    said = {FAMILY + code: _blanks(template) for _, code, template, _ in _sayings()}
    told = {msgid: one.facts for msgid, one in messages.items() if msgid.startswith(FAMILY)}

    assert told == said


def test_the_english_catalogue_says_what_the_core_says() -> None:
    told = translator("en").texts(FAMILY)

    assert {FAMILY + code: template for _, code, template, _ in _sayings()} == told


def test_nothing_is_said_in_bare_english() -> None:
    """A problem or a hint comes from `said`, also where it is written down before."""
    bare = [
        where
        for where, call in _calls(*ENGLISH)
        for value in (*call.args, *(keyword.value for keyword in call.keywords))
        if _is_bare(value)
    ]
    for path in source.python_files("workflows"):
        for node in ast.walk(source.tree(path)):
            if isinstance(node, ast.Assign) and _is_bare(node.value):
                names = {getattr(target, "id", "") for target in node.targets}
                if names & {"problem", "hint", "otherwise", "missing"}:
                    bare.append(f"{source.name(path)}:{node.lineno}")

    assert [where for where in bare if not where.startswith((NOT_YET, PRINTS))] == []


def _is_bare(value: ast.expr) -> bool:
    if isinstance(value, ast.IfExp):
        return _is_bare(value.body) or _is_bare(value.orelse)
    text = isinstance(value, ast.Constant) and isinstance(value.value, str)
    return text or isinstance(value, ast.JoinedStr | ast.BinOp)
