"""Lists of cases: whatever is asked for, the few cases of a person and the many give the same."""

from dataclasses import dataclass, replace
from itertools import product
from typing import Any

import pytest
from msgspec import structs

from storage import case_queries, word_search
from tests.contract import values as v
from workflows.actions.send_back import TaskReturned
from workflows.case.scope import Scope
from workflows.case.status import Status
from workflows.case.task import TaskStatus
from workflows.flow.entering import TaskCompleted
from workflows.records import CaseQuery, Change, SearchWord

PEOPLE = ("p_ann", "p_bob", "p_cai")
NOW = v.at(100)


@dataclass(frozen=True, kw_only=True)
class Made:
    """One case, as the queries see it."""

    number: int
    running: bool
    process: str
    filer: str
    holder: str
    late: bool
    copied: tuple[str, ...]
    watches: tuple[str, ...]
    did: str
    word: str

    @property
    def id(self) -> str:
        return f"C-2026-{self.number:04}"

    @property
    def due(self) -> float:
        return self.number if self.late else 200 + self.number

    @property
    def people(self) -> set[str]:
        return {self.filer, self.holder, self.did, *self.copied} - {""}


def made(number: int) -> Made:
    """A spread in which every combination of two properties occurs."""
    return Made(
        number=number,
        running=number % 5 != 0,
        process="complaint" if number % 3 else "launch",
        filer=PEOPLE[number % 3],
        holder=PEOPLE[number // 3 % 3],
        late=number % 4 == 1,
        copied=(PEOPLE[number // 2 % 3],) if number % 2 else (),
        watches=(PEOPLE[number // 4 % 3],) if number % 7 < 3 else (),
        did=PEOPLE[number // 5 % 3] if number % 6 < 4 else "",
        word="chairs 桌椅" if number % 8 < 3 else "tables",
    )


ALL = tuple(made(number) for number in range(1, 61))


def filed(tx) -> None:
    for one in ALL:
        task = v.task(assignee=one.holder)
        given = v.case(
            one.id,
            process=one.process,
            filer=one.filer,
            status=Status.RUNNING,
            created_at=v.at(one.number // 2),  # two at a time
            tasks=(task,),
            clocks=(v.clock(due=one.due),),
            scopes=(Scope(copied=one.copied),),
            following=one.watches,
        )
        v.file_case(tx, given)
        tx.contents.put(v.content(one.id, f"k_{one.id}", body={"values": {"what": one.word}}))
        if one.did:
            _decided(tx, one)
        if not one.running:
            done = v.task(assignee=one.holder, decided_by=one.did, status=TaskStatus.DONE)
            end = {"status": Status.COMPLETED, "closed_at": v.at(99), "clocks": ()}
            v.go_on(tx, one.id, tasks=(done,), **end)


def _decided(tx, one: Made) -> None:
    """Half of them through a deputy, half of them returned."""
    old = tx.cases.load(one.id)
    body = (
        TaskCompleted(task="t1", outcome="complete", content=None)
        if one.number % 4 < 2
        else TaskReturned(task="t1", to="handle", content=v.ref())
    )
    deputy = one.number % 2 == 0
    event = v.event(old.seq + 1, body, actor="p_deputy" if deputy else one.did)
    event = structs.replace(event, on_behalf_of=one.did if deputy else None)
    new = structs.replace(
        old, seq=event.seq, tasks=(v.task(assignee=one.holder, decided_by=one.did),)
    )
    tx.cases.save(Change(case=new, events=(event,)))


def expected(query: CaseQuery) -> list[str]:
    """The answer by comparing every case with every condition."""

    def fits(one: Made) -> bool:
        late = one.running and one.late
        words = (one.word + one.id).casefold()
        return all(
            (
                query.participant in (None, *one.people),
                query.filer in (None, one.filer),
                query.decided_by in (None, one.did),
                query.copied_to in (None, *one.copied),
                query.watched_by in (None, *one.watches),
                query.held_by is None or (one.running and one.holder in query.held_by),
                query.node in (None, "handle"),  # where all of them are
                query.ended in (None, not one.running),
                query.process in (None, one.process),
                query.processes is None or one.process in query.processes,
                query.filed_since is None or v.at(one.number // 2) >= query.filed_since,
                query.closed_since is None or not one.running,
                query.overdue_at is None or late,
                query.in_time_at is None or not late,
                all(word.word in words or one.process in word.processes for word in query.words),
            )
        )

    found = [one for one in ALL if fits(one)]
    if query.oldest:
        return [one.id for one in sorted(found, key=lambda one: (one.number // 2, one.id))]
    if query.overdue_at is not None:
        return [one.id for one in sorted(found, key=lambda one: one.due)]
    return [one.id for one in sorted(found, key=lambda one: (one.number // 2, one.id))[::-1]]


WHOSE: tuple[dict[str, Any], ...] = (
    {},
    {"participant": "p_ann"},
    {"filer": "p_bob"},
    {"participant": "p_cai", "decided_by": "p_cai"},
    {"copied_to": "p_ann"},
    {"watched_by": "p_bob"},
    {"held_by": ("p_ann",)},
    {"held_by": ("p_bob", "p_cai", "p_nobody")},
    {"held_by": ()},
    {"participant": "p_ann", "held_by": ("p_bob",)},
    {"participant": "p_nobody"},
    {"processes": ("launch",)},
    {"processes": ("launch", "complaint"), "process": "complaint"},
    {"processes": ()},
)
WHICH: tuple[dict[str, Any], ...] = (
    {},
    {"overdue_at": NOW},
    {"oldest": True},
    {"overdue_at": NOW, "oldest": True},
    {"in_time_at": NOW},
    {"ended": True},
    {"node": "handle"},
    {"node": "nowhere"},
    {"node": "handle", "overdue_at": NOW},
    {"filed_since": v.at(17)},
    {"closed_since": v.at(99)},
    {"ended": False, "in_time_at": NOW},
    {"words": (SearchWord(word="桌", processes=()),)},
    {"words": (SearchWord(word="launch", processes=("launch",)),), "overdue_at": NOW},
    {
        "words": (
            SearchWord(word="table", processes=()),
            SearchWord(word="c-2026-00", processes=()),
        )
    },
)


@pytest.mark.parametrize("few", [case_queries.FEW, 0])
async def test_each_list_has_the_cases_that_fit_in_its_order(database, few, monkeypatch):
    monkeypatch.setattr(case_queries, "FEW", few)
    monkeypatch.setattr(word_search, "FEW", few)
    await database.run(filed)

    def look(tx):
        for whose, which in product(WHOSE, WHICH):
            query = CaseQuery(**{**whose, **which, "limit": 100})
            wanted = expected(query)
            assert [row.id for row in tx.cases.find(query)] == wanted, query
            assert tx.cases.count(query) == len(wanted), query
            page = replace(query, limit=4, skip=3)
            assert [row.id for row in tx.cases.find(page)] == wanted[3:7], query
            if query.oldest and wanted:
                rest = replace(query, limit=4, before=wanted[0])
                assert [row.id for row in tx.cases.find(rest)] == wanted[1:5], query
        return True

    assert await database.read(look)
