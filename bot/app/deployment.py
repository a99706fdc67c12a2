"""What a configuration names, opened: the database, the folder of files, the office.

A database knows whether it belongs to a real deployment or to a playground, whose clock can be
moved. Each refuses the other's.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import structlog

from bot import sample
from bot.config import Company as CompanySettings
from bot.config import Config
from bot.system import SystemClock, SystemIds, chance, crash_point, pause
from handlers.office import Company, Limits, Office
from storage.checkpoint import move_key, signing_key
from storage.connect import open_database as open_url
from storage.errors import StorageError
from storage.filesystem import FileFolder
from storage.journal import Seal
from storage.unit import Tx
from workflows.calendar import WorkCalendar
from workflows.ports import Clock, Ids

if TYPE_CHECKING:
    from storage.connect import Database

log = structlog.stdlib.get_logger("closeloop")

Kind = Literal["production", "playground"]
KIND = "kind"
SEAL = Seal(now=SystemClock().now, salt=SystemIds().salt)
OLD_KEY = "audit.key"
PLAYGROUND_FILE = "playground.db"


def default_data() -> Path:
    """Where a playground keeps its data unless told otherwise."""
    home = os.environ.get("XDG_DATA_HOME")
    base = Path(home) if home else Path.home() / ".local" / "share"
    return base / "closeloop" / "playground"


def playground_config(data: Path) -> Config:
    """The configuration of the playground in a folder: the sample company, on SQLite."""
    with sample.CONFIG.open("rb") as file:
        company = tomllib.load(file)["company"]
    storage = {
        "url": f"sqlite:///{data / PLAYGROUND_FILE}",
        "files": str(data / "files"),
        "audit_key": str(data / "audit.key"),
    }
    return Config.model_validate({"company": company, "storage": storage})


def log_copy(path: Path) -> None:
    """Log where the copy is that was made before the schema was changed."""
    log.info("database_copied", path=str(path), why="before the upgrade of its schema")


async def open_database(
    config: Config, *, exclusive: bool = False, copied: Callable[[Path], None] = log_copy
) -> Database:
    """The database of a deployment; `exclusive` for the bot itself, which migrates SQLite.

    StorageError when it cannot be opened, or is the database of a playground. `copied` is called
    with the path of the copy that is made before a migration.
    """
    url = config.storage.url
    return await open_kind(url, kind="production", exclusive=exclusive, copied=copied)


async def open_kind(
    url: str, *, kind: Kind, exclusive: bool, copied: Callable[[Path], None] = log_copy
) -> Database:
    """The database of a URL. StorageError `database_of_<kind>` when it is the other kind's."""
    database = await open_url(
        url,
        exclusive=exclusive,
        crash_point=crash_point,
        step_back=_step_back,
        seal=SEAL,
        copied=copied,
    )
    try:
        if await database.read(lambda tx: _kind_of(tx) != kind or not tx.journal.begun()):
            await database.run(lambda tx: _claim(tx, kind))
    except BaseException:
        await database.aclose()
        raise
    return database


async def _step_back(failures: int) -> None:
    """Up to 10, 20, 40 … ms, by chance."""
    await pause(chance() * 0.005 * 2**failures)


def _kind_of(tx: Tx) -> str:
    return tx.settings.get(KIND) or ""


def _claim(tx: Tx, kind: Kind) -> None:
    """Mark a database that has no mark; one that is in use without a mark is a deployment's."""
    found = _kind_of(tx) or ("production" if tx.people.directory().people else kind)
    if found != kind:
        raise StorageError(f"database_of_{found}")
    tx.settings.put(KIND, kind)
    tx.journal.begin()  # a database of before gets its chain


def open_files(folder: Path) -> FileFolder:
    """The folder in which the bytes of files are kept."""
    return FileFolder(folder)


def audit_key(config: Config, *, new: Callable[[], str]) -> bytes:
    """The key that signs checkpoints; made by `new` where there is none."""
    settle_key(config)
    config.storage.audit_key.parent.mkdir(parents=True, exist_ok=True)
    return signing_key(config.storage.audit_key, new=new)


def settle_key(config: Config) -> None:
    """Earlier releases kept the key among the uploads, and so in every backup: it moves out."""
    old = config.storage.files / OLD_KEY
    if not move_key(old, config.storage.audit_key):
        log.warning(
            "two_audit_keys",
            used=str(config.storage.audit_key),
            left=str(old),
            hint="keep the one that signed your checkpoints, and remove the other",
        )


def make_office(
    company: CompanySettings,
    *,
    clock: Clock | None = None,
    ids: Ids | None = None,
    limits: Limits | None = None,
) -> Office:
    """What the use cases need, by this machine's clock and chance unless others are given."""
    return Office(
        clock=clock or SystemClock(),
        ids=ids or SystemIds(),
        calendar=WorkCalendar(company.calendar_data()),
        limits=limits or Limits(),
        company=Company(
            name=company.name,
            name_en=company.name_en,
            language=company.language,
            timezone=company.timezone,
            admins=company.admins,
            quiet=company.quiet_hours,
        ),
    )


def outage(error: BaseException) -> bool:
    """Whether the place where everything is kept is to blame, and not the work."""
    return isinstance(error, StorageError)
