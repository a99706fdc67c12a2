"""The playground begins with a company at opening time, and can begin again."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.app.browser import show_page
from bot.app.playground import SETTINGS_KEPT, Playground, opened_playground
from bot.system import SystemClock
from handlers import router
from handlers.i18n import translator
from handlers.intents import Said, Submitted
from storage.database_sqlite import SqliteDatabase
from storage.reset import KEPT_AT_RESET
from storage.tables import metadata
from storage.unit import Tx
from workflows.directory import Absence
from workflows.moments import utc

VALUES = {
    "customer": "Acme",
    "contact": "1",
    "channel": "phone",
    "product": "A",
    "what_happened": "破损",
}


@pytest.fixture
async def playground(tmp_path: Path) -> AsyncIterator[Playground]:
    words = translator("en")
    async with opened_playground(tmp_path, words=words, clock=SystemClock()) as playground:
        yield playground


def key(tx: Tx, person: str) -> str:
    found = tx.people.directory().by_id(person)
    assert found is not None
    return found.key


async def file(playground: Playground) -> None:
    around = playground._engine.around
    person = await around.db.read(lambda tx: key(tx, "wang.fang"))
    said = Said(person=person, via="playground", key="1", text="/complaint")
    opened = await router.handle(around.db, around.office, said)
    assert opened.form is not None
    sent = Submitted(
        person=person, via="playground", key="2", token=opened.form.token, values=VALUES
    )
    await router.handle(around.db, around.office, sent)


async def counts(database: SqliteDatabase) -> dict[str, int]:
    return await database.with_connection(
        lambda c: {
            table.name: len(c.execute(table.select()).all()) for table in metadata.sorted_tables
        }
    )


async def test_it_begins_with_a_company_while_the_office_is_open(playground: Playground) -> None:
    around = playground._engine.around

    assert around.office.calendar.is_open(around.clock.now())
    assert len(await around.db.read(lambda tx: tx.definitions.current())) >= 1


async def test_beginning_again_forgets_everything_but_the_company(playground: Playground) -> None:
    database, around = playground._database, playground._engine.around
    before = await around.db.read(lambda tx: key(tx, "wang.fang"))
    await file(playground)
    await playground._engine.pump.step()
    await playground._files.write("f_123456", b"x")
    now = around.clock.now()
    absence = Absence(id="a", person=before, deputy=before, starts_at=now, ends_at=now)
    await around.db.run(lambda tx: tx.people.add_absence(absence))
    assert (await counts(database))["cases"] == 1

    await playground.begin_again()

    left = {name for name, number in (await counts(database)).items() if number}
    assert left <= KEPT_AT_RESET | {"alembic_version"}
    assert await around.db.read(lambda tx: key(tx, "wang.fang")) == before
    assert await around.db.read(lambda tx: around.office.directory(tx).absences) == ()
    assert around.office.calendar.is_open(around.clock.now())
    with pytest.raises(FileNotFoundError):
        await playground._files.read("f_123456")
    for name in SETTINGS_KEPT:
        assert await around.db.read(lambda tx, name=name: tx.settings.get(name))  # type: ignore[misc]

    await file(playground)
    assert await around.db.read(lambda tx: tx.cases.open_ids()) == (
        f"C-{utc(around.clock.now()).year}-0001",
    )


def test_a_browser_is_opened_where_there_is_a_screen(monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[str] = []
    monkeypatch.setattr("webbrowser.open", shown.append)
    monkeypatch.setattr("sys.platform", "linux")
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    show_page("http://nowhere/")
    assert shown == []

    class AtOnce:
        def __init__(self, *, target: object, args: tuple[str, ...], daemon: bool) -> None:
            assert daemon, "it must not keep us from ending"
            target(*args)  # type: ignore[operator]

        def start(self) -> None: ...

    monkeypatch.setattr("threading.Thread", AtOnce)
    monkeypatch.setenv("DISPLAY", ":0")
    show_page("http://here/")
    assert shown == ["http://here/"]
