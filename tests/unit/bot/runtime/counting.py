"""A small process with alerts, and people who do its work while time passes."""

from __future__ import annotations

from handlers import casework, start
from handlers.alerts.checks import KIND
from handlers.alerts.shown import ShownAlert, firing_alerts
from storage.unit import Tx
from tests.fakes.chat import Message
from tests.office import moment
from tests.unit.bot.runtime.conftest import Manned
from workflows.actions.terminate import Terminate
from workflows.case.events import SYSTEM
from workflows.loading import load_definition
from workflows.moments import Moment
from workflows.records import AlertRow

OWNER = "tang.yi"  # the director of products
COUNTING = """
key = "counting"
name = { zh = "盘点", en = "Stocktaking" }
purpose = { zh = "定期盘点", en = "Count the stock" }
departments = ["purchasing"]
owner = "role:product-director"
command = "counting"
case_prefix = "K"
start_form = "count"
start = "count"

ALERTS

[forms.count]
name = { zh = "盘点", en = "Count" }
fields = [
  { id = "what", type = "text", required = true, label = { zh = "内容", en = "What" } },
]

[ladders.step]
rungs = [{ at = "due", remind = "assignee" }, { at = "due + 90d", escalate = "owner" }]

[[nodes]]
id = "count"
kind = "task"
name = { zh = "清点", en = "Count" }
assignee = "person:xie.ting"
due = "2wd"
ladder = "step"
next = "done"

[[nodes]]
id = "done"
kind = "end"
name = { zh = "完成", en = "Done" }
"""
AGE = """
[[alerts]]
id = "old"
kind = "case_age"
name = { zh = "长期未结", en = "Open for long" }
raise = "10d"
clear = "5d"
"""
PILE = """
[[alerts]]
id = "pile"
kind = "backlog"
name = { zh = "清点积压", en = "Counts pile up" }
node = "count"
raise = 3
clear = 1
"""
LOAD = """
[[alerts]]
id = "load"
kind = "open_tasks"
name = { zh = "待办过多", en = "Too many tasks" }
raise = 3
clear = 1
"""
LATE = """
[[alerts]]
id = "late"
kind = "rate"
name = { zh = "按时率下降", en = "Late counts" }
measure = "on_time"
raise = "80%"
clear = "90%"
weeks = 2
"""


async def publish(work: Manned, *alerts: str) -> None:
    text = COUNTING.replace("ALERTS", "\n".join(alerts))
    loaded = load_definition(text, file="counting.toml")
    await work.database.run(
        lambda tx: tx.definitions.publish(
            key="counting", hash=loaded.hash, text=loaded.text, at=work.clock.now(), by="system"
        )
    )


async def files(work: Manned, count: int) -> list[str]:
    """So many cases are filed at once; their numbers."""
    filer = await work.person("deng.kai").key()

    def unit(tx: Tx) -> list[str]:
        return [
            start.start_case(
                tx, work.office, process="counting", person=filer, via="web", raw={"what": f"{n}"}
            ).id
            for n in range(count)
        ]

    return await work.database.run(unit)


async def finishes(work: Manned, count: int) -> None:
    """Xie Ting does so many of her tasks, the oldest first."""
    buyer = work.person("xie.ting")
    for _ in range(count):
        await buyer.presses("提交", kind="task")


async def live(work: Manned, until: Moment | str) -> None:
    """Let time pass to when something is due by the calendar, one after the other."""
    end = moment(until) if isinstance(until, str) else until
    await work.settle()
    while (due := await work.crew.rounds.next_at(until=end)) is not None:
        if due <= work.clock.now():
            break
        work.clock.set(due)
        await work.settle()
    work.clock.set(end)
    await work.settle()


async def got(work: Manned, person: str) -> list[Message]:
    """The messages about alerts that a person has."""
    key = await work.person(person).key()
    return [message for message in work.chat.of(key) if message.card.kind == KIND]


async def rows(work: Manned) -> tuple[AlertRow, ...]:
    found = await work.database.read(lambda tx: tx.alerts.all())
    return tuple(row for row in found if row.process == "counting")


async def seen(work: Manned, person: str) -> tuple[ShownAlert, ...]:
    """What fires now, as a person sees it."""
    directory = await work.directory()
    reader = directory.by_id(person)
    assert reader is not None
    return await work.database.read(
        lambda tx: firing_alerts(tx, work.office, reader=reader, language="zh")
    )


async def ended(work: Manned, cases: list[str]) -> None:
    """These cases are not needed any more."""

    def unit(tx: Tx) -> None:
        for case_id in cases:
            casework.change(tx, work.office, Terminate(actor=SYSTEM, via="timer"), case_id=case_id)

    await work.database.run(unit)
