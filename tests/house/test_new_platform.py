"""The page about a new chat platform lists every place that names one."""

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

from bot.app.platforms import KINDS
from bot.config import CHATS
from bot.people_file import _Person
from handlers.i18n import translator
from tests.house import source

PAGE = source.ROOT / "docs" / "explanation" / "a-new-platform.md"
PATH = re.compile(r"`([\w./*-]+\.(?:py|po|js|css|toml|md))`")
NAMES = {  # as a word, or as a part of a name in code such as `SlackPlatform`
    chat: re.compile(rf"(?i:(?<![a-z]){chat}(?![a-z]))|{chat.capitalize()}(?![a-z])")
    for chat in CHATS
}
PRODUCT = {*source.python_files(*source.FOLDERS)} | {
    path
    for path in source.files()
    if path.suffix in {".js", ".css", ".po", ".toml"}
    and source.name(path).startswith(tuple(f"{one}/" for one in source.FOLDERS))
}
PAGES = {
    path
    for path in source.files()
    if path.suffix == ".md"
    and source.name(path).startswith(("README", "docs/"))
    and "/decisions/" not in source.name(path)
    and path.name not in {"performance.md", "measurements.md"}  # what was, not what is
}
CONTRACT = "platforms-see-the-conversation"
COMMENT = re.compile(r"/\*.*?\*/|^\s*//.*?$", re.DOTALL | re.MULTILINE)


def rows(head: str) -> list[str]:
    """The rows of the table of a section of the page."""
    text = PAGE.read_text(encoding="utf-8").partition(f"\n## {head}\n")[2].partition("\n## ")[0]
    return [line for line in text.splitlines() if line.startswith("|")]


def listed(head: str) -> set[str]:
    """The files that a section of the page names."""
    return {path for row in rows(head) for path in PATH.findall(row)}


def documentation(tree: ast.Module) -> set[int]:
    """The ids of the nodes that are docstrings."""
    kinds = ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef
    return {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, kinds) and node.body and isinstance(node.body[0], ast.Expr)
    }


def words(path: Path) -> Iterator[str]:
    """The names and texts of a file, without docstrings and comments."""
    if path.suffix != ".py":
        yield COMMENT.sub("", path.read_text(encoding="utf-8"))
        return
    tree = source.tree(path)
    left_out = documentation(tree)
    for node in ast.walk(tree):
        for _, value in ast.iter_fields(node):
            if isinstance(value, str) and id(node) not in left_out:
                yield value


def named_in(text: str) -> set[str]:
    """The platforms that a text names; a longer word that contains the name does not count."""
    return {chat for chat, name in NAMES.items() if name.search(text)}


def own(path: Path) -> bool:
    """Whether a file is one of a platform: its name or its folder is that of the platform."""
    return bool(named_in(source.name(path)))


def test_every_file_of_the_page_exists_for_every_platform() -> None:
    missing = {
        name.replace("*", chat, 1)
        for head in ("What it uses", "Files to add", "Files to change")
        for name in listed(head)
        for chat in CHATS
        if not any(source.ROOT.glob(name.replace("*", chat, 1)))
    }

    assert missing == set()


def test_no_other_code_names_a_platform() -> None:
    named = {
        source.name(path)
        for path in PRODUCT
        if not own(path) and any(named_in(word) for word in words(path))
    }

    assert named - listed("Files to change") == set()


def test_no_other_page_names_several_platforms() -> None:
    several = {
        source.name(path)
        for path in PAGES - {PAGE}
        if not own(path) and len(named_in(path.read_text(encoding="utf-8"))) > 1
    }

    assert several
    assert several - listed("Files to change") == set()


def test_what_a_platform_may_import_is_on_the_page() -> None:
    told = "\n".join(rows("What it uses"))
    configured = tomllib.loads((source.ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    contract = next(
        one for one in configured["tool"]["importlinter"]["contracts"] if one.get("id") == CONTRACT
    )
    allowed = {line.partition(" -> ")[2].rstrip(".*") for line in contract["ignore_imports"]}
    paths = {module.replace(".", "/") for module in allowed}

    assert paths
    assert {one for one in paths if f"`{one}.py`" not in told and f"`{one}/" not in told} == set()


def test_a_longer_word_does_not_name_a_platform() -> None:
    chat = CHATS[0]

    assert named_in(f"a{chat} {chat}en") == set()
    assert named_in(f"{chat.capitalize()}Platform") == {chat}
    assert named_in(f"{chat}_token, {chat.upper()}") == {chat}


def test_every_platform_is_named_in_every_file_that_is_listed_to_change() -> None:
    """But for files that a platform changes only under a condition, which their row gives."""
    always = [row for row in rows("Files to change") if "| only if " not in row]
    missing = {
        f"{name}: {chat}"
        for row in always
        for name in PATH.findall(row)
        for chat in set(CHATS) - named_in((source.ROOT / name).read_text(encoding="utf-8"))
    }

    assert always
    assert missing == set()


def test_a_wrong_account_of_every_platform_is_explained() -> None:
    words = translator("en")
    texts = {f"cli.{kind}.form_{chat}" for kind in ("finding", "hint") for chat in CHATS}

    assert {text for text in texts if not words.has(text)} == set()


def test_every_platform_of_the_configuration_can_be_opened_and_has_accounts() -> None:
    assert set(KINDS) == set(CHATS)
    assert set(CHATS) <= set(_Person.model_fields)


def test_no_platform_knows_a_process() -> None:
    """Names of commands and processes come from the definitions that are in force."""
    shipped = source.ROOT / "workflows" / "processes"
    definitions = [
        tomllib.loads(path.read_text(encoding="utf-8"))
        for path in shipped.glob("*.toml")
        if not path.name.endswith(".scenario.toml")
    ]
    known = {one[key] for one in definitions for key in ("key", "command")}
    found = {
        f"{source.name(path)}: {word}"
        for path in source.python_files("bot/platforms")
        for word in words(path)
        if word in known
    }

    assert known
    assert found == set()
