"""Before the schema of an SQLite database is changed, a copy of it is made beside it."""

from __future__ import annotations

import errno
import os
import re
import sqlite3
import subprocess
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from bot.cli.deployment import read_setting
from bot.cli.setup import put_first
from storage import schema
from tests.command import inside
from tests.house.source import ROOT

Filled = Callable[[str, str], str]


def copies() -> list[Path]:
    return sorted(Path().glob("closeloop.db.0*"))


def content(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as connection:
        return list(connection.iterdump())


def test_an_upgrade_keeps_the_database_as_it_was(filled: Filled) -> None:
    path = Path(filled("0003", "sqlite").removeprefix("sqlite:///"))
    before = content(path)
    done = inside("db", "upgrade")

    (copy,) = copies()
    assert done.code == 0
    assert copy.name in done.err  # says where it is
    assert copy.name.startswith("closeloop.db.0003-20")
    assert content(copy) == before
    assert copy.stat().st_mode & 0o077 == 0  # for its owner only
    assert content(path) != before
    assert [left.name for left in path.parent.glob(".closeloop*")] == []


def test_what_is_up_to_date_is_not_copied(filled: Filled) -> None:
    filled(schema.NEWEST, "sqlite")

    assert inside("db", "upgrade").code == 0
    assert copies() == []


def test_copies_of_earlier_upgrades_stay(filled: Filled, monkeypatch: pytest.MonkeyPatch) -> None:
    """Even one that was made in the same second."""
    from bot.app import deployment
    from storage.journal import Seal
    from tests.office import MONDAY

    path = Path(filled("0003", "sqlite").removeprefix("sqlite:///"))
    monkeypatch.setattr(deployment, "SEAL", Seal(now=lambda: MONDAY, salt=lambda: ""))
    earlier = path.with_name("closeloop.db.0003-20260302T010000")
    earlier.write_bytes(b"of an upgrade that was taken back")

    assert inside("db", "upgrade").code == 0
    assert earlier.read_bytes() == b"of an upgrade that was taken back"
    assert [copy.name for copy in copies()] == [earlier.name, f"{earlier.name}-2"]


def test_the_bot_itself_upgrades_sqlite_when_it_starts(
    filled: Filled, capsys: pytest.CaptureFixture[str]
) -> None:
    filled("0001", "sqlite")
    put_first(read_setting(Path("config.toml"), None))  # what `closeloop run` begins with

    (copy,) = copies()
    assert copy.name in capsys.readouterr().err
    assert inside("fsck").code == 0


@pytest.mark.parametrize(("error", "said"), [(errno.ENOSPC, "no room"), (errno.EIO, "that failed")])
def test_without_a_copy_nothing_is_changed(
    filled: Filled, monkeypatch: pytest.MonkeyPatch, error: int, said: str
) -> None:
    path = Path(filled("0003", "sqlite").removeprefix("sqlite:///"))
    before = content(path)

    def full(_: int) -> None:
        raise OSError(error, os.strerror(error))

    with monkeypatch.context() as broken:
        broken.setattr("storage.sqlite_copy.os.fsync", full)
        refused = inside("db", "upgrade")

    assert refused.code == 2
    assert said in refused.err
    assert "Nothing was changed" in refused.err
    assert content(path) == before
    assert copies() == []
    assert [left.name for left in path.parent.glob(".closeloop*")] == []
    assert inside("db", "upgrade").code == 0


def test_the_copy_can_be_put_back_as_the_page_says(filled: Filled) -> None:
    """`docs/how-to/upgrade.md`; here the release of now goes on from it."""
    path = Path(filled("0007", "sqlite").removeprefix("sqlite:///"))
    assert inside("db", "upgrade").code == 0
    (copy,) = copies()
    page = (ROOT / "docs" / "how-to" / "upgrade.md").read_text(encoding="utf-8")
    (steps,) = re.findall(r"```sh\n(mv .*?)closeloop restore --loaded\n```", page, re.DOTALL)
    named = steps.replace("closeloop.db.0007-20260301T083000", copy.name)
    subprocess.run(["sh", "-ec", named], cwd=path.parent, check=True)

    assert inside("restore", "--loaded").code == 2  # this release has to upgrade it again
    assert inside("db", "upgrade").code == 0
    done = inside("restore", "--loaded")
    assert done.code == 0, done.err
    assert "Held after a restore" in inside("release", "--look").err
