from dataclasses import replace

import pytest

from handlers.contents import keep
from handlers.office import Company, Shelf
from tests.office import MONDAY, Workplace
from tests.unit.handlers.purchase import TEXT, loaded
from workflows.canonical import canonical_json, sealed_digest
from workflows.directory import Person
from workflows.errors import Refusal
from workflows.records import StoredDefinition

COMPANY = Company(name="示例", language="zh", timezone="Asia/Shanghai", admins=("lin.wei",))


def test_a_person_s_own_language_and_zone_come_first() -> None:
    emma = Person(key="p", id="emma", name="Emma", language="en", timezone="Europe/Berlin")

    assert (COMPANY.language_of(emma), COMPANY.zone_of(emma).key) == ("en", "Europe/Berlin")
    plain = replace(emma, language="", timezone="")
    assert (COMPANY.language_of(plain), COMPANY.zone_of(plain).key) == ("zh", "Asia/Shanghai")
    assert COMPANY.language_of(None) == "zh"
    elsewhere = replace(plain, timezone_there="Mars/Olympus")
    assert COMPANY.zone_of(elsewhere).key == "Asia/Shanghai"


async def test_a_definition_that_this_database_lacks_is_refused(work: Workplace) -> None:
    with pytest.raises(Refusal, match="definition_unknown"):
        await work.database.read(lambda tx: work.office.shelf.get(tx, "f" * 64))


def test_the_shelf_forgets_the_oldest_and_parses_once() -> None:
    shelf = Shelf()
    stored = StoredDefinition(
        key="purchase",
        version=1,
        hash=loaded().hash,
        text=TEXT,
        published_at=MONDAY,
        published_by="system",
    )
    first = shelf.load(stored)
    assert shelf.load(stored) is first

    for number in range(Shelf.MOST):
        shelf.load(replace(stored, hash=f"{number}"))

    assert shelf.load(stored) is not first


async def test_content_is_kept_apart_with_its_proof(work: Workplace) -> None:
    body = {"text": "一句话"}
    content = await work.database.run(
        lambda tx: keep(
            tx, work.office, case_id="C-2026-0001", kind="comment", author="p_1", body=body
        )
    )
    kept = await work.database.read(lambda tx: tx.contents.of_case("C-2026-0001"))

    assert kept == {content.id: content}
    facts = {
        "id": content.id,
        "case": "C-2026-0001",
        "kind": "comment",
        "author": "p_1",
        "at": content.at,
    }
    text = canonical_json(body)
    assert content.digest == sealed_digest(salt=content.salt, facts=facts, text=text)
    assert content.ref.digest == content.digest
