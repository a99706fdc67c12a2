"""The bootstrap does nothing when nothing changed, and says what is missing in plain words."""

import sys
from pathlib import Path

import pytest

from scripts import bootstrap


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A checkout whose environment is up to date, for running and for development."""
    binaries = tmp_path / ".venv" / "bin"
    binaries.mkdir(parents=True)
    for name in ("python", "pip"):
        (binaries / name).touch()
    (tmp_path / "requirements.lock").write_text("one==1\n", encoding="utf-8")
    (tmp_path / "requirements-dev.lock").write_text("one==1\ntwo==2\n", encoding="utf-8")
    for name, path in {
        "ROOT": tmp_path,
        "VENV": tmp_path / ".venv",
        "PYTHON": binaries / "python",
        "PIP": binaries / "pip",
        "STAMP": tmp_path / ".venv" / "stamp",
    }.items():
        monkeypatch.setattr(bootstrap, name, str(path))
    bootstrap.write_stamp(bootstrap.wanted_stamp(), dev=True)
    return tmp_path


def ready(*, dev: bool) -> bool:
    return bootstrap.is_ready(bootstrap.read_stamp(), bootstrap.wanted_stamp(), dev=dev)


def test_an_unchanged_environment_is_ready_for_both_purposes(checkout: Path) -> None:
    assert ready(dev=False)
    assert ready(dev=True)
    assert bootstrap.main(["--dev"]) == 0


def test_what_runs_closeloop_does_not_do_for_its_tests(checkout: Path) -> None:
    bootstrap.write_stamp(bootstrap.wanted_stamp(), dev=False)

    assert ready(dev=False)
    assert not ready(dev=True)


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-dev.lock"])
def test_a_changed_lock_makes_it_stale(checkout: Path, lock: str) -> None:
    (checkout / lock).write_text("one==2\n", encoding="utf-8")

    assert not ready(dev=True)


def test_a_removed_python_makes_it_stale(checkout: Path) -> None:
    (checkout / ".venv" / "bin" / "python").unlink()

    assert not ready(dev=False)


def test_another_place_python_or_lock_starts_anew(checkout: Path) -> None:
    now = bootstrap.wanted_stamp()

    assert not bootstrap.outdated({}, now)
    assert not bootstrap.outdated(now, now)
    assert not bootstrap.outdated({key: now[key] for key in now if key != "dev"}, now)
    assert all(bootstrap.outdated({**now, key: "other"}, now) for key in now)


def test_a_python_that_is_too_old_is_told_what_is_needed(
    checkout: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(bootstrap, "NEEDED", (sys.version_info[0], sys.version_info[1] + 1))
    monkeypatch.setattr(bootstrap, "NEWER", [])

    assert bootstrap.main([]) == 2
    said = capsys.readouterr().err
    assert f"is Python {sys.version_info[0]}.{sys.version_info[1]}" in said
    assert "make PYTHON=" in said


def test_a_missing_ensurepip_is_named_with_its_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ensurepip", None)

    problem = bootstrap.create_venv()

    assert problem is not None
    assert "'ensurepip'" in problem
    assert "apt-get install python3-venv" in problem
