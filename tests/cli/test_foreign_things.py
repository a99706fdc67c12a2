"""What no backup of ours holds is refused, and what does not belong among the files is found."""

import hashlib
import json
import os
import sqlite3
import tarfile
import time
from pathlib import Path

import pytest

from tests.cli.test_safekeeping import elsewhere, kept, the_file
from tests.command import inside

__all__ = ["elsewhere", "kept"]  # fixtures


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE])
@pytest.mark.parametrize("what", ["an upload", "the manifest", "one more"])
def test_an_archive_with_a_link_is_refused(elsewhere: Path, kind: bytes, what: str) -> None:
    with tarfile.open("kept.tar") as tar:
        infos = {info.name: info for info in tar.getmembers()}
        upload = next(name for name in infos if name.startswith("files/"))
        name = {"an upload": upload, "the manifest": "manifest.json", "one more": "files/x"}[what]
        with tarfile.open("linked.tar", "w") as out:
            for info in infos.values():
                if info.name != name:
                    out.addfile(info, tar.extractfile(info))
            link = tarfile.TarInfo(name)
            link.type, link.linkname = kind, "/etc/passwd"
            out.addfile(link)

    done = inside("restore", "linked.tar")

    assert done.code == 1
    assert name in done.err
    assert not (elsewhere / "closeloop.db").exists()


def test_fsck_finds_files_without_a_record_and_writes_that_were_cut_off(kept: Path) -> None:
    upload = the_file(kept.parent)
    stray, part = upload.with_name("f_stray0"), upload.with_name(".f_half0.part")
    fresh = upload.with_name("f_fresh0")
    for path in (stray, part, fresh):
        path.write_bytes(b"x")
    long_ago = time.time() - 2 * 3600
    for path in (stray, part):
        os.utime(path, (long_ago, long_ago))

    done = inside("fsck", "--json")

    assert done.code == 1
    assert {(one["fault"], Path(one["what"]).name) for one in done.json["findings"]} == {
        ("file_stray", "f_stray0"),
        ("file_unfinished", ".f_half0.part"),
    }
    assert "no record names this file" in inside("fsck").err


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TRIGGER spy AFTER INSERT ON settings BEGIN DELETE FROM events; END",
        "CREATE VIEW spy AS SELECT * FROM people",
        "CREATE TABLE spy (x)",
        "DROP INDEX ix_messages_person",
    ],
)
def test_a_database_with_something_that_is_not_ours_is_not_restored(
    elsewhere: Path, statement: str
) -> None:
    repacked("kept.tar", "spied.tar", statement)

    done = inside("restore", "spied.tar")

    assert done.code == 1
    assert "spy" in done.err or "ix_messages_person" in done.err
    assert not (elsewhere / "closeloop.db").exists()


def test_a_backup_of_an_earlier_release_is_brought_up_to_date(elsewhere: Path) -> None:
    undone = (
        "DROP TABLE directory_events; DROP TABLE directory_rows; DROP TABLE chain_heads;"
        " DROP TABLE table_values; DROP TABLE points; DROP TABLE latest_facts;"
        " DROP TABLE unique_values; ALTER TABLE absences DROP COLUMN process;"
        " DROP TABLE searched_contents; DROP TABLE word_segments; DROP TABLE word_pairs;"
        " DROP TABLE directory_entries; DROP TABLE followers; DROP TABLE webhooks;"
        " DROP TABLE mails; DROP TABLE login_links; DROP TABLE login_sessions;"
        " DROP TABLE imports; DROP TABLE imported_cases; DROP TABLE alerts;"
        " DROP TABLE employee_surveys; DROP TABLE employee_survey_people;"
        " DROP TABLE releases; DROP TABLE reviews; DROP TABLE review_decisions;"
        " DROP TABLE trainings;"
        " DROP INDEX ix_cases_status_created_at_id;"
        " DROP INDEX ix_cases_status_due_at_id; DROP INDEX ix_contents_case_id_words;"
        " UPDATE alembic_version SET version_num = '0007'"
    )
    repacked("kept.tar", "old.tar", undone, schema="0007")

    done = inside("restore", "old.tar")

    assert done.code == 0, done.err
    assert inside("audit", "verify", "--json").json["directory_events"] >= 1


def repacked(source: str, target: str, statements: str, **manifest: str) -> None:
    """A backup whose database was changed, with a manifest that fits it."""
    with tarfile.open(source) as tar:
        tar.extractall("unpacked", filter="data")
    place = Path("unpacked")
    database = sqlite3.connect(place / "closeloop.db")
    database.executescript(statements)
    database.commit()
    database.execute("PRAGMA journal_mode=DELETE")
    database.close()
    facts = json.loads((place / "manifest.json").read_text()) | manifest
    content = (place / "closeloop.db").read_bytes()
    for member in facts["members"]:
        if member["name"] == "closeloop.db":
            member |= {"size": len(content), "sha256": hashlib.sha256(content).hexdigest()}
    (place / "manifest.json").write_text(json.dumps(facts))
    with tarfile.open(target, "w") as out:
        for path in sorted(place.rglob("*")):
            if path.is_file():
                out.add(path, path.relative_to(place).as_posix())
