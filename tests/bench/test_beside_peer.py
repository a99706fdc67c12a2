"""The peer's environment may fail; and all sides make the same five approvals."""

import asyncio
import hashlib
import sys
from contextlib import ExitStack
from pathlib import Path

import pytest

from storage.connect import open_database
from tests.bench import approvals, beside_peer, decisions, environment, plain, running_peer
from tests.bench.environment import NotBuilt
from tests.bench.ground import Ground

LOCK = environment.LOCK


def test_an_environment_that_cannot_be_built_is_said_in_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PIP_NO_INDEX", "1")

    with pytest.raises(NotBuilt) as found:
        environment.built(tmp_path / "environment", LOCK)

    assert "asyncpg" in str(found.value)
    assert "\n" not in str(found.value)
    assert not (tmp_path / "environment" / "built-of").exists()  # the next run tries again


def test_a_peer_that_does_not_start_is_said_in_one_line(tmp_path: Path) -> None:
    _broken(tmp_path / "environment")

    with pytest.raises(NotBuilt, match="no such module"):
        ExitStack().enter_context(running_peer.running(tmp_path, cache=tmp_path / "environment"))


def test_without_the_peer_the_rest_is_measured(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    _broken(tmp_path / "environment")
    monkeypatch.setattr(beside_peer, "CACHE", tmp_path / "environment")
    monkeypatch.setattr(beside_peer, "SERVERS", False)
    for name in ("ROUNDS", "WARM", "INSTANCES", "WARM_MANY", "INSTANCES_MANY"):
        monkeypatch.setattr(beside_peer, name, 1)

    tables = list(beside_peer.measure(Ground(folder=tmp_path, slow=False)))

    said = capsys.readouterr().out
    assert said.count("\n") == 1
    assert "SpiffWorkflow is not measured" in said
    assert "no such module" in said
    names = [line.name.strip() for table in tables for line in table.lines]
    assert beside_peer.ONE in names
    assert "beside plain rows" in names
    assert "SpiffWorkflow" not in " ".join(names)


def _broken(cache: Path) -> None:
    """An environment that was built, whose Python cannot run the program."""
    (cache / "bin").mkdir(parents=True)
    python = cache / "bin" / "python"
    python.write_text("#!/bin/sh\necho 'no such module' >&2\nexit 1\n")
    python.chmod(0o755)
    stamp = hashlib.sha256(LOCK.read_bytes() + sys.version.encode()).hexdigest()
    (cache / "built-of").write_text(stamp)


async def test_an_instance_of_closeloop_is_five_approvals(tmp_path: Path) -> None:
    database = await open_database(f"sqlite:///{tmp_path}/live.db", upgrade=True)
    staff = await approvals.furnish(database)

    await staff.instances(database, decisions.new_office(), count=3, callers=2)

    cases = await database.read(
        lambda tx: [tx.cases.load(f"A-2026-{n:04d}", lock=False) for n in (1, 2, 3)]
    )
    for case in cases:
        assert case is not None
        assert case.status.value == "completed"
        assert [task.outcome for task in case.tasks] == ["approve"] * len(plain.APPROVERS)
    await database.aclose()


def test_an_instance_on_plain_rows_is_five_approvals(tmp_path: Path) -> None:
    connection = plain.on_sqlite(str(tmp_path / "plain.db"))

    plain.instance_on_sqlite(connection, 1)

    assert connection.execute("SELECT seq, status FROM instances").fetchall() == [(6, "completed")]
    assert connection.execute("SELECT count(*) FROM events").fetchone() == (6,)
    assert connection.execute("SELECT count(*) FROM outbox").fetchone() == (6,)
    assert connection.execute("SELECT count(*) FROM timers").fetchone() == (0,)
    connection.close()


@pytest.mark.postgres
def test_plain_rows_are_the_same_on_postgresql(postgres_url: str) -> None:
    async def run() -> list[tuple[int, str]]:
        connection = await plain.on_postgresql(postgres_url)
        await plain.instance_on_postgresql(connection, 1)
        rows = await connection.fetch("SELECT seq, status FROM instances")
        await connection.close()
        return [tuple(row) for row in rows]

    assert asyncio.run(run()) == [(6, "completed")]
