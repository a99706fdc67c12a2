"""What the tests of the outbox do: owe, claim, send."""

from dataclasses import replace

from msgspec import structs

from tests.contract import values as v
from workflows.case.effects import Lane, Post
from workflows.records import SentMessage

CASE = "C-2026-0001"


def post(to="p_1", slot="task:t1", **changes):
    return structs.replace(
        Post(to=to, slot=slot, kind="task", lane=Lane.TASK, task="t1", args={"why": "new"}),
        **changes,
    )


def add(*effects, case_id=CASE, minutes=0, not_before=None):
    return lambda tx: tx.outbox.add(
        effects, case_id=case_id, now=v.at(minutes), not_before=not_before or {}
    )


def claim(minutes=0, limit=100, owner="one", lease=1):
    return lambda tx: tx.outbox.claim(
        now=v.at(minutes), limit=limit, owner=owner, lease_until=v.at(minutes + lease)
    )


def sent(row, platform="slack", ref="1.1", **changes):
    given = SentMessage(
        case_id=row.case_id,
        to=row.to,
        slot=row.slot,
        kind=row.kind,
        task=row.task,
        args=row.args,
        platform=platform,
        ref=ref,
        content_hash="h",
        revision=row.revision,
        sent_at=v.NOW,
    )
    return replace(given, **changes)


def done(row, message=None):
    return lambda tx: tx.outbox.done(row, sent=message)


async def deliver(database, *effects, platforms=("slack",), case_id=CASE):
    """Owes and sends messages."""
    await database.run(add(*effects, case_id=case_id))
    for row in await database.run(claim()):
        for platform in platforms:
            await database.run(done(row, sent(row, platform)))
