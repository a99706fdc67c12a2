"""Other systems file cases over HTTP and read them, once for each key, on both databases."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from handlers.personal import erase_person
from storage.errors import StorageError
from storage.unit import Tx
from tests.office import furnished
from tests.outside import (
    CASE,
    FIELDS,
    LAUNCHES,
    OTHER,
    TOKEN,
    Outside,
    fields_of,
    refusal,
    served,
    valid,
)

if TYPE_CHECKING:
    from storage.connect import Database


@pytest.fixture
async def outside(database: Database) -> AsyncIterator[Outside]:
    async with served(await furnished(database)) as found:
        yield found


# ------------------------------------------------------------------ filing


async def test_a_case_is_filed_and_read(outside: Outside) -> None:
    answer = await outside.file(key="order-1")
    case = answer.json()
    shown = await outside.get(f"/api/cases/{case['id'].lower()}")
    (line,) = (await outside.get("/api/cases")).json()

    assert answer.status_code == 201
    assert answer.headers["location"] == f"/api/cases/{case['id']}"
    assert answer.headers["cache-control"] == "no-store"
    assert (case["process"], case["status"], case["filer"]) == ("complaint", "running", "wang.fang")
    assert case["fields"]["customer"] == "远方贸易"
    assert case["history"][0]["actor"] == "wang.fang"
    assert case["history"][0]["via"] == "api:crm"
    assert shown.json() == case
    assert line.items() <= case.items()
    valid(case, "Case")
    valid(line, "CaseLine")


async def test_the_filer_gets_their_card_and_the_case_goes_its_way(outside: Outside) -> None:
    await outside.file()
    await outside.work.settle()

    assert await outside.work.person("wang.fang").cards()
    assert await outside.work.person("chen.jing").cards()


async def test_the_same_key_files_once(outside: Outside) -> None:
    first = await outside.file(key="order-1")
    again = await outside.file(key="order-1")
    spelled = json.dumps(dict(reversed(CASE.items())), indent=4)
    kind = {"content-type": "application/json; charset=utf-8"}
    head = {"authorization": f"Bearer {TOKEN}", "idempotency-key": "order-1", **kind}
    same = await outside.client.post("/api/cases", content=spelled, headers=head)

    assert (first.status_code, again.status_code, same.status_code) == (201, 200, 200)
    assert first.json() == again.json() == same.json()
    assert await outside.cases() == [first.json()["id"]]


async def test_requests_with_one_key_at_the_same_moment_file_once(outside: Outside) -> None:
    answers = await asyncio.gather(*(outside.file(key="order-1") for _ in range(8)))

    assert sorted(one.status_code for one in answers) == [200] * 7 + [201]
    assert len(await outside.cases()) == 1


async def test_a_key_belongs_to_one_request(outside: Outside) -> None:
    first = (await outside.file(key="order-1")).json()
    other = {**CASE, "fields": {**FIELDS, "customer": "另一家"}}
    problem = refusal(await outside.file(other, key="order-1"), 409, "key_reused")

    assert first["id"] in problem["detail"]
    assert await outside.cases() == [first["id"]]


async def test_each_token_has_keys_of_its_own(outside: Outside) -> None:
    first = await outside.file(key="order-1")
    second = await outside.file(key="order-1", token=OTHER)

    assert (first.status_code, second.status_code) == (201, 201)
    assert second.json()["history"][0]["via"] == "api:shop"


async def test_without_a_key_each_request_files_a_case(outside: Outside) -> None:
    await outside.file()
    await outside.file()

    assert len(await outside.cases()) == 2


async def test_after_a_refusal_the_key_is_free(outside: Outside) -> None:
    refusal(await outside.file({**CASE, "fields": {}}, key="order-1"), 422, "fields")

    assert (await outside.file(key="order-1")).status_code == 201


async def test_the_same_key_after_personal_data_was_erased_files_nothing(outside: Outside) -> None:
    await outside.file(key="order-1")
    work = outside.work
    directory = await work.directory()
    person = directory.by_id("li.qiang")
    assert person is not None
    await work.database.run(lambda tx: erase_person(tx, work.office, person=person, via="cli"))

    refusal(await outside.file(key="order-1"), 409, "key_forgotten")
    assert len(await outside.cases()) == 1


async def test_the_same_key_gets_the_case_although_the_filer_has_left(outside: Outside) -> None:
    case = (await outside.file(key="order-1")).json()

    def leave(tx: Tx) -> None:
        directory = tx.people.directory()
        people = [replace(one, active=one.id != "wang.fang") for one in directory.people.values()]
        tx.people.replace(people, [*directory.departments.values()])

    await outside.work.database.run(leave)
    again = await outside.file(key="order-1")

    assert (again.status_code, again.json()["id"]) == (200, case["id"])
    assert "as" in fields_of(refusal(await outside.file(), 422, "fields"))


async def test_a_system_sees_the_cases_of_its_people_only(outside: Outside) -> None:
    theirs = (await outside.file({**CASE, "as": "lin.wei"}, token=OTHER)).json()["id"]
    mine = (await outside.file()).json()["id"]
    hidden = await outside.get(f"/api/cases/{theirs}")
    missing = await outside.get("/api/cases/C-2026-9999")

    assert [one["id"] for one in (await outside.get("/api/cases")).json()] == [mine]
    assert len(await outside.cases()) == 2
    refusal(hidden, 404, "case_unknown")
    told = hidden.json()["detail"].replace(theirs, "C-2026-9999")
    assert told == missing.json()["detail"]  # nothing tells that there is one
    assert (await outside.get("/api/cases", token=LAUNCHES)).json() == []
    refusal(await outside.get(f"/api/cases/{mine}", token=LAUNCHES), 404, "case_unknown")


# ------------------------------------------------------------------ lists


async def test_lists_are_narrowed_down_and_read_in_pages(outside: Outside) -> None:
    cases = [(await outside.file()).json()["id"] for _ in range(3)]
    other = {**CASE, "fields": {**FIELDS, "customer": "Blue Harbour"}}
    cases.append((await outside.file(other)).json()["id"])

    async def ids(query: str) -> list[str]:
        return [one["id"] for one in (await outside.get(f"/api/cases?{query}")).json()]

    page = await outside.get("/api/cases?limit=3")
    following = page.headers["link"].partition(">")[0].removeprefix("<")

    assert [one["id"] for one in page.json()] == cases[:0:-1]
    assert [one["id"] for one in (await outside.get(following)).json()] == cases[:1]
    assert await ids("text=blue") == [cases[3]]
    assert await ids("text=远方") == cases[2::-1]
    assert await ids("status=completed") == []
    assert await ids("process=launch") == []
    assert await ids(f"before={cases[1]}") == [cases[0]]
    assert await ids("order=oldest&limit=3") == cases[:3]
    assert await ids(f"order=oldest&before={cases[2]}") == cases[3:]
    assert await ids("department=customer-service") == cases[::-1]
    assert await ids("overdue=true") == []
    await outside.work.passes("30d")
    late = [(await ids("overdue=true&limit=1"))[0]]
    while further := await ids(f"overdue=true&limit=1&before={late[-1]}"):
        late += further
    assert late == cases  # the earliest due first, in pages of one


async def test_the_cases_of_a_department_are_those_that_the_token_may_read(
    outside: Outside,
) -> None:
    mine = (await outside.file()).json()["id"]
    theirs = (await outside.file({**CASE, "as": "ma.chao"}, token=OTHER)).json()["id"]

    async def ids(department: str) -> list[str]:
        found = await outside.get(f"/api/cases?department={department}", token=OTHER)
        return [one["id"] for one in found.json()]

    assert await ids("customer-service") == [mine]
    assert await ids("sales") == [theirs]
    for unknown in ("sales", "sails"):  # of another department it does not learn that it exists
        answer = await outside.get(f"/api/cases?department={unknown}")
        assert fields_of(refusal(answer, 400, "fields")).keys() == {"department"}


# ------------------------------------------------------------------ faults


class Failing:
    """A database whose next unit, or its answer, is lost."""

    def __init__(self, inner: Database) -> None:
        self.inner = inner
        self.fails: list[str] = []

    async def run(self, unit: Any) -> Any:
        why = self.fails.pop(0) if self.fails else ""
        if why == "before":
            raise StorageError("database_unreachable", why="gone")
        if why == "broken":
            raise ZeroDivisionError
        found = await self.inner.run(unit)
        if why == "answer":
            raise StorageError("database_unreachable", why="gone", commit="unknown")
        return found

    async def read(self, unit: Any, *, by: str = "") -> Any:
        return await self.inner.read(unit, by=by)


@pytest.mark.parametrize(
    ("fails", "status"),
    [(["before"], 503), (["broken"], 500), (["answer"], 200), (["answer", "before"], 503)],
)
async def test_a_failure_is_answered_and_the_same_key_files_once(
    database: Database, fails: list[str], status: int
) -> None:
    work = await furnished(database)
    failing = Failing(database)
    async with served(replace(work, database=failing)) as outside:  # type: ignore[arg-type]
        failing.fails = [*fails]
        first = await outside.file(key="order-1")
        again = await outside.file(key="order-1")

        assert first.status_code == status
        if status == 503:
            refusal(first, 503, "unavailable")
            assert first.headers["retry-after"] == "2"
        assert again.status_code in (200, 201)
        assert len(await outside.cases()) == 1
