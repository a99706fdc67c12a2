"""Cases are found by the words of their forms: by those who have a part in them, and no longer."""

import pytest
from sqlalchemy import text

from storage import schema
from storage.connect import open_database
from storage.migrations import running
from tests.contract import values as v
from workflows.records import CaseQuery, SearchWord

FORMS: dict[str, dict[str, object]] = {
    "C-2026-0001": {
        "customer": "Nordwind GmbH",
        "what": "包装破损，箱子是湿的",
        "photos": ["f_0a1b2c3d"],
    },
    "C-2026-0002": {"customer": "SÜDWIND", "what": "１２箱 全部压坏", "count": 12},
    "C-2026-0003": {"customer": "100% sure_ly", "what": None},
}


def form(case_id: str, number: int = 1, **changes):
    values = {**FORMS[case_id], **changes}
    return v.content(case_id, f"k_{case_id}_{number}", kind="form:f", body={"values": values})


def filed(tx):
    for case_id in FORMS:
        v.file_case(tx, v.case(case_id, filer="p_other" if case_id[-1] == "3" else "p_filer"))
        tx.contents.put(form(case_id))


def search(words: str, *, participant: str | None = None, processes: tuple[str, ...] = ()):
    wanted = tuple(SearchWord(word=word, processes=processes) for word in words.split())
    query = CaseQuery(words=wanted, participant=participant)
    return lambda tx: "".join(row.id[-1] for row in tx.cases.find(query))


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("nordwind", "1"),
        ("wind", "21"),
        ("südwind", "2"),
        ("ＳÜＤ", "2"),
        ("湿", "1"),
        ("箱", "21"),
        ("箱 压坏", "2"),
        ("12箱", "2"),
        ("100%", "3"),
        ("e_l", "3"),
        ("_", "3"),
        ("0a1b", ""),
        ("%", "3"),
        ("c-2026-0002", "2"),
        ("nord südwind", ""),
        ("customer", ""),
        ("zzz", ""),
    ],
)
async def test_a_case_is_found_by_every_word_of_its_forms(database, words, found):
    await database.run(filed)

    assert await database.read(search(words)) == found


async def test_only_who_has_a_part_in_a_case_finds_it(database):
    await database.run(filed)

    assert await database.read(search("sure", participant="p_other")) == "3"
    assert await database.read(search("sure", participant="p_filer")) == ""
    assert await database.read(search("sure", participant="p_nobody")) == ""


async def test_a_case_is_found_by_the_name_of_its_process(database):
    await database.run(filed)

    assert await database.read(search("zzz", processes=("complaint",))) == "321"
    assert await database.read(search("zzz", processes=("launch",))) == ""


async def test_what_was_erased_is_found_no_more(database):
    await database.run(filed)
    await database.run(lambda tx: tx.contents.erase(["k_C-2026-0001_1"]))

    assert await database.read(search("nordwind")) == ""
    left = await database.with_connection(
        lambda c: c.execute(text("SELECT count(*) FROM contents WHERE words IS NOT NULL")).scalar()
    )
    assert left == 2


async def test_what_was_written_before_is_found_after_the_migration(url):
    database = await open_database(url)

    await database.run(filed)
    await database.with_connection(_from_before, write=True)

    assert await database.read(search("压坏")) == "2"
    await database.aclose()


def _from_before(connection):
    """Takes this step of the schema back, and makes it again."""
    connection.execute(text("DROP INDEX IF EXISTS ix_contents_case_id_words"))
    connection.execute(text("ALTER TABLE contents DROP COLUMN words"))
    connection.execute(text("UPDATE alembic_version SET version_num = '0005'"))
    running.migrate(connection, to="0006")
    connection.execute(
        text("UPDATE alembic_version SET version_num = :now"), {"now": schema.NEWEST}
    )
