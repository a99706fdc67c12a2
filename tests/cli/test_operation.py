"""dead list, replay, drop, and release; defects; help."""

import asyncio
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.app.deployment import open_database
from bot.cli.main import command, walk
from bot.config import load_config
from bot.runtime import hold
from handlers.i18n import translator
from storage.unit import Tx
from tests.command import closeloop, environment, inside
from tests.complaints import filed
from workflows.moments import moment_of
from workflows.records import DeadLetter

NOW = moment_of(datetime(2026, 3, 2, 9, tzinfo=UTC))


def in_database(deployment: Path, unit: Any) -> Any:
    async def task() -> Any:
        database = await open_database(load_config(deployment / "config.toml"))
        try:
            return await database.run(unit)
        finally:
            await database.aclose()

    return asyncio.run(task())


def keep(deployment: Path, *, what: str, **payload: object) -> None:
    letter = DeadLetter(
        id="d_1",
        what=what,
        source="playground",
        payload=payload,
        error="Boom\nValueError: x",
        at=NOW,
    )
    in_database(deployment, lambda tx: tx.dead.put(letter))


def key_of(deployment: Path, person: str) -> str:
    def unit(tx: Tx) -> str:
        found = tx.people.directory().by_id(person)
        assert found is not None
        return found.key

    key: str = in_database(deployment, unit)
    return key


# ------------------------------------------------------------------ dead letters


def test_dead_letters_are_listed_and_dropped(deployment: Path) -> None:
    keep(deployment, what="interaction", type="Said")
    (letter,) = inside("dead", "list", "--json").json

    assert letter["id"] == "d_1"
    assert "ValueError: x" in inside("dead", "list").out
    assert inside("dead", "drop", "d_1").code == 0
    assert inside("dead", "drop", "d_1").code == 1
    assert inside("dead", "list", "--json").json == []


def test_a_message_to_another_system_is_replayed(deployment: Path) -> None:
    body = {"id": "msg_C-2026-0001_1", "type": "case.started", "case": "C-2026-0001"}
    place = {"target": "t", "case_id": "C-2026-0001", "seq": 1, "type": "case.started"}
    keep(deployment, what="webhook", **place, body=body, created_at=NOW)
    done = inside("dead", "replay", "d_1")

    assert (done.code, inside("dead", "list", "--json").json) == (0, [])
    assert "will be sent again" in done.err
    assert in_database(deployment, lambda tx: tx.webhooks.count()) == 1


def test_an_interaction_is_replayed_once(deployment: Path) -> None:
    person = key_of(deployment, "wang.fang")
    values = {
        "customer": "远方贸易",
        "contact": "x",
        "channel": "phone",
        "product": "x",
        "what_happened": "x",
    }
    keep(
        deployment,
        what="interaction",
        type="Submitted",
        person=person,
        via="playground",
        key="click-1",
        language="",
        token="start||" + "|complaint",
        values=values,
    )
    done = inside("dead", "replay", "d_1")

    assert done.code == 0
    assert "C-" in done.err
    assert len(inside("case", "list", "--json").json) == 1
    assert inside("dead", "replay", "d_1").code == 1


@pytest.mark.parametrize(
    "payload",
    [{"type": "block_actions", "user": {"id": "U1"}}, {"update": {}}, {"type": "annotations"}],
)
def test_what_no_platform_could_read_is_not_replayed_and_not_lost(
    deployment: Path, payload: dict[str, object]
) -> None:
    keep(deployment, what="interaction", **payload)
    done = inside("dead", "replay", "d_1")

    assert done.code == 1
    assert "cannot be replayed" in done.err
    assert "closeloop dead drop d_1" in done.err
    assert [letter["id"] for letter in inside("dead", "list", "--json").json] == ["d_1"]


def test_a_message_is_owed_again(deployment: Path) -> None:
    case_id = filed().out.strip()
    keep(
        deployment,
        what="message",
        case_id=case_id,
        to=key_of(deployment, "wang.fang"),
        slot="case",
        kind="case",
        lane=2,
        task=None,
        args={},
    )

    assert inside("dead", "replay", "d_1").code == 0
    assert inside("dead", "list", "--json").json == []


def test_a_timer_is_tried_again_at_once(deployment: Path) -> None:
    case_id = filed().out.strip()
    clock = inside("case", "show", case_id, "--json").json["clocks"][0]
    keep(deployment, what="timer", case_id=case_id, clock=clock["key"], due_at=clock["next_at"])
    done = inside("dead", "replay", "d_1")

    assert done.code == 0
    assert inside("dead", "list", "--json").json == []


def test_a_hold_is_ended(deployment: Path) -> None:
    assert "Nothing was held" in inside("release").err
    for why in (hold.CLOCK, hold.RESTORED):
        in_database(deployment, lambda tx, why=why: hold.hold(tx, why=why))
        assert "ended" in inside("release").err
        assert in_database(deployment, hold.held) == ""


# ------------------------------------------------------------------ defects


def test_a_defect_of_ours_is_70_and_leaves_its_traceback(
    deployment: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("a defect")

    monkeypatch.setattr("handlers.reading.record.case_facts", broken)
    monkeypatch.setattr("tempfile.tempdir", str(deployment))
    done = inside("case", "show", "C-2026-0001", "--json")
    (log,) = deployment.glob("closeloop-*.log")

    assert done.code == 70
    assert log.name in done.err
    assert "RuntimeError: a defect" in log.read_text(encoding="utf-8")
    assert "Traceback" not in done.err


def test_a_defect_that_cannot_be_written_down_is_printed(
    deployment: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("a defect")

    monkeypatch.setattr("handlers.reading.record.case_facts", broken)
    monkeypatch.setattr("tempfile.tempdir", str(deployment / "nowhere"))
    done = inside("case", "show", "C-2026-0001", "--json")

    assert done.code == 70
    assert "RuntimeError: a defect" in done.err


def test_an_interrupt_is_130(deployment: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("handlers.reading.record.case_facts", interrupted)

    assert inside("case", "show", "C-2026-0001", "--json").code == 130


# ------------------------------------------------------------------ help


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_command_and_option_is_explained(language: str) -> None:
    for path, one in walk(command(translator(language))):
        assert one.help, path
        for param in one.params:
            assert param.help, (path, param.name)


def test_help_is_quick_because_nothing_heavy_is_loaded(tmp_path: Path) -> None:
    program = (
        "import sys; from bot.cli.main import main; main(['--help']);"
        "heavy = {'sqlalchemy', 'pydantic', 'starlette', 'uvicorn', 'holidays', 'asyncio'};"
        "sys.exit(str(heavy & set(sys.modules)) if heavy & set(sys.modules) else 0)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        env=environment(),
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    assert "playground" in done.stdout


@pytest.mark.parametrize(
    "arguments", [("nothing",), ("case", "nothing"), ("--nothing",), ("case",)]
)
def test_wrong_usage_is_2(deployment: Path, arguments: tuple[str, ...]) -> None:
    assert inside(*arguments).code == 2


def test_the_module_is_the_command(tmp_path: Path) -> None:
    done = closeloop("--help", cwd=tmp_path, language="zh")

    assert done.code == 0
    assert "流程" in done.out
