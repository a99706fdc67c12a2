"""The filled databases of every schema revision, put in place as a deployment has them."""

from __future__ import annotations

import base64
import contextlib
import json
import sqlite3
import tempfile
from pathlib import Path

from storage.archive import DATABASE, FILES, FORMAT, ArchiveWriter, Manifest
from storage.filesystem import FileFolder
from tests.postgres import Server

DATABASES = Path(__file__).parent / "databases"
REVISIONS = tuple(sorted(path.name for path in DATABASES.iterdir() if path.name.isdigit()))
YEARS = "0015-years"  # made by the last code before cases could move to another version


def sql(revision: str, name: str) -> str:
    """The text of a part of a dump: `sqlite`, `postgresql` or `rows`."""
    return (DATABASES / revision / f"{name}.sql").read_text(encoding="utf-8")


def put_on_sqlite(revision: str, path: Path) -> None:
    """A file with the schema and the rows of a revision."""
    with contextlib.closing(sqlite3.connect(path)) as connection:
        connection.executescript("PRAGMA journal_mode=WAL;" + sql(revision, "sqlite"))
        connection.executescript(f"BEGIN; {sql(revision, 'rows')} COMMIT;")


def put_on_postgresql(revision: str, server: Server, url: str) -> None:
    """The same in an empty database of a server. A sequence takes the place of a row."""
    server.execute(sql(revision, "postgresql"), url=url)
    server.execute(sql(revision, "rows"), url=url)
    server.execute("SELECT setval('numbers', (SELECT max(value) FROM counters))", url=url)


def put_files(revision: str, folder: Path) -> None:
    """The bytes of the uploads."""
    held = json.loads((DATABASES / revision / "files.json").read_text(encoding="utf-8"))
    for file_id, content in held.items():
        place = FileFolder(folder).place(file_id)
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(base64.b64decode(content))


def put_archive(revision: str, target: Path) -> None:
    """The file that `closeloop backup` of this revision made: its manifest was kept as it was."""
    said = json.loads((DATABASES / revision / "manifest.json").read_text(encoding="utf-8"))
    assert said.pop("format") == FORMAT
    with tempfile.TemporaryDirectory() as place, target.open("wb") as file:
        database, files = Path(place) / "closeloop.db", Path(place) / "files"
        put_on_sqlite(revision, database)
        put_files(revision, files)
        archive = ArchiveWriter(file)
        archive.add(database, DATABASE)
        for path in sorted(path for path in files.rglob("*") if path.is_file()):
            archive.add(path, FILES + path.relative_to(files).as_posix())
        archive.finish(Manifest(**said, members=tuple(archive.members)))
