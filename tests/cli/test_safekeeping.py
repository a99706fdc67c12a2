"""backup, restore, fsck: what was kept comes back whole, is proved, and stays silent at first."""

import io
import json
import os
import shutil
import sqlite3
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.runtime import hold
from storage import schema
from storage.unit import Tx
from tests.cli.test_operation import in_database
from tests.command import inside
from tests.complaints import filed
from tests.stories.deeds import ONE_PIXEL


@pytest.fixture
def kept(deployment: Path) -> Path:
    """A backup of a deployment with a complaint that has a file."""
    photo = deployment / "photo.png"
    photo.write_bytes(ONE_PIXEL)
    done = filed("--field", f"evidence={photo}")
    assert done.code == 0, done.err
    done = inside("backup", "kept.tar")
    assert done.code == 0, done.err
    return deployment / "kept.tar"


@pytest.fixture
def elsewhere(kept: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Another machine, with the configuration and nothing else; the test stands there."""
    place = tmp_path / "elsewhere"
    place.mkdir()
    for name in ("config.toml", "people.toml", "kept.tar"):
        shutil.copy(kept.parent / name, place)
    shutil.copytree(kept.parent / "processes", place / "processes")
    monkeypatch.chdir(place)
    return place


def the_file(place: Path) -> Path:
    (found,) = (path for path in (place / "files").rglob("f_*") if path.is_file())
    return found


# ------------------------------------------------------------------ backup


def test_a_backup_says_what_is_in_it(kept: Path) -> None:
    with tarfile.open(kept) as tar:
        names = tar.getnames()
        file = tar.extractfile("manifest.json")
        assert file is not None
        manifest = json.load(file)

    assert names[0] == "closeloop.db"
    assert names[-1] == "manifest.json"
    assert [member["name"] for member in manifest["members"]] == names[:-1]
    assert (manifest["counts"]["cases"], manifest["counts"]["files"]) == (1, 1)
    assert manifest["schema"] == schema.NEWEST
    assert len(manifest["heads"]) == 64
    assert kept.stat().st_mode & 0o077 == 0, "personal content is for its owner only"
    assert not [*kept.parent.glob(".kept*")]


def test_a_backup_takes_what_is_recorded_and_no_key(kept: Path) -> None:
    """Not the key of the audit, nor what a kill left behind of somebody who was erased."""
    files = kept.parent / "files"
    (files / "audit.key").write_bytes(b"k" * 32)
    (kept.parent / "audit.key").write_bytes(b"k" * 32)
    upload = the_file(kept.parent)
    upload.with_name("f_erased").write_bytes(b"somebody's")

    assert inside("backup", "second.tar").code == 0

    with tarfile.open("second.tar") as tar:
        names = [Path(name).name for name in tar.getnames()]
    assert sorted(names) == sorted(["closeloop.db", "manifest.json", upload.name])


def test_a_backup_replaces_nothing_unless_it_is_told_to(kept: Path) -> None:
    before = kept.read_bytes()
    refused = inside("backup", "kept.tar")

    assert refused.code == 1
    assert "--force" in refused.err
    assert kept.read_bytes() == before
    assert inside("backup", "kept.tar", "--force").code == 0
    assert inside("backup", "nowhere/kept.tar").code == 2


def test_a_backup_tells_of_a_file_that_is_lost(kept: Path) -> None:
    the_file(kept.parent).unlink()
    done = inside("backup", "later.tar")

    assert done.code == 1
    assert "were lost" in done.err
    assert (kept.parent / "later.tar").exists()


def test_a_file_that_is_erased_meanwhile_is_not_missed(
    kept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from storage import backup, sqlite_copy

    copy, copies = sqlite_copy.copy_database, []

    def erased_after_the_copy(source: Path, target: Path) -> None:
        copy(source, target)
        copies.append(target)
        if len(copies) == 1:
            the_file(kept.parent).unlink()
            with sqlite3.connect(source) as database:
                database.execute("DELETE FROM files")

    monkeypatch.setattr(backup, "copy_database", erased_after_the_copy)

    assert inside("backup", "later.tar").code == 0
    assert len(copies) == 2


def test_postgresql_is_referred_to_its_own_tools(
    deployment: Path, postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CLOSELOOP_STORAGE__URL", postgres_url)
    for command in (("backup", "kept.tar"), ("restore", "kept.tar")):
        done = inside(*command)
        assert done.code == 2
        assert "pg_" in done.err
    assert not (deployment / "kept.tar").exists()


# ------------------------------------------------------------------ restore


def test_a_restored_deployment_is_whole_and_silent(elsewhere: Path) -> None:
    done = inside("restore", "kept.tar")

    assert done.code == 0, done.err
    assert "release" in done.err
    assert in_database(elsewhere, hold.held) == hold.RESTORED
    assert inside("fsck", "--json").json == {
        "good": True,
        "cases": 1,
        "events": inside("audit", "verify", "--json").json["events"],
        "files": 1,
        "findings": [],
    }
    assert inside("audit", "verify").code == 0
    assert the_file(elsewhere).read_bytes() == ONE_PIXEL
    assert sorted(path.name for path in elsewhere.glob(".*")) == []

    look = inside("release", "--look")
    assert "Messages held: " in look.err
    assert "waited since" in look.err
    assert in_database(elsewhere, hold.held) == hold.RESTORED
    done = inside("release")
    assert "Messages held: " in done.err
    assert in_database(elsewhere, hold.held) == ""
    assert "Nothing was held" in inside("release").err


def test_what_is_there_is_never_written_over(kept: Path) -> None:
    refused = inside("restore", "kept.tar")
    assert refused.code == 1
    assert "--force" in refused.err
    filed()
    done = inside("restore", "kept.tar", "--force")

    assert done.code == 0, done.err
    assert len(inside("case", "list", "--json").json) == 1
    (database,) = (
        path
        for path in kept.parent.glob("closeloop.db.before-restore-*")
        if not path.name.endswith(("-wal", "-shm"))
    )
    with sqlite3.connect(database) as old:
        assert old.execute("SELECT count(*) FROM cases").fetchone() == (2,)
    assert len([*kept.parent.glob("files.before-restore-*")]) == 1


def test_what_cannot_be_put_in_place_changes_nothing(kept: Path) -> None:
    shutil.rmtree(kept.parent / "files")
    (kept.parent / "files").write_text("in the way")
    filed()
    done = inside("restore", "kept.tar", "--force")

    assert done.code == 2, done.err
    assert len(inside("case", "list", "--json").json) == 2
    assert not [*kept.parent.glob("*before-restore*")]


def test_nothing_is_restored_under_a_running_bot(kept: Path) -> None:
    from storage.process_lock import ProcessLock

    lock = ProcessLock(kept.parent / "closeloop.db")
    lock.take()
    done = inside("restore", "kept.tar", "--force")
    lock.release()

    assert done.code == 2
    assert str(os.getpid()) in done.err


def rewritten(archive: Path, change: Callable[[str, bytes], bytes | None], *more: str) -> None:
    """The same archive with members changed, left out (None) or added."""
    with tarfile.open(archive) as tar:
        members = []
        for info in tar.getmembers():
            file = tar.extractfile(info)
            assert file is not None
            members.append((info.name, change(info.name, file.read())))
    with tarfile.open(archive, "w") as tar:
        for name, content in [*members, *((name, b"x") for name in more)]:
            if content is not None:
                info = tarfile.TarInfo(name)
                info.size = len(content)
                tar.addfile(info, io.BytesIO(content))


def flipped(what: str) -> Callable[[str, bytes], bytes]:
    def change(name: str, content: bytes) -> bytes:
        hit = name.startswith(what)
        return content[:-1] + bytes([content[-1] ^ 1]) if hit else content

    return change


def without(what: str) -> Callable[[str, bytes], bytes | None]:
    return lambda name, content: None if name.startswith(what) else content


def said(**facts: object) -> Callable[[str, bytes], bytes]:
    """The manifest with other facts."""

    def change(name: str, content: bytes) -> bytes:
        if name != "manifest.json":
            return content
        return json.dumps({**json.loads(content), **facts}).encode()

    return change


@pytest.mark.parametrize(
    ("change", "more", "code"),
    [
        (flipped("closeloop.db"), (), 1),
        (flipped("files/"), (), 1),
        (without("closeloop.db"), (), 1),
        (without("files/"), (), 1),
        (without("manifest.json"), (), 2),
        (flipped("nothing"), ("files/../../escaped",), 1),
        (flipped("nothing"), ("closeloop.db",), 1),
        (said(heads="0" * 64), (), 1),
        (said(counts={"cases": 2, "events": 2}), (), 1),
        (said(schema="9999"), (), 2),
        (said(format=2), (), 2),
        (said(members=[]), (), 1),
        (said(members="x"), (), 2),
    ],
)
def test_a_backup_that_was_changed_restores_nothing(
    elsewhere: Path,
    change: Callable[[str, bytes], bytes | None],
    more: tuple[str, ...],
    code: int,
) -> None:
    rewritten(elsewhere / "kept.tar", change, *more)
    done = inside("restore", "kept.tar")

    assert done.code == code, done.err
    assert not (elsewhere / "closeloop.db").exists()
    assert not (elsewhere / "files").exists()
    assert sorted(path.name for path in elsewhere.glob(".*")) == []


def test_a_file_that_is_no_backup_is_refused(elsewhere: Path) -> None:
    whole = (elsewhere / "kept.tar").read_bytes()
    for content in (b"", b"nonsense" * 100, whole[: len(whole) // 2]):
        (elsewhere / "kept.tar").write_bytes(content)
        assert inside("restore", "kept.tar").code == 2
    assert inside("restore", "missing.tar").code == 2
    assert inside("restore").code == 2
    assert inside("restore", "kept.tar", "--loaded").code == 2


def test_changed_chains_are_found_even_when_the_manifest_fits(kept: Path) -> None:
    with sqlite3.connect(kept.parent / "closeloop.db") as database:
        database.execute("UPDATE contents SET body = replace(body, '远方', '近处')")
    assert inside("backup", "changed.tar").code == 0
    done = inside("restore", "changed.tar", "--force")

    assert done.code == 1
    assert "content_changed" in done.err
    assert not [*kept.parent.glob("*before-restore*")]


def test_what_the_tools_of_the_database_put_back_is_held(deployment: Path) -> None:
    filed()
    assert inside("restore", "--loaded").code == 0
    assert in_database(deployment, hold.held) == hold.RESTORED
    with sqlite3.connect(deployment / "closeloop.db") as database:
        database.execute("UPDATE contents SET body = replace(body, '远方', '近处')")
    assert inside("restore", "--loaded").code == 1


def test_the_backup_of_a_playground_makes_no_deployment(elsewhere: Path) -> None:
    assert inside("restore", "kept.tar").code == 0
    in_database(elsewhere, lambda tx: tx.settings.put("kind", "playground"))
    with sqlite3.connect(elsewhere / "closeloop.db") as database:
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    from storage.sqlite_copy import copy_database

    copy_database(elsewhere / "closeloop.db", elsewhere / "copy.db")
    content = (elsewhere / "copy.db").read_bytes()
    from hashlib import sha256

    def playground(name: str, old: bytes) -> bytes:
        if name == "manifest.json":
            manifest = json.loads(old)
            manifest["members"][0] |= {"size": len(content)}
            manifest["members"][0] |= {"sha256": sha256(content).hexdigest()}
            return json.dumps(manifest).encode()
        return content if name == "closeloop.db" else old

    rewritten(elsewhere / "kept.tar", playground)
    done = inside("restore", "kept.tar", "--force")

    assert done.code == 2
    assert "playground" in done.err


# ------------------------------------------------------------------ fsck


def test_fsck_says_each_finding(kept: Path) -> None:
    the_file(kept.parent).write_text("x")

    def unit(tx: Tx) -> None:
        tx.settings.put("x", "y")

    in_database(kept.parent, unit)
    with sqlite3.connect(kept.parent / "closeloop.db") as database:
        database.execute("DELETE FROM timers")
        database.execute("UPDATE outbox SET case_id = 'C-9'")
    told, data = inside("fsck"), inside("fsck", "--json")

    assert (told.code, data.code) == (1, 1)
    faults = [finding["fault"] for finding in data.json["findings"]]
    assert sorted(set(faults)) == ["file_changed", "left_over", "timer_missing"]
    assert data.json["good"] is False
    assert "a timer is missing" in told.err
    assert "C-9 outbox" in told.err
    the_file(kept.parent).unlink()
    assert "the file is not there" in inside("fsck").err
    assert "things to fix" in inside("fsck").err
