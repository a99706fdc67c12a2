"""Opens what a configuration names: the database, the folder of uploads, the office.

A database records whether it belongs to a deployment or to a playground, whose clock can be moved.
Each refuses to open the other's.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import structlog

from bot import sample
from bot.company_settings import CompanySettings
from bot.config import Config
from bot.system import SystemClock, SystemIds, chance, crash_point, pause
from handlers.office import Company, Hook, Limits, Office
from storage.checkpoint import move_key, signing_key
from storage.connect import open_database as open_url
from storage.errors import StorageError
from storage.filesystem import FileFolder
from storage.journal import Seal
from storage.unit import Tx
from workflows.ports import Ids, TimeSource

if TYPE_CHECKING:
    from storage.connect import Database

log = structlog.stdlib.get_logger("closeloop")

Kind = Literal["production", "playground"]
KIND = "kind"
SEAL = Seal(now=SystemClock().now, salt=SystemIds().salt)
OLD_KEY = "audit.key"
PLAYGROUND_FILE = "playground.db"


def default_data() -> Path:
    """Return the folder in which a playground stores its data by default."""
    home = os.environ.get("XDG_DATA_HOME")
    base = Path(home) if home else Path.home() / ".local" / "share"
    return base / "closeloop" / "playground"


def playground_config(data: Path) -> Config:
    """Return the configuration of a playground in this folder: the sample company, on SQLite."""
    with sample.CONFIG.open("rb") as file:
        company = tomllib.load(file)["company"]
    storage = {
        "url": f"sqlite:///{data / PLAYGROUND_FILE}",
        "files": str(data / "files"),
        "audit_key": str(data / "audit.key"),
    }
    return Config.model_validate({"company": company, "storage": storage})


def log_copy(path: Path) -> None:
    """Log the path of the copy that was made before the schema was upgraded."""
    log.info("database_copied", path=str(path), why="before the upgrade of its schema")


async def open_database(
    config: Config, *, exclusive: bool = False, copied: Callable[[Path], None] = log_copy
) -> Database:
    """Open the database of a deployment.

    `exclusive` is for the bot itself and upgrades the schema of SQLite; `copied` is called with the
    path of the copy that is made before. Raises StorageError when the database cannot be opened or
    belongs to a playground.
    """
    url = config.storage.url
    return await open_kind(url, kind="production", exclusive=exclusive, copied=copied)


async def open_kind(
    url: str, *, kind: Kind, exclusive: bool, copied: Callable[[Path], None] = log_copy
) -> Database:
    """Open the database at a URL.

    Raises StorageError `database_of_<kind>` when it belongs to the other kind.
    """
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
    """Wait a random time below 10, 20, 40 … ms, doubled with each failure."""
    await pause(chance() * 0.005 * 2**failures)


def _kind_of(tx: Tx) -> str:
    return tx.settings.get(KIND) or ""


def _claim(tx: Tx, kind: Kind) -> None:
    """Record the kind of a database that has none; one that has people is a deployment's."""
    found = _kind_of(tx) or ("production" if tx.people.directory().people else kind)
    if found != kind:
        raise StorageError(f"database_of_{found}")
    tx.settings.put(KIND, kind)
    tx.journal.begin()  # a database of an earlier release gets its chain


def refuse_playground(tx: Tx) -> None:
    """Raise StorageError `database_of_playground` for the database of a playground."""
    if _kind_of(tx) == "playground":
        raise StorageError("database_of_playground")


def open_files(folder: Path) -> FileFolder:
    """Return the folder in which uploads are stored."""
    return FileFolder(folder)


def audit_key(config: Config, *, new: Callable[[], str]) -> bytes:
    """Return the key that signs checkpoints; `new` creates one where there is none."""
    settle_key(config)
    config.storage.audit_key.parent.mkdir(parents=True, exist_ok=True)
    return signing_key(config.storage.audit_key, new=new)


def survey_key(config: Config) -> Callable[[], bytes]:
    """Return the source of the key that seals anonymous answers: that of the audit, for a use."""
    return lambda: audit_key(config, new=SystemIds().salt)


def settle_key(config: Config) -> None:
    """Move the key out of the folder of uploads.

    Earlier releases stored it there, and so in every backup.
    """
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
    clock: TimeSource | None = None,
    ids: Ids | None = None,
    limits: Limits | None = None,
    hooks: tuple[Hook, ...] = (),
    mails: Literal["send", "show", "off"] = "off",
    public_url: str = "",
    survey_key: Callable[[], bytes] = bytes,
) -> Office:
    """Return what the use cases need, with the machine's clock and ids unless others are given.

    `mails` says whether the mails of definitions are sent, or only shown in the history;
    `survey_key` returns the key that seals anonymous answers.
    """
    from handlers.mails import Mailing  # few commands write mails

    return Office(
        clock=clock or SystemClock(),
        ids=ids or SystemIds(),
        calendar=company.work_calendar(),
        limits=limits or Limits(),
        hooks=hooks,
        mailing=Mailing(way=mails),
        public_url=public_url,
        survey_key=survey_key,
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
    """Return whether an error is due to the storage and not to the unit of work."""
    return isinstance(error, StorageError)


def playground_office(config: Config, *, clock: TimeSource) -> Office:
    """Return what the use cases of a playground need: mails are only shown there."""
    return make_office(config.company, clock=clock, mails="show", survey_key=survey_key(config))
