"""The how-to about growing is carried out, and what it says about distributed tables holds."""

from __future__ import annotations

import re
import socket
from pathlib import Path

import pytest
from sqlalchemy import Table, UniqueConstraint

from storage.tables import metadata
from tests.command import closeloop, inside
from tests.complaints import filed
from tests.house.documented import blocks, commands
from tests.house.source import ROOT
from tests.rig import programs

PAGES = {"en": ROOT / "docs/how-to/grow.md", "zh": ROOT / "docs/zh/how-to/grow.md"}
_PLACED = re.compile(r"create_(distributed|reference)_table\('(\w+)'(?:, '(\w+)')?")


@pytest.mark.postgres
def test_the_steps_lead_from_sqlite_to_two_replicas(
    tmp_path: Path, postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LANG", "en_US.UTF-8")
    monkeypatch.setenv("DATABASE", postgres_url)
    assert inside("init", "company").code == 0
    monkeypatch.chdir(tmp_path / "company")
    assert filed().code == 0
    config = Path("config.toml")
    ran = 0
    for kind, text in blocks(PAGES["en"]):
        if kind == "toml":
            (line,) = re.findall(r"^url = .*$", text, re.MULTILINE)
            said = config.read_text(encoding="utf-8")
            config.write_text(re.sub(r'(?m)^url = "sqlite.*$', line, said), encoding="utf-8")
        for words in commands(text) if kind == "sh" else ():
            if words[:2] == ["closeloop", "run"]:
                ran += 1
                continue
            done = closeloop(*words[1:], cwd=Path.cwd(), DATABASE=postgres_url)
            assert done.code == 0, f"{words}: {done.err}"
    assert ran == 2
    _two_run(Path.cwd(), postgres_url)
    assert len(inside("case", "list", "--json").json) == 1


def _two_run(folder: Path, url: str) -> None:
    """Both start, and stop, on one database."""
    ports = [{"CLOSELOOP_HTTP__PORT": str(_free_port())} for _ in range(2)]
    with (
        programs.closeloop("run", folder=folder, DATABASE=url, **ports[0]) as one,
        programs.closeloop("run", folder=folder, DATABASE=url, **ports[1]) as other,
    ):
        for program in (one, other):
            program.says("started")
        assert (one.stop(), other.stop()) == (0, 0)


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


def _keys(table: Table) -> list[set[str]]:
    """Every primary and unique key."""
    unique = [set(one.columns.keys()) for one in table.indexes if one.unique]
    unique += [
        set(one.columns.keys()) for one in table.constraints if isinstance(one, UniqueConstraint)
    ]
    return [set(table.primary_key.columns.keys()), *unique]


@pytest.mark.parametrize("language", PAGES)
def test_every_key_of_a_table_that_may_be_distributed_holds_the_case(language: str) -> None:
    """The rule of `create_distributed_table`, and those about foreign keys."""
    placed = _PLACED.findall(PAGES[language].read_text(encoding="utf-8"))
    columns = {table: column for kind, table, column in placed if kind == "distributed"}
    copied = {table for kind, table, _ in placed if kind == "reference"}

    assert columns == {name: "id" if name == "cases" else "case_id" for name in columns}
    for name, column in columns.items():
        table = metadata.tables[name]
        assert all(column in key for key in _keys(table)), name
        assert not table.foreign_keys, name
    for name in copied:
        assert {key.column.table.name for key in metadata.tables[name].foreign_keys} <= copied


@pytest.mark.parametrize("language", PAGES)
def test_every_table_has_a_place(language: str) -> None:
    text = PAGES[language].read_text(encoding="utf-8")
    rows = re.findall(
        r"^\| (`cases`.*?|`people`.*?|`files`.*?|`case_numbers`.*?) \|", text, re.MULTILINE
    )
    named = [name for row in rows for name in re.findall(r"`(\w+)`", row)]

    assert sorted(named) == sorted(metadata.tables)
