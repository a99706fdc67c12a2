"""An upgrade from the version before is rehearsed with work in it, and taken back.

The steps are those of `docs/how-to/upgrade.md`. Where the earlier release has its say, this one
speaks for it, without its newest migration; that it can go on is shown by the database, which is
what it was, and by a second upgrade.
"""

from __future__ import annotations

import asyncio
import re
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from storage import schema
from storage.connect import open_database
from tests.command import environment, inside
from tests.compat.later import opened_later
from tests.compat.test_copies import content, copies
from tests.contract.test_restore_drill import shell, tools
from tests.house.source import ROOT
from tests.postgres import Server

Filled = Callable[[str, str], str]
*_, BEFORE, NEWEST = schema.REVISIONS
PAGE = (ROOT / "docs" / "how-to" / "upgrade.md").read_text(encoding="utf-8")
REFUSED_BEFORE = (
    ("run",),
    ("db", "upgrade"),
    ("fsck",),
    ("case", "list"),
    ("backup", "late.tar"),
    ("restore", "--loaded"),
)


def steps(begin: str) -> str:
    """The shell block of the page that begins so."""
    (found,) = re.findall(rf"```sh\n({begin}.*?)```", PAGE, re.DOTALL)
    text: str = found
    return text


@contextmanager
def the_release_before() -> Iterator[None]:
    """This one, as if its newest migration did not exist."""
    with pytest.MonkeyPatch.context() as older:
        older.setattr(schema, "REVISIONS", schema.REVISIONS[:-1])
        older.setattr(schema, "NEWEST", BEFORE)
        yield


def numbers() -> set[str]:
    listed = inside("case", "list", "--json")
    assert listed.code == 0, listed.err
    return {row["id"] for row in listed.json}


def works(url: str) -> str:
    """Somebody files a complaint; its number."""
    before = numbers()
    asyncio.run(_files(url))
    (new,) = numbers() - before
    return new


async def _files(url: str) -> None:
    database = await open_database(url)
    try:
        work = await opened_later(database)
        await work.settle()
        filer = work.person("wang.fang")
        await filer.says("/complaint 升级之后")
        await filer.fills(customer="远方贸易", contact="1", channel="phone", product="A-100")
        await work.settle()
    finally:
        await database.aclose()


def is_proved() -> None:
    for command in (("fsck",), ("audit", "verify")):
        done = inside(*command)
        assert done.code == 0, done.err + done.out


def is_refused_to_the_release_before() -> None:
    with the_release_before():
        for command in REFUSED_BEFORE:
            refused = inside(*command)
            assert refused.code == 2, command
            assert f"({NEWEST}) is newer than this program" in refused.err
    assert not Path("late.tar").exists()


def is_tried_again(url: str, lost: str) -> None:
    """What was put back is upgraded a second time, holds its messages, and people go on."""
    assert inside("db", "upgrade").code == 0
    done = inside("restore", "--loaded")
    assert done.code == 0, done.err
    is_proved()
    assert lost not in numbers(), "it was filed after the copy"
    assert "Held after a restore" in inside("release", "--look").err
    assert inside("release").code == 0
    assert works(url) == lost, "numbers go on from the copy"
    is_proved()


def test_on_sqlite_an_upgrade_with_work_in_it_is_taken_back(filled: Filled) -> None:
    url = filled(BEFORE, "sqlite")
    path = Path(url.removeprefix("sqlite:///"))
    before = content(path)
    assert inside("db", "upgrade").code == 0
    is_proved()
    lost = works(url)
    worked = content(path)
    is_refused_to_the_release_before()
    assert content(path) == worked

    (copy,) = copies()
    typed = steps("mv ").replace("closeloop.db.0007-20260301T083000", copy.name)
    moved = typed.partition("closeloop restore")[0]
    subprocess.run(["sh", "-ec", moved], cwd=path.parent, env=environment(), check=True)

    assert content(path) == before
    is_tried_again(url, lost)


@pytest.mark.postgres
@pytest.mark.skipif(tools() is None, reason="pg_dump and pg_restore are not on this machine")
def test_on_postgresql_an_upgrade_with_work_in_it_is_taken_back(
    filled: Filled, postgres_server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    url, place = filled(BEFORE, "postgresql"), Path.cwd()
    old_url = postgres_server.fresh()
    names = {"DATABASE": url, "OLD_DATABASE": old_url, "CLOSELOOP_STORAGE__URL": url}
    upgraded = shell(steps("pg_dump "), place, **names)
    assert upgraded.code == 0, upgraded.err
    assert NEWEST in upgraded.out
    is_proved()
    lost = works(url)
    is_refused_to_the_release_before()

    typed = steps("pg_restore ").partition("closeloop restore")[0]
    back = shell(typed, place, **names)
    assert back.code == 0, back.err
    monkeypatch.setenv("CLOSELOOP_STORAGE__URL", old_url)
    assert f"({BEFORE})" in inside("fsck").err, "it is what it was"
    is_tried_again(old_url, lost)
    postgres_server.drop(old_url)
