"""What one replica knows of the others: how many they are, where they write, what to wait for."""

from __future__ import annotations

from bot.runtime.replicas import AGAIN, LASTS, TALK
from tests.fakes.faulty_chat import FaultyChat
from tests.fakes.runtime import Crew
from tests.stories.deeds import file_complaint
from tests.unit.bot.runtime.conftest import Manned
from workflows.errors import Retryable, Unknown
from workflows.moments import SECOND
from workflows.records import OutboxRow


def replica(work: Manned, owner: str) -> tuple[Crew, FaultyChat]:
    """One of several processes, with a client of its own."""
    chat = FaultyChat(in_conversations=True)
    platforms = {chat.name: chat}
    crew = Crew(db=work.database, office=work.office, platforms=platforms, owner=owner, alone=False)
    return crew, chat


async def rows(work: Manned) -> tuple[OutboxRow, ...]:
    """Every message that is owed, as the next to claim it would get it."""
    far = work.clock.now() + 3600 * SECOND
    return await work.database.run(
        lambda tx: tx.outbox.claim(now=far, limit=100, owner="test", lease_until=far)
    )


async def test_the_part_of_a_replica_that_died_is_used_by_the_others_after_its_lease(
    work: Manned,
) -> None:
    (one, chat), (other, _) = replica(work, "one"), replica(work, "other")
    for crew in (one, other, one):
        await crew.pump.step()
    assert chat.replicas == 2

    work.clock.set(work.clock.now() + LASTS)
    await one.pump.step()

    assert chat.replicas == 1


async def test_the_part_of_a_replica_that_stopped_is_used_by_the_others_at_once(
    work: Manned,
) -> None:
    (one, chat), (other, _) = replica(work, "one"), replica(work, "other")
    for crew in (one, other, one):
        await crew.pump.step()

    await other.pump.stop(within=0)
    await one.pump.step()

    assert chat.replicas == 1


async def test_a_replica_that_goes_on_keeps_its_part(work: Manned) -> None:
    (one, chat), (other, _) = replica(work, "one"), replica(work, "other")
    for _ in range(10):
        await other.pump.step()
        await one.pump.step()
        work.clock.set(work.clock.now() + LASTS // 3)

    assert chat.replicas == 2


async def test_one_replica_at_a_time_writes_in_a_conversation(work: Manned) -> None:
    work.asleep = True
    (one, first), (other, second) = replica(work, "one"), replica(work, "other")
    for crew in (one, other, one):
        await crew.pump.step()
    await work.filed()
    await one.pump.step()
    assert first.calls != []

    work.clock.set(work.clock.now() + TALK - 1)
    await file_complaint(work.person("wang.fang"))
    await other.pump.step()
    assert second.calls == []
    assert {row.claim for row in await rows(work)} == {1}, "these were no attempts"

    work.clock.set(work.clock.now() + 3600 * SECOND)
    await other.pump.step()
    assert second.calls != []


async def test_a_card_is_left_to_the_replica_that_can_answer_the_click_on_it(work: Manned) -> None:
    """Slack gives whoever got the click a way to change the card that no rate limits."""
    work.asleep = True
    (one, first), (other, second) = replica(work, "one"), replica(work, "other")
    for crew in (one, other, one):
        await crew.pump.step()
    person = await work.person("liu.yang").key()
    second.clicked.append(f"account of {person}")
    await other.pump.step()
    await work.filed()
    await one.pump.step()
    assert first.people
    assert person not in first.people

    work.clock.set(work.clock.now() + AGAIN)
    await other.pump.step()
    assert second.people == [person]


async def test_a_wait_is_kept_by_the_process_that_is_started_next(owed: Manned) -> None:
    """Also where there is only one."""
    owed.chat.faults.append(Retryable("limited", after=40, scope="room 1"))
    await owed.crew.pump.step()
    assert owed.chat.parked == {}  # its client knows it already

    owed.clock.set(owed.clock.now() + 10 * SECOND)
    owed.restart()
    await owed.crew.pump.start()

    assert owed.chat.parked == {"room 1": 30}


async def test_what_was_told_to_wait_has_not_failed_and_was_no_attempt(owed: Manned) -> None:
    owed.chat.always = Retryable("limited", after=40, scope="room 1")
    await owed.crew.pump.step()

    assert {(row.attempts, row.claim) for row in await rows(owed)} == {(0, 1)}


async def test_what_the_platform_may_have_done_was_an_attempt(owed: Manned) -> None:
    owed.chat.always = Unknown("no_reply")
    await owed.crew.pump.step()

    assert {(row.attempts, row.claim) for row in await rows(owed)} == {(1, 2)}
