"""The repository is complete, speaks of the project only, and is the same in both languages."""

import ast
import os
import re

import pytest

from tests.house import source

EXPECTED = (
    "AGENTS.md",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "LICENSE",
    "Makefile",
    "README.md",
    "README.zh-CN.md",
    "SECURITY.md",
    "pyproject.toml",
)

# Spelled so that this file does not name them itself.
HOSTS = [
    "py" + "pi.org",
    "python" + "hosted.org",
    "npm" + "js.org",
    "npm" + "mirror.com",
    "deb.deb" + "ian.org",
]
MACHINE_PATH = re.compile(
    r"(?<![\w.~])/(?:" + "|".join(["wo" + "rk", "ro" + "ot", "Us" + "ers", "ho" + "me"]) + r")/\w"
)
DEFERRED = re.compile(r"\b(?:" + "|".join(["TO" + "DO", "FIX" + "ME"]) + r")\b")


def _lines_with(pattern: re.Pattern[str]) -> list[str]:
    return [
        f"{source.name(path)}:{number} {line.strip()[:80]}"
        for path in source.files()
        for number, line in enumerate((source.text(path) or "").splitlines(), start=1)
        if pattern.search(line)
    ]


@pytest.mark.parametrize("name", EXPECTED)
def test_the_repository_has_its_papers(name: str) -> None:
    assert (source.ROOT / name).is_file()


def test_the_licence_is_apache_2() -> None:
    text = (source.ROOT / "LICENSE").read_text(encoding="utf-8")

    assert "Apache License" in text
    assert "Version 2.0" in text
    assert len(text.splitlines()) > 190


def test_no_file_names_a_machine() -> None:
    assert _lines_with(MACHINE_PATH) == []


def test_no_file_names_a_package_registry() -> None:
    assert _lines_with(re.compile("|".join(map(re.escape, HOSTS)))) == []


def test_nothing_is_left_for_later() -> None:
    assert _lines_with(DEFERRED) == []


def test_what_starts_with_a_shebang_can_be_executed_and_nothing_else() -> None:
    wrong = [
        source.name(path)
        for path in source.files()
        if (source.text(path) or "").startswith("#!") != os.access(path, os.X_OK)
    ]

    assert wrong == []


def test_ci_runs_what_the_readme_tells() -> None:
    assert "make test" in (source.ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert "make test" in (source.ROOT / "README.md").read_text(encoding="utf-8")


def test_an_old_python_can_read_the_bootstrap_and_say_that_it_is_too_old() -> None:
    script = (source.ROOT / "scripts" / "bootstrap.py").read_text(encoding="utf-8")

    ast.parse(script, feature_version=(3, 5))


# ------------------------------------------------------------------ the two READMEs


def _outline(name: str) -> tuple[list[str], list[str]]:
    """Heading levels in order, and the code blocks: what must not differ between languages."""
    text = (source.ROOT / name).read_text(encoding="utf-8")
    blocks = re.findall(r"^```(\w*)\n(?:.*?)^```", text, re.MULTILINE | re.DOTALL)
    prose = re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL)
    return re.findall(r"^(#+) ", prose, re.MULTILINE), blocks


def test_both_readmes_have_the_same_sections() -> None:
    english, chinese = _outline("README.md"), _outline("README.zh-CN.md")

    assert english == chinese


@pytest.mark.parametrize("name", ["README.md", "README.zh-CN.md"])
def test_what_a_readme_links_to_exists(name: str) -> None:
    text = (source.ROOT / name).read_text(encoding="utf-8")
    targets = re.findall(r"\]\(([^)#\s]+)", text)
    missing = {t for t in targets if "://" not in t and not (source.ROOT / t).exists()}

    assert missing == set()


def test_contributing_names_every_folder_of_tests() -> None:
    text = (source.ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    tests = {path.relative_to(source.ROOT).parts for path in source.python_files("tests")}
    folders = {parts[1] for parts in tests if len(parts) > 2}

    assert set(re.findall(r"^\| `tests/(\w+)/` \|", text, re.MULTILINE)) == folders


def test_every_decision_has_a_number_of_its_own_and_says_it() -> None:
    pages = sorted((source.ROOT / "docs" / "decisions").glob("*.md"))
    numbers = [int(page.name[:4]) for page in pages]
    said = [
        int(page.read_text(encoding="utf-8").split(".")[0].removeprefix("# ")) for page in pages
    ]

    assert numbers == list(range(1, len(pages) + 1))
    assert said == numbers
