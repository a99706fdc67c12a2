"""The tutorial from an empty folder: its blocks are carried out as they are written."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.cli.test_documentation import DOCS, shown
from tests.command import Done, environment, inside
from tests.house.documented import blocks, commands

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

TUTORIAL = "tutorial/leave.md"
# What the playground prints after each change of the file, in order.
PRINTED = {
    "en": ['"nodes" is missing', "version 1 is in", "version 2 is in", "how_long", "version 3"],
    "zh": ["缺少“nodes”", "第 1 版已生效", "第 2 版已生效", "how_long", "第 3 版已生效"],
}
REFUSED = {1, 2, 4}  # the commands that find something, counted from 1
NOT_TYPED = {"alias", "make", "mkdir", "cd"}  # the environment and the folder are there


def changed(text: str, difference: str) -> str:
    """The text after a block of `diff`, whose old lines must stand in it once."""
    lines = difference.splitlines()
    old = "".join(f"{line[1:]}\n" for line in lines if line[0] in " -")
    new = "".join(f"{line[1:]}\n" for line in lines if line[0] in " +")
    assert text.count(old) == 1, old
    return text.replace(old, new)


def definition(language: str) -> str:
    """The whole file at the end of the tutorial."""
    text = ""
    for kind, block in blocks(DOCS[language] / TUTORIAL):
        if kind == "toml":
            text += block
        elif kind == "diff":
            text = changed(text, block)
    return text


@pytest.fixture(params=DOCS)
def language(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """The language of the page and of the terminal."""
    spoken = str(request.param)
    monkeypatch.setenv("LANG", {"en": "en_US.UTF-8", "zh": "zh_CN.UTF-8"}[spoken])
    return spoken


@pytest.fixture
def playground(
    language: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[Path, subprocess.Popen[str]]]:
    """An empty folder, and the playground that plays it."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    folder = tmp_path / "my-processes"
    folder.mkdir()
    monkeypatch.chdir(folder)
    with subprocess.Popen(
        [sys.executable, "-m", "bot", "playground", "--processes", ".", "--port", "0"],
        cwd=folder,
        env=environment(language=language, DISPLAY="", WAYLAND_DISPLAY=""),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    ) as running:
        assert running.stdout is not None
        try:
            assert running.stdout.readline().startswith("http://127.0.0.1:")
            yield folder, running
        finally:
            running.send_signal(signal.SIGTERM)
            running.wait(timeout=30)


def until_printed(running: subprocess.Popen[str], text: str) -> None:
    """Read what the playground prints until a line has this text; the clock of pytest ends it."""
    assert running.stderr is not None
    for line in running.stderr:
        if text in line:
            return
    raise AssertionError(f"the playground ended before it printed {text!r}")


def test_every_block_does_what_the_page_says(
    language: str, playground: tuple[Path, subprocess.Popen[str]]
) -> None:
    folder, running = playground
    file, printed = folder / "leave.toml", iter(PRINTED[language])
    typed, last = 0, Done(code=0, out="", err="")
    for kind, block in blocks(DOCS[language] / TUTORIAL):
        if kind in {"toml", "diff"}:
            before = file.read_text(encoding="utf-8") if file.exists() else ""
            after = before + block if kind == "toml" else changed(before, block)
            file.write_text(after, encoding="utf-8")
            until_printed(running, next(printed))
        elif kind == "text":
            assert shown(block, last), last.out + last.err
        else:
            out = err = ""
            for words in commands(block):
                if words[0] in NOT_TYPED or words[:2] == ["closeloop", "playground"]:
                    continue
                typed += 1
                done = inside(*words[1:])
                assert done.code == (typed in REFUSED), (words, done.err)
                out, err = out + done.out, err + done.err
            last = Done(code=0, out=out, err=err)
    assert [*printed] == []
    assert (folder / "leave.svg").read_text(encoding="utf-8").startswith("<svg")


def test_both_pages_write_the_same_file() -> None:
    english, chinese = definition("en"), definition("zh")

    assert re.sub(r"#.*", "", english) == re.sub(r"#.*", "", chinese)
