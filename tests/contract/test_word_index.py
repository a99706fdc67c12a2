"""The index of a search gives what the comparison of all texts gives, also after an erasure."""

import pytest
from sqlalchemy import text

from storage import fsck, word_index, word_search
from storage.connect import open_database
from storage.migrations import running
from tests.contract import values as v
from workflows.errors import Conflict
from workflows.records import CaseQuery, SearchWord

FORMS = (
    ("箱子全部压坏", "Nordwind GmbH"),
    ("压坏的箱子", "ＳÜＤ-wind 12"),
    ("全部 湿", "laptop a-1"),
    ("箱", "子全"),
    ("100% sure_ly", ""),
)
WORDS = (
    *("压坏", "箱子", "子全", "全部", "湿", "箱", "坏的箱", "wind", "d-w", "12", "a-1", "a", "-"),
    *("%", "100%", "e_l", "_", "zzz", "c-2026", "0002", "c", "ZZZ", "ＷＩＮＤ", "箱子 wind"),
    *("全部 laptop", "全部 wind", "压坏 箱 zzz"),
)


def content(number: int, place: int, said: str):
    body = {"values": {"what": said}}
    return v.content(f"C-2026-000{number}", f"k_{number}_{place}", kind="form:f", body=body)


def filed(tx) -> None:
    for number, texts in enumerate(FORMS, start=1):
        assert tx.cases.next_id(prefix="C", year=2026) == f"C-2026-000{number}"
        v.file_case(tx, v.case(f"C-2026-000{number}"))
        for place, said in enumerate(texts):
            tx.contents.put(content(number, place, said))


def search(words: str, *, processes: tuple[str, ...] = ()):
    wanted = tuple(SearchWord(word=word, processes=processes) for word in words.split())
    return lambda tx: [row.id for row in tx.cases.find(CaseQuery(words=wanted))]


async def indexed(database, *, least: int = 1) -> None:
    def write(connection) -> None:
        segment = word_index.next_segment(connection, least=least)
        assert segment is not None
        word_index.add_segment(connection, segment)

    await database.with_connection(write, write=True)


async def waiting(database) -> int:
    found: int = await database.with_connection(lambda c: word_index.waiting(c, most=100))
    return found


@pytest.mark.parametrize("few", [1000, 2, 0])
@pytest.mark.parametrize("processes", [(), ("complaint",), ("launch",)])
async def test_the_index_finds_what_a_comparison_of_all_texts_finds(
    database, monkeypatch, few, processes
):
    await database.run(filed)
    compared = [await database.read(search(one, processes=processes)) for one in WORDS]
    monkeypatch.setattr(word_search, "WAITING_MOST", -1)  # so the index is not asked
    plainly = [await database.read(search(one, processes=processes)) for one in WORDS]
    monkeypatch.undo()
    monkeypatch.setattr(word_search, "FEW", few)
    await indexed(database)
    await database.run(lambda tx: tx.contents.put(content(1, 9, "全部 laptop 坏")))
    await database.run(lambda tx: tx.contents.erase(["k_1_9"]))  # while it waits

    found = [await database.read(search(one, processes=processes)) for one in WORDS]

    assert found == plainly == compared


async def test_contents_in_several_segments_and_waiting_are_found_together(database):
    await database.run(filed)
    await indexed(database)
    await database.run(lambda tx: tx.contents.put(content(4, 7, "后来 wind")))
    await indexed(database)
    await database.run(lambda tx: tx.contents.put(content(5, 7, "后来 压坏")))

    assert await database.read(search("后来")) == ["C-2026-0005", "C-2026-0004"]
    assert await database.read(search("箱 wind 后来")) == ["C-2026-0004"]
    assert await database.read(search("sure 压坏")) == ["C-2026-0005"]


async def test_an_erased_content_leaves_the_index_and_the_others_stay(database):
    await database.run(filed)
    await indexed(database)
    before = await _rows(database)
    await database.run(lambda tx: tx.contents.erase(["k_1_0", "k_4_0"]))

    assert await database.read(search("压坏")) == ["C-2026-0002"]
    assert await database.read(search("nordwind")) == ["C-2026-0001"]
    after = await _rows(database)
    assert "压" in before["部"]
    assert "压" not in after["部"]
    assert await _faults(database) == set()
    everything = [f"k_{number}_{place}" for number in range(1, 6) for place in (0, 1)]
    await database.run(lambda tx: tx.contents.erase(everything))
    assert await _rows(database) == {}


async def test_fsck_compares_the_index_with_the_texts_and_reindexing_repairs_it(database):
    await database.run(filed)
    await indexed(database)
    for damage in (
        "UPDATE word_pairs SET segment = 7 WHERE first = 'w'",
        "DELETE FROM word_pairs WHERE first = 'w'",
        "UPDATE searched_contents SET number = 4000 WHERE number = 0",
        "DELETE FROM word_segments",
    ):
        await database.with_connection(lambda c, sql=damage: c.execute(text(sql)), write=True)
        assert await _faults(database)
        await database.with_connection(word_index.start_anew, write=True)
        assert await _faults(database) == set()
        await indexed(database)
        assert await _faults(database) == set()


async def _faults(database) -> set[str]:
    def examine(connection):
        what, page = set(), fsck.check_search(connection, after="")
        while page.after is not None:
            what |= {finding.what for finding in page.findings}
            page = fsck.check_search(connection, after=page.after)
        return what | {finding.what for finding in page.findings}

    found: set[str] = await database.with_connection(examine)
    return found


async def _rows(database):
    rows = await database.with_connection(
        lambda c: c.execute(text("SELECT first, contents FROM word_pairs")).all()
    )
    return {row.first: word_index.read_row(bytes(row.contents)) for row in rows}


async def test_a_segment_is_not_written_if_one_of_its_contents_was_erased_meanwhile(database):
    await database.run(filed)
    segment = await database.with_connection(lambda c: word_index.next_segment(c, least=1))
    await database.run(lambda tx: tx.contents.erase(["k_1_0"]))

    with pytest.raises(Conflict):
        await database.with_connection(lambda c: word_index.add_segment(c, segment), write=True)

    assert await _rows(database) == {}
    await indexed(database)
    with pytest.raises(Conflict):  # of another replica
        await database.with_connection(lambda c: word_index.add_segment(c, segment), write=True)


async def test_a_segment_has_no_more_text_than_fits_into_memory(database, monkeypatch):
    monkeypatch.setattr(word_index, "LONGEST", 20)
    await database.run(filed)
    segments = 0
    while await waiting(database):
        await indexed(database)
        segments += 1

    assert segments == 4
    assert await database.read(search("压坏")) == ["C-2026-0002", "C-2026-0001"]


async def test_a_database_from_before_is_searched_and_then_indexed(url):
    database = await open_database(url)
    await database.run(filed)
    await database.with_connection(_from_before, write=True)

    assert await waiting(database) == sum(map(bool, (said for one in FORMS for said in one)))
    assert await database.read(search("压坏")) == ["C-2026-0002", "C-2026-0001"]
    await indexed(database)
    assert await database.read(search("压坏")) == ["C-2026-0002", "C-2026-0001"]
    await database.aclose()


def _from_before(connection):
    """Takes this step of the schema back, and makes it again."""
    for name in ("searched_contents", "word_segments", "word_pairs"):
        connection.execute(text(f"DROP TABLE {name}"))
    connection.execute(text("UPDATE alembic_version SET version_num = '0021'"))
    running.migrate(connection, to="0022")
