"""The commands of the README, the tutorial and the how-tos, typed in their order."""

from __future__ import annotations

import itertools
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.command import Done, environment, inside
from tests.house import source
from tests.house.documented import blocks, commands

DOCS = {"en": source.ROOT / "docs", "zh": source.ROOT / "docs" / "zh"}
READMES = {"en": source.ROOT / "README.md", "zh": source.ROOT / "README.zh-CN.md"}
TUTORIAL = "tutorial/first-process.md"
PAGES = [
    *READMES.values(),
    *(
        DOCS[language] / "how-to" / f"{name}.md"
        for language in DOCS
        for name in (
            "change",
            "export",
            "find",
            "import-cases",
            "run",
            "slack",
            "telegram",
            "rehearse",
            "administer",
            "backup",
            "upgrade",
        )
    ),
]
# Not typed here: the environment is there already, and what serves has tests in tests/rig.
THERE_ALREADY = {"alias", "export", "git", "make", "umask"}
ELSEWHERE = re.compile(r"pg_|docker|systemctl|process (what-if|import)")
SERVING = ("closeloop", "run")
TIME = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d")
LATE = """
process = "equipment"
name = { zh = "迟到", en = "Late" }
start = "2026-03-02 09:00"

[[steps]]
who = "wang.fang"
does = "file"

[[steps]]
passes = "until reminder"
expect = [{ reminded = ["chen.jing", "liu.yang"], clock = "approve" }]

[[steps]]
passes = "until escalation"
expect = [{ escalated = "lin.wei" }]

[[steps]]
passes = "until escalation"
expect = [{ escalated = "gao.feng" }]

[[steps]]
who = "lin.wei"
does = "take_over"
"""


class Change(NamedTuple):
    """A command of the tutorial, what its text changes in the definition before, and the code."""

    typed: str
    old: str = ""
    new: str = ""
    code: int = 0


CHANGES = [
    Change("process list"),
    Change("process publish equipment.toml", 'next = "done"', 'next = "dnoe"', 1),
    Change("rehearse equipment.toml"),
    Change(
        "rehearse equipment.toml",
        'candidates = "except(role:complaint-desk, filer)"',
        'candidates = "role:complaint-manager"',
        1,
    ),
    Change("process publish equipment.toml"),
    Change("process diagram equipment -o equipment.svg"),
]


def example(page: Path) -> str:
    """The first definition or scenario on a page."""
    return next(text for kind, text in blocks(page) if kind == "toml")


def type_in(words: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Carries out one command of a shell block."""
    if words[0] == "cd":
        monkeypatch.chdir(words[1])
    elif words[0] == "closeloop" and words[:2] != list(SERVING):
        done = inside(*words[1:])
        assert done.code == 0, f"{words}: {done.err}{done.out}"
    elif words[0] in {"mv", "rm"}:
        subprocess.run(words, check=True)
    elif words[0] in {"printf", "openssl"}:
        assert words[-2] == ">"
        Path(words[-1]).write_text("secret", encoding="utf-8")
    else:
        assert words[0] in THERE_ALREADY or words[:2] == list(SERVING), words


def prepare(page: Path, deployment: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the page takes for granted."""
    name = page.stem
    if name in {"run", "slack", "telegram"} or page in READMES.values():
        monkeypatch.chdir(deployment.parent)  # they begin with a checkout and `init`
        (deployment.parent / "closeloop").mkdir()
    if name == "rehearse":
        tutorial = example(DOCS["en"] / TUTORIAL)
        (deployment / "processes" / "equipment.toml").write_text(tutorial, encoding="utf-8")
        story = deployment / "processes" / "complaint.scenario.toml"
        story.write_text(example(page), encoding="utf-8")
    for _ in range(2 if name == "administer" else 0):
        given = ("customer=A", "contact=1", "channel=phone", "product=A-1", "what_happened=B")
        fields = [part for one in given for part in ("--field", one)]
        assert inside("case", "start", "complaint", "--as", "wang.fang", *fields).code == 0
    if name == "import-cases":
        (table,) = (text for kind, text in blocks(page) if kind == "csv")
        (deployment / "past.csv").write_text(table, encoding="gbk")
    if name == "upgrade":
        shutil.copy(deployment / "closeloop.db", deployment / "closeloop.db.0007-20260301T083000")


def on_a_new_machine(deployment: Path, archive: str, monkeypatch: pytest.MonkeyPatch) -> None:
    place = deployment.parent / "new"
    place.mkdir()
    for name in ("config.toml", archive):
        shutil.copy(deployment / name, place)
    monkeypatch.chdir(place)


@pytest.mark.parametrize("page", PAGES, ids=source.name)
def test_the_commands_of_a_page_succeed_in_their_order(
    page: Path, deployment: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Others: tests/contract/test_restore_drill.py, tests/rig, tests/cli/test_what_if.py."""
    prepare(page, deployment, monkeypatch)
    scripts = [text for kind, text in blocks(page) if kind == "sh" and not ELSEWHERE.search(text)]
    for words in (words for script in scripts for words in commands(script)):
        if words[:2] == ["closeloop", "restore"] and words[2].endswith(".tar"):
            on_a_new_machine(deployment, words[2], monkeypatch)
        type_in(words, monkeypatch)


# ------------------------------------------------------------------ the tutorial


@pytest.fixture
def playground(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty folder beside a playground that runs, as the tutorial wants it."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    folder = tmp_path / "empty"
    folder.mkdir()
    monkeypatch.chdir(folder)
    with subprocess.Popen(
        [sys.executable, "-m", "bot", "playground", "--no-browser", "--port", "0"],
        cwd=folder,
        env=environment(),
        stdout=subprocess.PIPE,
        text=True,
    ) as running:
        assert running.stdout is not None
        try:
            assert running.stdout.readline().startswith("http://127.0.0.1:")
            yield folder
        finally:
            running.send_signal(signal.SIGTERM)
            code = running.wait(timeout=30)
        assert code == 0


def shown(promised: str, done: Done) -> bool:
    """Whether a command printed these lines; `…` stands for any lines, each date for another."""
    lines = [re.escape(TIME.sub("<time>", line)) for line in promised.strip().splitlines()]
    wanted = "\n".join(r"[\s\S]*" if line == re.escape("…") else line for line in lines)
    return re.search(wanted, TIME.sub("<time>", done.out + done.err)) is not None


@pytest.mark.parametrize("language", DOCS)
def test_the_tutorial_says_what_to_change(language: str) -> None:
    text = (DOCS[language] / TUTORIAL).read_text(encoding="utf-8")

    assert [change.new for change in CHANGES if change.new not in text] == []


@pytest.mark.parametrize("language", DOCS)
def test_the_tutorial_shows_what_its_commands_print(
    playground: Path, monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    """Every command is typed in its order, with the changes of the text between."""
    page = DOCS[language] / TUTORIAL
    monkeypatch.setenv("LANG", {"en": "en_US.UTF-8", "zh": "zh_CN.UTF-8"}[language])
    draft = playground / "equipment.toml"
    changes = iter(CHANGES)
    last = Done(code=0, out="", err="")
    for kind, text in blocks(page):
        if kind == "sh":
            last = done_by(text, draft, example(page), changes)
        elif kind == "text" and not text.startswith("http"):  # of `make demo`
            assert shown(text, last), last.out + last.err
    assert list(changes) == []


def done_by(script: str, draft: Path, definition: str, changes: Iterator[Change]) -> Done:
    """What the commands of a block print together, each after the change that belongs to it."""
    out = err = ""
    for words in commands(script):
        if words[0] == "closeloop":
            change = next(changes)
            draft.write_text(definition.replace(change.old, change.new), encoding="utf-8")
            done = inside(*words[1:])
            assert (words[1:], done.code) == (change.typed.split(), change.code), done.err
            out, err = out + done.out, err + done.err
    return Done(code=0, out=out, err=err)


@pytest.mark.parametrize("language", DOCS)
def test_every_command_of_the_tutorial_has_its_output_shown(language: str) -> None:
    kinds = [kind for kind, _ in blocks(DOCS[language] / TUTORIAL)]

    assert all(after == "text" for before, after in itertools.pairwise(kinds) if before == "sh")


def test_what_the_tutorial_publishes_works_in_a_deployment(deployment: Path) -> None:
    draft = deployment / "processes" / "equipment.toml"
    draft.write_text(example(DOCS["en"] / TUTORIAL), encoding="utf-8")

    assert inside("check").code == 0, inside("check").err
    assert inside("process", "diagram", "processes/equipment.toml", "-o", "x.svg").code == 0
    assert inside("process", "publish", "processes/equipment.toml").code == 0
    started = inside(
        *("case", "start", "equipment", "--as", "wang.fang"),
        *("--field", "item=投影仪", "--field", "why=客户演示"),
    )
    assert started.out.startswith("E-")


def test_in_the_tutorial_the_late_step_goes_to_whom_it_names(deployment: Path) -> None:
    draft, story = deployment / "equipment.toml", deployment / "late.scenario.toml"
    draft.write_text(example(DOCS["en"] / TUTORIAL), encoding="utf-8")
    story.write_text(LATE, encoding="utf-8")

    played = inside("rehearse", str(draft), "--scenario", str(story))

    assert played.code == 0, played.out
