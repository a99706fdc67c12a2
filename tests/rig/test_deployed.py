"""What containers and systemd run, run as processes: the commands of the files in `deploy/`."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.adapters.running import free_port
from tests.command import environment
from tests.house import deployed, source
from tests.rig.programs import Program, done, get

DEFECT_FREE, REFUSED, UNUSABLE, CONFIGURATION = 0, 1, 2, 78


@pytest.fixture
def deployment(tmp_path: Path) -> Path:
    made = done("init", "company", folder=tmp_path)
    assert made.returncode == 0, made.stderr
    return tmp_path / "company"


@pytest.fixture
def programs(tmp_path: Path) -> str:
    """A PATH on which `closeloop` is this checkout's, and `python` this Python."""
    folder = tmp_path / "programs"
    folder.mkdir()
    (folder / "python").symlink_to(sys.executable)
    command = folder / "closeloop"
    command.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -m bot "$@"\n')
    command.chmod(0o755)
    return f"{folder}{os.pathsep}{os.environ['PATH']}"


def started(command: list[str], folder: Path, **settings: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        command,
        cwd=folder,
        env=environment(**settings),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def ended(command: list[str], folder: Path, **settings: str) -> tuple[int, str]:
    """The exit code of a command, and what it said."""
    with started(command, folder, **settings) as process:
        said = process.communicate(timeout=60)[1]
    return process.returncode, said


def of_the_unit() -> list[str]:
    return shlex.split(deployed.unit()["Service"]["ExecStart"])


# ------------------------------------------------------------------ systemd


def test_the_unit_s_command_becomes_the_bot_and_stops_at_sigterm(
    deployment: Path, programs: str
) -> None:
    settings = {"PATH": programs, "CLOSELOOP_HTTP__PORT": str(free_port())}
    with started(of_the_unit(), deployment, **settings) as process:
        program = Program(process)
        program.says('"event": "started"')
        assert program.stop() == DEFECT_FREE


def test_a_wrong_configuration_has_the_code_that_ends_the_restarts(
    deployment: Path, programs: str
) -> None:
    file = deployment / "config.toml"
    file.write_text(f"{file.read_text(encoding='utf-8')}\nnonsense = 1\n", encoding="utf-8")
    code, said = ended(of_the_unit(), deployment, PATH=programs)

    assert code == CONFIGURATION
    assert "nonsense" in said


def test_a_database_that_is_away_is_tried_again(deployment: Path, programs: str) -> None:
    """Such as one that starts later than the bot when the machine does."""
    away = "postgresql://closeloop@127.0.0.1:9/closeloop"
    code, said = ended(of_the_unit(), deployment, PATH=programs, CLOSELOOP_STORAGE__URL=away)

    assert code == UNUSABLE
    assert "cannot be reached" in said


# ------------------------------------------------------------------ containers


@pytest.fixture
def image(tmp_path: Path) -> Path:
    """What the image gets of this checkout."""
    place = tmp_path / "image"
    for name in deployed.copied():
        of, to = source.ROOT / name, place / name
        to.parent.mkdir(parents=True, exist_ok=True)
        if of.is_dir():
            shutil.copytree(of, to, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(of, to)
    return place


def test_what_the_image_gets_is_enough_to_run(image: Path, tmp_path: Path, programs: str) -> None:
    """Read-only, as the stack has it; only the volume can be written."""
    data = tmp_path / "data"
    data.mkdir()
    settings = {
        name: value.replace("/data/", f"{data}/").replace("0.0.0.0", "127.0.0.1")
        for name, value in deployed.settings_of_the_image().items()
        if name != "PATH"
    }
    settings |= {"PYTHONPATH": str(image), "PATH": programs, "PYTHONSAFEPATH": "1"}
    code, said = ended(["closeloop", "init", "company"], tmp_path, **settings)
    assert code == DEFECT_FREE, said
    port = free_port()
    settings["CLOSELOOP_HTTP__PORT"] = str(port)
    command = deployed.command_of_the_image()
    with started(command, tmp_path / "company", **settings) as process:
        program = Program(process)
        program.says('"event": "started"')
        assert ended(deployed.health_check(), tmp_path, **settings) == (DEFECT_FREE, "")
        assert 'closeloop_check{check="self_check"}' in get(f"http://127.0.0.1:{port}/metrics")[1]
        assert program.stop() == DEFECT_FREE
    assert ended(deployed.health_check(), tmp_path, **settings)[0] == REFUSED
    assert list(image.rglob("*.pyc")) == []
