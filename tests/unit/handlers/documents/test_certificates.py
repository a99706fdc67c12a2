"""The list of certificates in the document of a case."""

from __future__ import annotations

from dataclasses import replace

import msgspec

from handlers.documents.lists import blocks
from handlers.documents.source import DocumentSource
from handlers.rendering.model import Table, TextTone
from tests.office import MONDAY, Workplace
from tests.unit.handlers.certified_office import NUMBER, PDF, put_in_force
from tests.unit.handlers.readings import reading_of
from workflows.case.task import Verdict


async def document(work: Workplace, *, language: str = "zh", **values: object) -> DocumentSource:
    """A supplier of parts with a licence, a certificate that expires in June, and no permit."""
    await put_in_force(work)
    filer = work.person("emma.clark")
    await filer.says("/certified")
    files = {name: [await filer.uploads(f"{name}.pdf", PDF)] for name in ("license", "iso9001")}
    await filer.fills(
        supplier="华东精工", goods="service", iso9001_expires="2026-06-30", **files, **values
    )
    assert NUMBER in filer.answer.text, filer.answer
    reading = await reading_of(work, "emma.clark", case_id=NUMBER, language=language)
    return DocumentSource(reading=reading)


def rows(source: DocumentSource) -> list[tuple[str, ...]]:
    (table,) = blocks(source, "certificates")
    assert isinstance(table, Table)
    return [tuple(cell.text for cell in row) for row in table.rows]


async def test_each_certificate_has_its_files_expiry_and_validity(work: Workplace) -> None:
    source = await document(work)

    assert rows(source) == [
        ("营业执照", "license.pdf", "—", "长期有效", "—"),
        ("质量体系证书", "iso9001.pdf", "2026年6月30日", "有效", "—"),
    ]


async def test_one_that_expired_or_is_missing_is_told(work: Workplace) -> None:
    source = await document(work, language="en")
    world = source.reading.world
    values = {**world.values, "iso9001_expires": "2026-03-01", "goods": "part"}
    later = replace(source.reading, world=replace(world, values=values))

    (table,) = blocks(replace(source, reading=later), "certificates")
    assert isinstance(table, Table)
    assert [(row[0].text, row[3].text, row[3].tone) for row in table.rows] == [
        ("Business licence", "Does not expire", TextTone.NEUTRAL),
        ("Quality certificate", "Expired", TextTone.DANGER),
        ("Safety permit", "Missing", TextTone.DANGER),
    ]


async def test_an_erased_or_hidden_certificate_shows_nothing_of_it(work: Workplace) -> None:
    source = await document(work, language="en")
    contents = {key: replace(one, body=None) for key, one in source.reading.contents.items()}
    erased = replace(source.reading, contents=contents)
    hidden = replace(source.reading)
    vars(hidden)["hidden"] = frozenset({"license", "license_expires"})

    assert rows(replace(source, reading=erased))[0][2:] == ("—", "—", "—")
    assert "license.pdf" not in str(rows(replace(source, reading=erased)))
    assert [row[0] for row in rows(replace(source, reading=hidden))] == ["Quality certificate"]


async def test_the_last_verdict_about_a_certificate_is_told(work: Workplace) -> None:
    source = await document(work, language="en")
    given = Verdict(subject="license", outcome="return", by="p_chenjing", at=MONDAY)
    case = source.reading.case
    task = msgspec.structs.replace(case.tasks[0], verdicts=(given, Verdict(subject="iso9001")))
    case = msgspec.structs.replace(case, tasks=(task,))

    found = rows(replace(source, reading=replace(source.reading, case=case)))
    assert [row[4] for row in found] == ["Returned", "—"]


async def test_without_certificates_there_is_no_list(work: Workplace) -> None:
    source = await document(work)
    definition = source.reading.definition.model_copy(update={"forms": {}})
    world = replace(source.reading.world, definition=definition)

    assert (
        blocks(replace(source, reading=replace(source.reading, world=world)), "certificates") == ()
    )
