"""A deployment whose database an earlier revision of the schema filled."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.command import closeloop
from tests.compat import kept
from tests.office import work

__all__ = ["work"]

BOTH = ("sqlite", pytest.param("postgresql", marks=pytest.mark.postgres))


@pytest.fixture(scope="session")
def drafts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What `closeloop init` writes, without the database."""
    place = tmp_path_factory.mktemp("compat")
    done = closeloop("init", "company", "--language", "zh", cwd=place)
    assert done.code == 0, done.err
    for left in (place / "company").glob("closeloop.db*"):
        left.unlink()
    return place / "company"


@pytest.fixture
def filled(
    drafts: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> Callable[[str, str], str]:
    """Makes a deployment on one of both databases, stands in it, and returns the URL."""

    def make(revision: str, kind: str = "sqlite") -> str:
        place = tmp_path / "company"
        shutil.copytree(drafts, place)
        monkeypatch.chdir(place)
        for name in os.environ:
            if name.startswith("CLOSELOOP_") and not name.startswith("CLOSELOOP_TEST_"):
                monkeypatch.delenv(name)
        monkeypatch.setenv("LANG", "en_US.UTF-8")
        kept.put_files(revision, place / "files")
        if kind == "sqlite":
            kept.put_on_sqlite(revision, place / "closeloop.db")
            return f"sqlite:///{place / 'closeloop.db'}"
        url: str = request.getfixturevalue("postgres_url")
        kept.put_on_postgresql(revision, request.getfixturevalue("postgres_server"), url)
        monkeypatch.setenv("CLOSELOOP_STORAGE__URL", url)
        return url

    return make
