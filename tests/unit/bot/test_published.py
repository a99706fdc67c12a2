"""Drafts are judged together and put in force once; what is in force changes only on purpose."""

from pathlib import Path

import pytest

from bot import sample
from bot.config import Config, PeopleDraft, ProcessDrafts
from bot.findings import Unreadable
from bot.published import (
    CheckedDrafts,
    Published,
    publish,
    put_first_in_force,
    put_people_in_force,
    read_drafts,
    read_process,
    sample_drafts,
)
from handlers.i18n import translator
from storage import schema
from storage.database_sqlite import SqliteDatabase
from storage.unit import Tx
from tests.fakes.ports import CountedIds
from tests.office import MONDAY
from tests.unit.workflows.test_lint_targets import other, source
from workflows.directory import Directory
from workflows.errors import ConfigError, DefinitionError
from workflows.loading import Loaded, load_definition

WORDS = translator("en")


@pytest.fixture
async def database(tmp_path: Path):
    found = SqliteDatabase(tmp_path / "x.db", inline=True)
    await found.with_connection(schema.upgrade, write=True)
    yield found
    await found.aclose()


@pytest.fixture(scope="module")
def drafts() -> CheckedDrafts:
    return sample_drafts(words=WORDS)


def changed(loaded: Loaded, before: str, after: str) -> Loaded:
    assert before in loaded.text
    return load_definition(loaded.text.replace(before, after, 1), file="changed.toml")


def config(folder: Path) -> Config:
    return Config(
        people=PeopleDraft(file=folder / "people.toml"),
        processes=ProcessDrafts(path=folder / "processes"),
    )


async def test_the_sample_is_put_in_force_once(
    database: SqliteDatabase, drafts: CheckedDrafts
) -> None:
    ids = CountedIds()

    def unit(tx: Tx) -> bool:
        return put_first_in_force(tx, drafts, ids=ids, at=MONDAY)

    first, second = await database.run(unit), await database.run(unit)
    directory = await database.read(lambda tx: tx.people.directory())
    stored = await database.read(lambda tx: tx.definitions.current())

    assert (first, second) == (True, False)
    assert directory.by_id("wang.fang") is not None
    assert {one.key for one in stored} == {one.definition.key for one in drafts.processes}
    assert {one.version for one in stored} == {1}


async def test_what_is_in_force_is_not_touched_by_a_later_start(
    database: SqliteDatabase, drafts: CheckedDrafts
) -> None:
    ids = CountedIds()
    other = changed(drafts.processes[0], 'due = "3wd"', 'due = "2wd"')
    later = CheckedDrafts(people=drafts.people, processes=(other,))
    await database.run(lambda tx: put_first_in_force(tx, drafts, ids=ids, at=MONDAY))
    await database.run(lambda tx: put_first_in_force(tx, later, ids=ids, at=MONDAY))
    stored = await database.read(lambda tx: tx.definitions.current())

    assert other.hash not in {one.hash for one in stored}


async def test_publishing_counts_versions_and_the_same_text_is_no_new_one(
    database: SqliteDatabase, drafts: CheckedDrafts
) -> None:
    loaded = next(one for one in drafts.processes if one.definition.key == "complaint")
    other = changed(loaded, 'due = "3wd"', 'due = "2wd"')

    def unit(tx: Tx) -> list[Published]:
        return [publish(tx, one, at=MONDAY) for one in (loaded, loaded, other)]

    done = await database.run(unit)

    assert [one.new for one in done] == [True, False, True]
    assert [one.stored.version for one in done] == [1, 1, 2]


@pytest.mark.parametrize("what", ["command", "case_prefix"])
async def test_two_processes_share_nothing_that_tells_them_apart(
    database: SqliteDatabase, drafts: CheckedDrafts, what: str
) -> None:
    loaded = next(one for one in drafts.processes if one.definition.key == "complaint")
    other = changed(loaded, 'key = "complaint"', 'key = "other"')
    if what == "case_prefix":
        other = changed(other, 'command = "complaint"', 'command = "other"')
    await database.run(lambda tx: publish(tx, loaded, at=MONDAY))

    with pytest.raises(DefinitionError, match=f"is the {what} of another process"):
        await database.run(lambda tx: publish(tx, other, at=MONDAY))


async def test_a_process_that_another_starts_is_published_before_it_or_with_it(
    database: SqliteDatabase,
) -> None:
    starts, started = source(), other()
    with pytest.raises(DefinitionError, match='there is no process "other"'):
        await database.run(lambda tx: publish(tx, starts, at=MONDAY))

    def unit(tx: Tx) -> list[Published]:
        both = (starts, started)
        return [publish(tx, one, at=MONDAY, beside=both) for one in both]

    assert [one.new for one in await database.run(unit)] == [True, True]


async def test_values_are_checked_against_the_start_form_that_is_published_with_it(
    database: SqliteDatabase,
) -> None:
    later = other('id = "title"', 'id = "subject"')
    await database.run(lambda tx: publish(tx, other(), at=MONDAY))
    await database.run(lambda tx: publish(tx, source(), at=MONDAY))

    with pytest.raises(DefinitionError, match='leaves out "subject"'):
        await database.run(
            lambda tx: publish(tx, source('title = "cost"'), at=MONDAY, beside=(later,))
        )


@pytest.mark.parametrize("language", ["zh", "en"])
def test_drafts_that_start_each_other_are_checked_together(tmp_path: Path, language: str) -> None:
    words = translator(language)
    (tmp_path / "people.toml").write_bytes(sample.PEOPLE.read_bytes())
    folder = tmp_path / "processes"
    folder.mkdir()
    starts = source('title = "who"')
    (folder / "a.toml").write_text(starts.text, encoding="utf-8")
    with pytest.raises(ConfigError) as alone:
        read_drafts(config(tmp_path), words=words)
    (folder / "b.toml").write_text(other().text, encoding="utf-8")
    with pytest.raises(ConfigError) as together:
        read_drafts(config(tmp_path), words=words)

    (unknown,), (unfit,) = alone.value.findings, together.value.findings
    assert (unknown.where, unfit.where) == ("nodes.first.process", "nodes.first.values.title")
    assert Path(unfit.file).name == "a.toml"
    line = starts.text.splitlines()[(unfit.line or 0) - 1]
    assert line == 'values = { title = "who" }'


async def test_an_import_that_changes_nothing_writes_nothing(
    database: SqliteDatabase, drafts: CheckedDrafts
) -> None:
    ids = CountedIds()
    first = await database.run(lambda tx: put_people_in_force(tx, drafts.people, ids=ids))
    before = await database.read(lambda tx: tx.people.directory())
    second = await database.run(lambda tx: put_people_in_force(tx, drafts.people, ids=ids))

    assert len(first.added) == len(drafts.people.people)
    assert second.nothing
    assert await database.read(lambda tx: tx.people.directory()) is before


def test_everything_that_is_missing_is_said_at_once(tmp_path: Path) -> None:
    with pytest.raises(Unreadable) as caught:
        read_drafts(config(tmp_path), words=WORDS)

    assert len(caught.value.findings) == 2


def test_a_process_that_cannot_be_read_is_a_finding(tmp_path: Path) -> None:
    (tmp_path / "people.toml").write_bytes(sample.PEOPLE.read_bytes())
    (tmp_path / "processes").mkdir()
    (tmp_path / "processes" / "x.toml").write_bytes("名".encode("gb18030"))

    with pytest.raises(ConfigError, match="not UTF-8"):
        read_drafts(config(tmp_path), words=WORDS)


def test_broken_people_do_not_hide_what_is_wrong_with_processes(tmp_path: Path) -> None:
    (tmp_path / "people.toml").write_text("[[people]]\n")
    (tmp_path / "processes").mkdir()
    (tmp_path / "processes" / "x.toml").write_text('key = "x"\n')

    with pytest.raises(ConfigError) as caught:
        read_drafts(config(tmp_path), words=WORDS)

    assert {Path(one.file).name for one in caught.value.findings} == {"people.toml", "x.toml"}


def test_one_draft_is_judged_against_the_people_in_force() -> None:
    path = sample.PROCESSES / "complaint.toml"

    with pytest.raises(DefinitionError, match="complaint-manager"):
        read_process(path, directory=Directory(), calendars=(), words=WORDS)
