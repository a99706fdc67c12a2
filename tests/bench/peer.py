"""Five approvals on SpiffWorkflow, each decision durable: a program for the peer's own environment.

It imports nothing of closeloop. Each line that it reads is a JSON object that asks for one round:

    {"database": "…/round.db", "timers": true, "warm": 2, "instances": 20, "flush_us": 1000}

`database` is a path for SQLite or a `postgresql://` URL, both empty. Each line that it writes is
the answer: `rate` in decisions a second, `cpu` in seconds of processor time for a decision, and
`size` of the stored instance in bytes. It ends with its input.

A decision reads the whole instance, runs it and writes it, as JSON, if it still has the version
that was read. With `timers`, each step has a boundary timer that would end it after three days.
"""

from __future__ import annotations

import asyncio
import ctypes
import io
import itertools
import json
import sqlite3
import sys
import time
from collections.abc import Callable
from functools import partial
from typing import Any, Protocol

from SpiffWorkflow.bpmn.parser import BpmnParser
from SpiffWorkflow.bpmn.serializer import BpmnWorkflowSerializer
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.util.task import TaskState

STEPS = 5
PROCESS = "approvals"
APPROVERS = ("lin.wei", "gao.feng", "chen.jing", "qian.li", "deng.kai")
_SERIALIZER = BpmnWorkflowSerializer()
_CREATE = "CREATE TABLE instances (id INTEGER PRIMARY KEY, seq INTEGER, state TEXT)"
_INSERT = "INSERT INTO instances (id, seq, state) VALUES ({}, 1, {})"
_SELECT = "SELECT seq, state FROM instances WHERE id = {}"
_UPDATE = "UPDATE instances SET seq = seq + 1, state = {} WHERE id = {} AND seq = {}"

Change = Callable[[str], str]


class Store(Protocol):
    """Where instances are kept, each change in a transaction of its own."""

    def insert(self, number: int, state: str) -> None: ...

    def change(self, number: int, change: Change) -> None: ...

    def close(self) -> None: ...


class OnSqlite:
    """A file."""

    def __init__(self, path: str) -> None:
        self._execute = sqlite3.connect(path, isolation_level=None).execute
        for pragma in ("journal_mode=WAL", "synchronous=FULL"):
            self._execute(f"PRAGMA {pragma}")
        self._execute(_CREATE)

    def insert(self, number: int, state: str) -> None:
        self._execute(_INSERT.format("?", "?"), (number, state))

    def change(self, number: int, change: Change) -> None:
        self._execute("BEGIN IMMEDIATE")
        seq, state = self._execute(_SELECT.format("?"), (number,)).fetchone()
        update = self._execute(_UPDATE.format("?", "?", "?"), (change(state), number, seq))
        assert update.rowcount == 1
        self._execute("COMMIT")

    def close(self) -> None:
        """The file is thrown away."""


class OnPostgres:
    """A server."""

    def __init__(self, url: str) -> None:
        import asyncpg

        self._loop = asyncio.new_event_loop()
        self._wait = self._loop.run_until_complete
        self._connection = self._wait(asyncpg.connect(url))
        self._wait(self._connection.execute(_CREATE))

    def insert(self, number: int, state: str) -> None:
        self._wait(self._connection.execute(_INSERT.format("$1", "$2"), number, state))

    def change(self, number: int, change: Change) -> None:
        self._wait(self._change(number, change))

    async def _change(self, number: int, change: Change) -> None:
        to = self._connection
        async with to.transaction():
            row = await to.fetchrow(_SELECT.format("$1") + " FOR UPDATE", number)
            update = _UPDATE.format("$1", "$2", "$3")
            assert await to.execute(update, change(row["state"]), number, row["seq"]) == "UPDATE 1"

    def close(self) -> None:
        self._wait(self._connection.close())
        self._loop.close()


def main() -> None:
    """Answer one line after the other."""
    specs = {timers: _spec(timers=timers) for timers in (False, True)}
    for line in sys.stdin:
        asked = json.loads(line)
        _slow_flush(asked["flush_us"])
        print(json.dumps(_round(specs[asked["timers"]], asked)), flush=True)


def _round(spec: Any, asked: dict[str, Any]) -> dict[str, float]:
    place: str = asked["database"]
    store: Store = OnPostgres(place) if place.startswith("postgresql://") else OnSqlite(place)
    sizes: list[int] = []

    def instance(number: int) -> None:
        store.insert(number, _started(spec))
        for step in range(STEPS):
            store.change(number, partial(_approved, step=step, sizes=sizes))

    for number in range(asked["warm"]):
        instance(number)
    started, worked = time.perf_counter(), time.process_time()
    for number in range(asked["instances"]):
        instance(asked["warm"] + number)
    decisions = asked["instances"] * STEPS
    rate = decisions / (time.perf_counter() - started)
    cpu = (time.process_time() - worked) / decisions
    store.close()
    return {"rate": rate, "cpu": cpu, "size": sum(sizes) / len(sizes)}


def _started(spec: Any) -> str:
    workflow = BpmnWorkflow(spec)
    workflow.data.update(title="Office chairs", amount="1200", filer="wang.fang")
    workflow.do_engine_steps()
    state: str = _SERIALIZER.serialize_json(workflow)
    return state


def _approved(state: str, *, step: int, sizes: list[int]) -> str:
    workflow = _SERIALIZER.deserialize_json(state)
    workflow.refresh_waiting_tasks()
    (task,) = workflow.get_tasks(state=TaskState.READY, manual=True)
    task.data[f"step{step}"] = {"by": APPROVERS[step], "outcome": "approve", "at": time.time()}
    task.run()
    workflow.do_engine_steps()
    assert workflow.is_completed() == (step == STEPS - 1)
    written: str = _SERIALIZER.serialize_json(workflow)
    sizes.append(len(written))
    return written


def _slow_flush(microseconds: int) -> None:
    if microseconds or hasattr(ctypes.CDLL(None), "flush_delay_us"):
        ctypes.c_long.in_dll(ctypes.CDLL(None), "flush_delay_us").value = microseconds


# ---------------------------------------------------------------------------- the process


def _spec(*, timers: bool) -> Any:
    parser = BpmnParser()
    parser.add_bpmn_io(io.BytesIO(_bpmn(timers=timers).encode()))
    return parser.get_spec(PROCESS)


def _bpmn(*, timers: bool) -> str:
    """Five user tasks in a row, each with a timer at its edge or without."""
    nodes = ["start", *(f"step{step}" for step in range(STEPS)), "done"]
    parts = ['<startEvent id="start"/>', '<endEvent id="done"/>']
    parts += [f'<userTask id="{node}" name="{node}"/>' for node in nodes[1:-1]]
    flows = list(itertools.pairwise(nodes))
    if timers:
        parts.append('<endEvent id="late"/>')
        flows += [(f"{node}-late", "late") for node in nodes[1:-1]]
        parts += [
            f'<boundaryEvent id="{node}-late" attachedToRef="{node}"><timerEventDefinition>'
            '<timeDuration>"P3D"</timeDuration></timerEventDefinition></boundaryEvent>'
            for node in nodes[1:-1]
        ]
    parts += [
        f'<sequenceFlow id="f{n}" sourceRef="{one}" targetRef="{other}"/>'
        for n, (one, other) in enumerate(flows)
    ]
    namespace = "http://www.omg.org/spec/BPMN/20100524/MODEL"
    process = f'<process id="{PROCESS}" isExecutable="true">{"".join(parts)}</process>'
    return f'<definitions xmlns="{namespace}" targetNamespace="bench">{process}</definitions>'


if __name__ == "__main__":
    main()
