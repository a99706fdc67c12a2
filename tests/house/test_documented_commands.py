"""Every command in the documentation exists, with the options and arguments that it is given."""

import re
from pathlib import Path

import pytest
import typer
from typer.exceptions import TyperException

from bot.cli.main import command, walk
from handlers.i18n import translator
from tests.house import source
from tests.house.documented import PAGES, commands, is_variable, mentioned, typed

PROGRAM = command(translator("en"))
COMMANDS = {" ".join(path): one for path, one in walk(PROGRAM)}
MAKEFILE = (source.ROOT / "Makefile").read_text(encoding="utf-8")
TARGETS = set(re.findall(r"^([a-z-]+):", MAKEFILE, re.MULTILINE))
VARIABLES = set(re.findall(r"(?:\$\(|^)([A-Z]+)\b", MAKEFILE, re.MULTILINE))
# Programs of the system, of which the documentation may use any option.
FOREIGN = {
    *(
        "alias",
        "cd",
        "chmod",
        "curl",
        "docker",
        "export",
        "git",
        "install",
        "mkdir",
        "mv",
        "openssl",
    ),
    *("pg_dump", "pg_restore", "printf", "rm", "sudo", "systemctl", "tar", "umask", "useradd"),
}
CARRIERS = {"docker", "sudo"}  # whose last words may be a command of ours
TYPED = [(page, words) for page in PAGES for words in typed(page)]
MENTIONED = [(page, words) for page in PAGES for words in mentioned(page)]


def flaw(words: list[str], *, whole: bool) -> str | None:
    """What is wrong with a command; `whole` where it is meant to be typed as it is."""
    program, *rest = words
    if program in CARRIERS:
        found = [at for at, word in enumerate(rest) if Path(word).name == "closeloop"]
        carried = ["closeloop", *rest[found[-1] + 1 :]] if found else []
        return flaw(carried, whole=whole) if carried[1:2] and _is_command(carried[1]) else None
    if program == "closeloop":
        return _flaw_of_ours([word for word in rest if not is_variable(word)], whole=whole)
    if program == "make":
        wrong = [word for word in rest if not _known_to_make(word)]
        return f"the Makefile has no {', '.join(wrong)}" if wrong else None
    if program.startswith("python"):
        return None  # its module is looked for in test_named_files.py
    return None if program in FOREIGN else f"unknown program {program}"


def _is_command(word: str) -> bool:
    """Whether a word after our name is meant as a command: not so in `docker build --tag NAME`."""
    return re.fullmatch(r"[a-z-]+", word) is not None


def _known_to_make(word: str) -> bool:
    name, _, value = word.partition("=")
    return name in VARIABLES if value else word in TARGETS


def _flaw_of_ours(words: list[str], *, whole: bool) -> str | None:
    path, rest = _split(words)
    found = COMMANDS.get(path)
    if found is None:
        return f"there is no command {path}"
    if hasattr(found, "commands") and [word for word in rest if not word.startswith("-")]:
        return f"{path} has no command {rest[0]}"
    if not whole:
        known = {name for param in found.params for name in (*param.opts, *param.secondary_opts)}
        given = {word.partition("=")[0] for word in rest if word.startswith("-")}
        strange = given - known - {"--help"}
        return f"{path} has no option {', '.join(sorted(strange))}" if strange else None
    try:
        found.make_context(path, rest)
    except typer.Exit:
        return None
    except TyperException as error:
        return str(error)
    return None


def _split(words: list[str]) -> tuple[str, list[str]]:
    """The name of a command, of one to three words, and what it is given."""
    words = words[: words.index(">")] if ">" in words else words
    for length in (3, 2, 1):
        if " ".join(words[:length]) in COMMANDS:
            return " ".join(words[:length]), words[length:]
    return ("", words) if words[0].startswith("-") else (words[0], words[1:])


def _name(case: tuple[Path, list[str]]) -> str:
    return f"{source.name(case[0])}: {' '.join(case[1])}"


@pytest.mark.parametrize(("page", "words"), TYPED, ids=map(_name, TYPED))
def test_a_command_in_a_shell_block_can_be_typed_as_it_is(page: Path, words: list[str]) -> None:
    assert flaw(words, whole=True) is None


@pytest.mark.parametrize(("page", "words"), MENTIONED, ids=map(_name, MENTIONED))
def test_a_command_in_a_sentence_exists_with_its_options(page: Path, words: list[str]) -> None:
    assert flaw(words, whole=False) is None


@pytest.mark.parametrize(
    "line",
    [
        "closeloop proces list",
        "docker compose exec bot-1 closeloop fsk",
        "sudo -u closeloop /opt/bin/closeloop run now",
        "closeloop process lst",
        "closeloop process diagram complaint",
        "closeloop check --jsn",
        "closeloop run now",
        "make tset",
        "make bench WHICH=sweep",
        "clseloop run",
    ],
)
def test_a_command_with_a_mistake_is_found(line: str) -> None:
    (words,) = commands(line)

    assert flaw(words, whole=True) is not None


def test_what_is_typed_and_what_is_mentioned_is_found() -> None:
    assert len(TYPED) > 80
    assert len(MENTIONED) > 100
