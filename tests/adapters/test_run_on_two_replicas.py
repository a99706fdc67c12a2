"""Two processes of `closeloop run` on one PostgreSQL serve Slack and the HTTP API; one is lost.

`tests/rig/test_two_processes.py` loses one at every crash point, in simulated time; here the whole
program runs, and the lease of what the lost one was about to send really ends.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from pathlib import Path

import httpx
import pytest

from tests.adapters.running import NAMES, Later, Running, free_port
from tests.adapters.slack_side import OnSlack
from tests.fakes.slack import FakeSlack, sample
from tests.outside import CASE, TOKEN
from tests.rig.programs import get

pytestmark = pytest.mark.postgres

CASES_MOST = 30
COMMIT = 20  # at which the first one dies, counted once it serves
API = f"""
[api]
tokens = [{{ name = "crm", token = "{TOKEN}", may_file_for = "department:customer-service" }}]
"""


async def starts(replica: Running, **environ: str) -> None:
    """With a port of its own: host name and port are the name of a replica."""
    await replica.start(CLOSELOOP_HTTP__PORT=str(free_port()), **environ)


async def send(replica: Running, number: int) -> int:
    """File a case, always the same one for a number; the status of the answer."""
    head = {"authorization": f"Bearer {TOKEN}", "idempotency-key": f"order-{number}"}
    async with httpx.AsyncClient(base_url=replica.address, trust_env=False) as client:
        answer = await client.post("/api/cases", json=CASE, headers=head, timeout=60)
    return answer.status_code


async def until_it_dies(replica: Running) -> int:
    """File cases; the number of the one that was not answered."""
    for number in range(1, CASES_MOST + 1):
        try:
            assert await send(replica, number) == 201
        except httpx.TransportError:
            return number
    pytest.fail("it did not die")


async def test_a_stack_of_two_replicas_survives_the_loss_of_one(
    tmp_path: Path, postgres_url: str
) -> None:
    """R1, R5, R7, R18: what the lost one left the other one does, everything once."""
    later = Later()
    async with FakeSlack(sample(), now=later.now) as slack:
        people = OnSlack(slack, NAMES)
        first = Running.deployed(
            tmp_path,
            settings={"slack": people.section("socket")},
            people=people.accounts,
            later=later,
        )
        with (first.folder / "config.toml").open("a", encoding="utf-8") as file:
            file.write(API)
        await first.moves_to(postgres_url)
        second = Running(first.folder, later)
        try:
            dying = first.dying(f"db.after_commit:{COMMIT}")
            await asyncio.gather(starts(first, **dying), starts(second))
            await slack.connected(4)
            first.may_die()

            number = await until_it_dies(first)
            await first.dies()
            assert await send(second, number) in {200, 201}  # whether or not it was committed
            assert await send(second, number + 1) == 201

            await _go_on(people, cases=number + 1)
            await _is_whole(second, cases=number + 1)
            assert get(f"{second.address}readyz")[0] == 200
            assert await second.stop() == 0
            people.each_once()
        finally:
            await first.aclose()
            await second.aclose()


async def _go_on(people: OnSlack, *, cases: int) -> None:
    """Everybody was told of each case, also of those that the lost one was about to send."""
    for number in range(1, cases + 1):
        await people.card("liu.yang", f"C-2026-{number:04}", button="认领")
    await people.presses("liu.yang", "认领", "C-2026-0001")
    await people.decides("liu.yang", "分类分级", "C-2026-0001", grade="urgent", category="product")
    await people.card("li.qiang", "C-2026-0001", "处理并答复", button="登记答复")


async def _is_whole(replica: Running, *, cases: int) -> None:
    listed = await replica.run("case", "list")
    assert len(listed) == cases
    shown = await replica.run("case", "show", "C-2026-0001")
    done = Counter(event["type"] for event in shown["history"])
    assert (done["CaseStarted"], done["TaskClaimed"], done["TaskCompleted"]) == (1, 1, 1)
    checked = await replica.run("fsck")
    assert (checked["findings"], checked["cases"]) == ([], cases)
