"""A backup that an earlier release made is restored, brought up to date, proved and held."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from storage import schema
from tests.command import inside
from tests.compat import kept

Filled = Callable[[str, str], str]


@pytest.mark.parametrize("revision", kept.REVISIONS)
def test_an_archive_of_an_earlier_release_is_restored_and_brought_up_to_date(
    filled: Filled, revision: str
) -> None:
    path = Path(filled(revision, "sqlite").removeprefix("sqlite:///"))
    for left in (*path.parent.glob("closeloop.db*"), path.parent / "files"):
        shutil.rmtree(left) if left.is_dir() else left.unlink()
    kept.put_archive(revision, Path("old.tar"))
    done = inside("restore", "old.tar")

    assert done.code == 0, done.err
    assert "129" in done.err  # events that were proved
    checked = inside("fsck", "--json")
    assert (checked.code, checked.json["findings"], checked.json["files"]) == (0, [], 1)
    assert inside("audit", "verify").code == 0
    assert "Held after a restore" in inside("release", "--look").err
    assert inside("db", "upgrade").out.strip() == f"The schema is {schema.NEWEST}."


def test_a_loaded_dump_of_an_earlier_release_is_upgraded_first(
    filled: Filled, request: pytest.FixtureRequest
) -> None:
    """On PostgreSQL its own tools put it back; until then nothing is held and nothing is proved."""
    filled("0003", "postgresql")
    refused = inside("restore", "--loaded")

    assert refused.code == 2
    assert "0003" in refused.err
    assert "closeloop db upgrade" in refused.err
    assert inside("db", "upgrade").code == 0
    done = inside("restore", "--loaded")
    assert done.code == 0, done.err
    assert "129" in done.err
    assert "Held after a restore" in inside("release", "--look").err
