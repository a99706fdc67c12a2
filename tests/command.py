"""The real command, run as a process of its own or, quicker, inside the test."""

from __future__ import annotations

import contextlib
import io
import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.cli.main import main
from tests.house.source import ROOT


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """How a command ended and what it printed: data on stdout, messages on stderr."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


def environment(*, language: str = "en", **more: str) -> dict[str, str]:
    """The environment of this process, without settings of ours, in a language."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("CLOSELOOP_")}
    locale = {"en": "en_US.UTF-8", "zh": "zh_CN.UTF-8", "": "C.UTF-8"}[language]
    kept.pop("LC_ALL", None)
    kept.pop("LC_MESSAGES", None)
    return {**kept, "LANG": locale, "PYTHONPATH": str(ROOT), **more}


def closeloop(*arguments: str, cwd: Path, language: str = "en", **more: str) -> Done:
    """Runs `python -m bot …` and waits for its end."""
    done = subprocess.run(
        [sys.executable, "-m", "bot", *arguments],
        cwd=cwd,
        env=environment(language=language, **more),
        capture_output=True,
        text=True,
        encoding="utf-8",
        stdin=subprocess.DEVNULL,
        timeout=120,
        check=False,
    )
    return Done(code=done.returncode, out=done.stdout, err=done.stderr)


def inside(*arguments: str) -> Done:
    """Runs the command in this process, where the test stands."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = main(arguments)
    return Done(code=code, out=out.getvalue(), err=err.getvalue())
