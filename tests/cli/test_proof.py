"""audit verify and checkpoint: what was changed in the database is found."""

import sqlite3
from pathlib import Path

import pytest

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
    ],
)
def test_what_somebody_touched_is_found(deployment: Path, statement: str, fault: str) -> None:
    case_id = filed().out.strip()
    changed(deployment, statement)
    told, data = inside("audit", "verify"), inside("audit", "verify", "--json")

    assert (told.code, data.code) == (1, 1)
    assert data.json["problem"]["fault"] == fault
    assert fault == "definition" or case_id in told.err


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
