"""A deployment to try commands in: made once, copied for every test."""

import os
import shutil
from pathlib import Path

import pytest

from tests.command import closeloop


@pytest.fixture(scope="session")
def pristine(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What `closeloop init` writes."""
    place = tmp_path_factory.mktemp("deployment")
    done = closeloop("init", "company", "--language", "zh", cwd=place)
    assert done.code == 0, done.err
    return place / "company"


@pytest.fixture
def deployment(pristine: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A deployment of this test's own; the test stands in it, and speaks English."""
    place = tmp_path / "company"
    shutil.copytree(pristine, place)
    monkeypatch.chdir(place)
    for name in os.environ:
        if name.startswith("CLOSELOOP_") or name in ("LC_ALL", "LC_MESSAGES"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("LANG", "en_US.UTF-8")
    return place
