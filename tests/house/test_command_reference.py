"""The page about the command line says what the commands are."""

import re

import pytest

from bot.cli.main import command, walk
from bot.cli.output import Code
from handlers.i18n import translator
from scripts import command_reference as reference

COMMANDS = {
    " ".join(path): one
    for path, one in walk(command(translator("en")))
    if path and not hasattr(one, "commands")
}


def test_every_command_has_an_example_and_no_other() -> None:
    assert set(reference.EXAMPLES) == set(COMMANDS)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_page_is_current(language: str) -> None:
    """After a change of a command: make reference."""
    page = reference.PAGES[language].read_text(encoding="utf-8")

    assert page == reference.page(language)


@pytest.mark.parametrize("name", COMMANDS)
def test_an_example_can_be_typed(name: str) -> None:
    words = reference.arguments(reference.EXAMPLES[name])
    called = name.split()

    assert words[: len(called)] == called
    COMMANDS[name].make_context(name, words[len(called) :])


@pytest.mark.parametrize("head", reference.HEADS.values(), ids=list(reference.HEADS))
def test_every_exit_code_is_explained(head: str) -> None:
    explained = re.findall(r"^\| (\d+) \|", head, re.MULTILINE)

    assert [int(code) for code in explained] == sorted(Code)
