"""audit verify and checkpoint: what was changed in the database is found."""

import hashlib
import random
import sqlite3
from pathlib import Path

import pytest

from bot.runtime import hold
from tests.cli.test_operation import in_database
from tests.command import closeloop, inside
from tests.complaints import filed


def changed(deployment: Path, statement: str) -> None:
    with sqlite3.connect(deployment / "closeloop.db") as database:
        for trigger in database.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'"):
            database.execute(f"DROP TRIGGER {trigger[0]}")
        database.execute(statement)
    database.close()


def test_what_nobody_touched_verifies(deployment: Path) -> None:
    filed()
    done = closeloop("audit", "verify", "--json", cwd=deployment)

    assert done.code == 0
    assert done.json["whole"] is True
    assert (done.json["cases"], done.json["problem"]) == (1, None)


@pytest.mark.parametrize(
    ("statement", "fault"),
    [
        ("UPDATE events SET text = replace(text, 'cli', 'web') WHERE seq = 1", "changed"),
        ("DELETE FROM events WHERE seq = 2", "sequence"),
        ("UPDATE contents SET body = replace(body, '远方', '近处')", "content_changed"),
        ("UPDATE definitions SET text = text || ' '", "definition"),
        ("UPDATE contents SET author = 'p_x' WHERE kind LIKE 'form%'", "content_changed"),
        ("UPDATE people SET manager = key WHERE id = 'wang.fang'", "row_changed"),
        (
            "INSERT INTO accounts SELECT 'slack', 'U6', key, '', '' FROM people LIMIT 1",
            "row_changed",
        ),
        ("DELETE FROM departments WHERE id = 'quality'", "row_removed"),
        ("UPDATE definitions SET published_by = 'p_x'", "row_changed"),
        ("UPDATE settings SET value = 'clock' WHERE name = 'hold'", "row_changed"),
        ("CREATE TRIGGER spy AFTER INSERT ON events BEGIN SELECT 1; END", "schema"),
        ("CREATE VIEW spy AS SELECT * FROM people", "schema"),
        ("CREATE TABLE spy (x)", "schema"),
        ("ALTER TABLE people ADD COLUMN spy TEXT", "schema"),
        ("DROP INDEX ix_messages_person", "schema"),
    ],
)
def test_what_somebody_touched_is_found(deployment: Path, statement: str, fault: str) -> None:
    case_id = filed().out.strip()
    assert inside("release").code == 0
    in_database(deployment, lambda tx: hold.hold(tx, why="restored"))
    assert inside("audit", "verify").code == 0
    changed(deployment, statement)
    told, data = inside("audit", "verify"), inside("audit", "verify", "--json")

    assert (told.code, data.code) == (1, 1)
    assert data.json["problem"]["fault"] == fault
    where = data.json["problem"]["case"]
    assert where in ("", "directory") or case_id in told.err
    assert "cli." not in told.err


def test_a_removed_case_is_found_against_a_checkpoint(deployment: Path) -> None:
    filed()
    assert inside("audit", "checkpoint", "-o", "kept.json").code == 0
    filed()
    assert inside("audit", "verify", "--checkpoint", "kept.json").code == 0
    for table in ("events", "contents", "cases"):
        column = "id" if table == "cases" else "case_id"
        changed(deployment, f"DELETE FROM {table} WHERE {column} LIKE '%-0001'")

    assert inside("audit", "verify").code == 0, "nothing is left that could tell"
    done = inside("audit", "verify", "--checkpoint", "kept.json", "--json")
    assert done.code == 1
    assert done.json["problem"]["fault"] == "case_removed"


def test_a_forged_checkpoint_is_refused(deployment: Path) -> None:
    filed()
    inside("audit", "checkpoint", "-o", "kept.json")
    kept = deployment / "kept.json"
    kept.write_text(kept.read_text().replace('"events": 6', '"events": 7'))

    assert inside("audit", "verify", "--checkpoint", "kept.json").code == 1
    kept.write_text("{}")
    assert inside("audit", "verify", "--checkpoint", "kept.json").code == 2
    assert inside("audit", "verify", "--checkpoint", "missing.json").code == 2


def test_the_key_lies_apart_for_its_owner_only(deployment: Path) -> None:
    assert inside("audit", "checkpoint", "-o", "kept.json").code == 0

    key = deployment / "audit.key"
    assert key.stat().st_mode & 0o777 == 0o600
    assert not [*(deployment / "files").rglob("audit.key")]


def test_a_key_among_the_uploads_moves_out(deployment: Path) -> None:
    """As earlier releases left it; checkpoints that it signed stay good."""
    inside("audit", "checkpoint", "-o", "kept.json")
    (deployment / "files").mkdir(exist_ok=True)
    (deployment / "audit.key").rename(deployment / "files" / "audit.key")
    (deployment / "files" / "audit.key").chmod(0o644)

    assert inside("audit", "verify", "--checkpoint", "kept.json").code == 0

    assert (deployment / "audit.key").stat().st_mode & 0o777 == 0o600
    assert not (deployment / "files" / "audit.key").exists()


def test_of_two_keys_none_is_lost(deployment: Path) -> None:
    inside("audit", "checkpoint", "-o", "kept.json")
    (deployment / "files").mkdir(exist_ok=True)
    (deployment / "files" / "audit.key").write_text("another key of some other machine")

    assert inside("audit", "verify", "--checkpoint", "kept.json").code == 0
    assert (deployment / "files" / "audit.key").exists()


@pytest.mark.parametrize("also", ["its bytes alone", "its record", "its record and its size"])
def test_an_upload_that_was_exchanged_is_found(deployment: Path, also: str) -> None:
    (deployment / "proof.pdf").write_bytes(b"%PDF-1.7\n...")
    filed("--field", "evidence=proof.pdf")
    assert inside("audit", "verify", "--json").json["uploads"] == 1
    (upload,) = [path for path in (deployment / "files").rglob("f_*") if path.is_file()]
    other = b"%PDF-1.7\n:::" if also != "its record and its size" else b"%PDF-1.7 another"
    upload.write_bytes(other)
    if also != "its bytes alone":
        digest = hashlib.sha256(other).hexdigest()
        changed(deployment, f"UPDATE files SET sha256 = '{digest}', size = {len(other)}")

    done = inside("audit", "verify", "--json")

    assert done.code == 1
    assert done.json["problem"]["fault"] == "upload_changed"
    assert inside("fsck").code == (1 if also == "its bytes alone" else 0)


def test_verify_says_what_it_covers(deployment: Path) -> None:
    filed()
    told = inside("audit", "verify", "--language", "zh")

    assert told.code == 0
    for word in ("人员", "账号", "附件 0 个", "未核验：草稿"):
        assert word in told.err


def test_a_checkpoint_finds_that_the_directory_was_rewritten(deployment: Path) -> None:
    inside("people", "away", "wang.fang", "--deputy", "li.qiang", "--until", "2099-01-01")
    assert inside("audit", "checkpoint", "-o", "kept.json").code == 0
    for table in ("directory_events", "directory_rows", "chain_heads", "absences"):
        changed(deployment, f"DELETE FROM {table}")

    assert inside("audit", "verify").code == 0, "the next command began a new chain"
    done = inside("audit", "verify", "--checkpoint", "kept.json", "--json")
    assert done.code == 1
    assert done.json["problem"]["case"] == "directory"


def test_flipped_bits_in_pages_are_found(deployment: Path) -> None:
    """Each bit alone, anywhere in the file; those in free or unused room say nothing."""
    for _ in range(2):
        filed()
    path = deployment / "closeloop.db"
    with sqlite3.connect(path) as database:
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        database.execute("PRAGMA journal_mode=DELETE")
        database.commit()
        database.execute("VACUUM")  # what was replaced is room that nothing uses
    database.close()
    whole, chance = path.read_bytes(), random.Random(7)
    missed: list[int] = []
    found, wanted = 0, 25
    while found + len(missed) < wanted:
        place = chance.randrange(len(whole))
        if not _holds_something(whole, place):
            continue
        damaged = bytearray(whole)
        damaged[place] ^= 1 << chance.randrange(8)
        for left in deployment.glob("closeloop.db*"):
            left.unlink()
        path.write_bytes(damaged)
        if inside("audit", "verify").code == 0 and inside("fsck").code == 0:
            missed.append(place)
        else:
            found += 1

    assert len(missed) <= MISSED_MOST, missed


MISSED_MOST = 5


def _holds_something(whole: bytes, place: int) -> bool:
    """Whether there is anything around a byte; SQLite leaves zeros where nothing is."""
    return whole[max(0, place - 8) : place + 8].strip(b"\0") != b""
