"""What the documentation tells people to type: the commands of its shell blocks and code spans."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

from tests.house import source

# The changelog tells what was true once.
PAGES = [path for path in source.files() if path.suffix == ".md" and path.name != "CHANGELOG.md"]
BLOCK = re.compile(r"^ *```(\w*)\n(.*?)^ *```", re.MULTILINE | re.DOTALL)
SPAN = re.compile(r"`([^`\n]+)`")
OURS = ("closeloop", "make", "python")


def blocks(page: Path) -> list[tuple[str, str]]:
    """Each fenced block with its language, in order."""
    return BLOCK.findall(page.read_text(encoding="utf-8"))


def commands(script: str) -> Iterator[list[str]]:
    """The commands of a shell block, as words; programs without their folder."""
    for line in script.replace("\\\n", " ").splitlines():
        words: list[str] = []
        for word in [*shlex.split(line, comments=True), "&&"]:
            if word == "&&":
                yield from [_plain(words)] if words else []
                words = []
            else:
                words.append(word)


def typed(page: Path) -> list[list[str]]:
    """Every command in the shell blocks of a page."""
    return [one for kind, script in blocks(page) if kind == "sh" for one in commands(script)]


def mentioned(page: Path) -> list[list[str]]:
    """Every command of ours that a page names inside a sentence; arguments may be left out."""
    prose = BLOCK.sub("", page.read_text(encoding="utf-8"))
    named = (span for span in SPAN.findall(prose) if "…" not in span)
    return [one for span in named if _is_ours(span) for one in commands(span)]


def _is_ours(span: str) -> bool:
    words = [word for word in span.split() if not is_variable(word)]
    return len(words) > 1 and Path(words[0]).name in OURS


def _plain(words: list[str]) -> list[str]:
    """A command with its settings (`JOBS=1 make`) behind it and its program without a folder."""
    variables = [word for word in words if is_variable(word)]
    rest = [word for word in words if not is_variable(word)]
    return [Path(rest[0]).name, *rest[1:], *variables] if rest else []


def is_variable(word: str) -> bool:
    """Whether a word sets a variable."""
    return re.fullmatch(r"[A-Z_]+=.*", word) is not None
