"""A database knows whether it is a deployment's or a playground's, and keeps to it."""

from pathlib import Path

import pytest

from bot.app import deployment, make_office, open_database, open_files
from bot.app.deployment import default_data, open_kind, outage, playground_config
from bot.company_settings import CompanySettings
from bot.config import Config, Storage
from storage.errors import StorageError
from tests.fakes.runtime import AnyClock
from tests.office import MONDAY, opened


def config(path: Path) -> Config:
    return Config(storage=Storage.model_construct(url=f"sqlite:///{path}", files=path.parent))


async def test_a_new_database_belongs_to_whoever_opens_it_first(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'x.db'}"
    database = await open_kind(url, kind="playground", exclusive=False)
    await database.aclose()

    with pytest.raises(StorageError, match="database_of_playground"):
        await open_database(config(tmp_path / "x.db"))
    again = await open_kind(url, kind="playground", exclusive=True)
    await again.aclose()


async def test_a_database_in_use_without_a_mark_is_a_deployments(tmp_path: Path) -> None:
    """F44: people were put in force, and the bot never ran."""
    async with opened(tmp_path) as work:
        path = work.path

    with pytest.raises(StorageError, match="database_of_production"):
        await open_kind(f"sqlite:///{path}", kind="playground", exclusive=True)
    database = await open_database(config(path))
    assert await database.read(lambda tx: tx.settings.get(deployment.KIND)) == "production"
    await database.aclose()


async def test_a_refused_database_is_free_for_others(tmp_path: Path) -> None:
    async with opened(tmp_path) as work:
        path = work.path
    for _ in range(2):
        with pytest.raises(StorageError, match="database_of_production"):
            await open_kind(f"sqlite:///{path}", kind="playground", exclusive=True)


async def test_files_lie_where_the_configuration_says(tmp_path: Path) -> None:
    files = open_files(tmp_path / "files")
    await files.write("f_123456", b"x")

    assert await files.read("f_123456") == b"x"


def test_an_office_is_made_of_the_company() -> None:
    clock = AnyClock(MONDAY)
    office = make_office(CompanySettings(name="示例", admins=("lin.wei",)), clock=clock)

    assert office.clock.now() == MONDAY
    assert office.company.name == "示例"
    assert office.calendar.is_open(MONDAY)
    assert office.ids.new("x") != office.ids.new("x")


def test_the_playground_has_its_data_where_the_system_keeps_such(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert default_data() == tmp_path / "closeloop" / "playground"
    monkeypatch.delenv("XDG_DATA_HOME")
    assert default_data() == Path.home() / ".local/share/closeloop/playground"
    assert playground_config(tmp_path).company.name


def test_only_the_storage_is_to_blame_for_an_outage() -> None:
    assert outage(StorageError("disk_full"))
    assert not outage(RuntimeError("ours"))


def test_tests_have_a_home_of_their_own(tmp_path_factory: pytest.TempPathFactory) -> None:
    """So a playground that a person keeps is neither found nor touched."""
    assert default_data().is_relative_to(tmp_path_factory.getbasetemp())
