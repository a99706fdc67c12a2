"""R16: a backup taken under load restores to a database that is whole and says nothing unasked."""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bot.app.deployment import make_office, open_database
from bot.cli.deployment import Setting
from bot.cli.setup import put_first
from bot.company_settings import CompanySettings
from bot.config import Config, load_config
from handlers import router
from handlers.briefings import WEEK
from handlers.i18n import translator
from handlers.intents import Submitted
from tests.command import Done, closeloop, environment, inside
from tests.contract.test_fsck import VALUES
from tests.fakes.faulty_chat import FaultyChat
from tests.fakes.runtime import Crew
from tests.house.source import ROOT

if TYPE_CHECKING:
    from storage.connect import Database

PAGE = ROOT / "docs" / "how-to" / "backup.md"


class Load:
    """Somebody files complaints, one after the other, for as long as it lasts."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.office = make_office(CompanySettings())
        self.filed = 0

    async def file(self) -> None:
        person = await self._database.read(_wang_fang)
        key, token = f"load {self.filed}", "start|||complaint"
        asked = Submitted(person=person, via="test", key=key, token=token, values=VALUES)
        answer = await router.handle(self._database, self.office, asked)
        assert not answer.problems
        self.filed += 1

    @contextlib.asynccontextmanager
    async def going_on(self):
        """Files before, while and after something else is done."""
        await self.file()
        stop = asyncio.Event()

        async def for_ever() -> None:
            while not stop.is_set():
                await self.file()
                await asyncio.sleep(0.05)  # a steady load; more cases prove no more

        task = asyncio.create_task(for_ever())
        before = self.filed
        yield
        assert self.filed > before, "work went on meanwhile"
        stop.set()
        await task
        await self.file()


def _wang_fang(tx):
    return tx.people.directory().by_id("wang.fang").key


async def at_work(database: Database) -> tuple[Crew, FaultyChat]:
    chat = FaultyChat()
    office = make_office(CompanySettings(quiet_hours=None))  # the test may run at night
    crew = Crew(db=database, office=office, platforms={chat.name: chat})
    await crew.settle()
    return crew, chat


async def held_until_released(config: Config, release) -> None:
    """Nothing is sent until then; afterwards everything that was owed, once."""
    database = await open_database(config, exclusive=True)
    try:
        owed = await database.read(lambda tx: tx.outbox.count())
        crew, chat = await at_work(database)
        assert owed > 0
        assert chat.calls == []
        assert await database.read(lambda tx: tx.outbox.count()) == owed

        done = await asyncio.to_thread(release)
        assert done.code == 0, done.err
        assert f"Messages held: {owed}" in done.err

        await crew.settle()
        assert await database.read(lambda tx: tx.outbox.count()) == 0
        posted = Counter(token for what, token in chat.calls if what == "post")
        briefings = [one for one in chat.messages.values() if one.card.kind == WEEK]
        assert len(posted) == owed + len(briefings)  # since a working week begins
        assert set(posted.values()) == {1}
        assert crew.alarms.raised == []
    finally:
        await database.aclose()


async def test_a_backup_under_load_restores_whole_and_silent(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place, elsewhere = tmp_path / "company", tmp_path / "elsewhere"
    assert (await asyncio.to_thread(inside, "init", str(place))).code == 0
    database = await open_database(load_config(place / "config.toml"), exclusive=True)
    try:
        load = Load(database)
        async with load.going_on():
            done = await asyncio.to_thread(closeloop, "backup", "kept.tar", cwd=place)
    finally:
        await database.aclose()
    assert done.code == 0, done.err

    elsewhere.mkdir()
    for name in ("config.toml", "kept.tar"):
        shutil.copy(place / name, elsewhere)
    monkeypatch.chdir(elsewhere)
    monkeypatch.setenv("LANG", "en_US.UTF-8")
    for name in ("LC_ALL", "LC_MESSAGES"):
        monkeypatch.delenv(name, raising=False)
    for command in (("restore", "kept.tar"), ("fsck",), ("audit", "verify")):
        done = await asyncio.to_thread(inside, *command)
        assert done.code == 0, done.err
    cases = (await asyncio.to_thread(inside, "case", "list", "--json")).json
    assert 1 <= len(cases) < load.filed

    config = load_config(elsewhere / "config.toml")
    await held_until_released(config, lambda: inside("release"))


# ------------------------------------------------------------------ PostgreSQL


def tools() -> Path | None:
    """Where pg_dump and pg_restore stand: beside the server that tests use."""
    places = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    on_path = shutil.which("pg_dump")
    places += [Path(on_path).parent] if on_path else []
    places += sorted(Path(sys.prefix).glob("lib/*/site-packages/*pgserver/pginstall*/bin"))
    return next((place for place in places if (place / "pg_restore").exists()), None)


def steps() -> Iterator[str]:
    """What the page says to type for PostgreSQL: to back up, and to restore."""
    chapter = PAGE.read_text(encoding="utf-8").partition("\n## PostgreSQL\n")[2]
    yield from re.findall(r"```sh\n(.*?)```", chapter.partition("\n## ")[0], re.DOTALL)


def shell(script: str, cwd: Path, **more: str) -> Done:
    programs = cwd / "programs"
    programs.mkdir(exist_ok=True)
    (programs / "closeloop").write_text(f'#!/bin/sh\nexec {sys.executable} -m bot "$@"\n')
    (programs / "closeloop").chmod(0o755)
    path = os.pathsep.join([str(programs), str(tools()), os.environ["PATH"]])
    done = subprocess.run(
        ["sh", "-eu", "-c", script],
        cwd=cwd,
        env=environment(**{**more, "PATH": path}),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    return Done(code=done.returncode, out=done.stdout, err=done.stderr)


@pytest.mark.postgres
@pytest.mark.skipif(tools() is None, reason="pg_dump and pg_restore are not on this machine")
async def test_the_steps_for_postgresql_restore_whole_and_silent(
    migrated_url: str, postgres_server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = tmp_path / "company"
    assert (await asyncio.to_thread(inside, "init", str(place))).code == 0
    (place / "files").mkdir(exist_ok=True)
    new_url = postgres_server.fresh()
    back_up, restore = steps()
    config = at_url(place, migrated_url, monkeypatch)
    await asyncio.to_thread(
        put_first, Setting(file=place / "config.toml", config=config, words=translator("en"))
    )
    database = await open_database(config)
    try:
        load = Load(database)
        async with load.going_on():
            done = await asyncio.to_thread(shell, back_up, place, DATABASE=migrated_url)
    finally:
        await database.aclose()
    assert done.code == 0, done.err

    facts = {"NEW_DATABASE": new_url, "CLOSELOOP_STORAGE__URL": new_url}
    done = await asyncio.to_thread(lambda: shell(restore, place, **facts))
    assert done.code == 0, done.err
    assert "Everything fits" in done.err
    done = await asyncio.to_thread(lambda: shell("closeloop audit verify", place, **facts))
    assert done.code == 0, done.err
    config = at_url(place, new_url, monkeypatch)
    await held_until_released(config, lambda: shell("closeloop release", place, **facts))
    postgres_server.drop(new_url)


def at_url(place: Path, url: str, monkeypatch: pytest.MonkeyPatch) -> Config:
    """The configuration of a deployment, on another database."""
    with monkeypatch.context() as patched:
        patched.setenv("CLOSELOOP_STORAGE__URL", url)
        return load_config(place / "config.toml")
