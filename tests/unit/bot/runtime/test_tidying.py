"""What is left over in the folder of files is removed, and nothing else."""

import os
from pathlib import Path

from bot.runtime import hold
from bot.runtime.tidying import EVERY, Tidying
from handlers import personal
from storage.filesystem import FileFolder
from tests.fakes.runtime import surroundings
from tests.unit.bot.runtime.conftest import Manned
from workflows.moments import DAY, SECOND
from workflows.records import StoredFile

LONG_AGO = 2 * DAY


class Scrubbed:
    """A database that is busy until it is not."""

    def __init__(self, *, busy: bool = False) -> None:
        self.busy = busy
        self.times = 0

    async def scrub(self) -> bool:
        self.times += 1
        return not self.busy


def aged(work: Manned, folder: FileFolder, *places: Path) -> None:
    written = (work.clock.now() - LONG_AGO) / SECOND
    for place in places:
        os.utime(place, (written, written))


def tidying(work: Manned, folder: FileFolder, scrubbed: Scrubbed | None = None) -> Tidying:
    around = surroundings(work.database, work.office)
    return Tidying(around, folder=folder, scrubbed=scrubbed or Scrubbed())


async def filled(work: Manned, tmp_path: Path) -> FileFolder:
    """A recorded file, one without a record, a write that was cut off, and a file of somebody's."""
    folder = FileFolder(tmp_path / "files", inline=True)
    for name in ("f_recorded", "f_stray", "f_fresh"):
        await folder.write(name, b"x")
    record = StoredFile(
        id="f_recorded",
        case_id="C-2026-0001",
        name="a",
        media_type="text/plain",
        size=1,
        sha256="",
        owner="p_1",
        at=work.clock.now(),
    )
    await work.database.run(lambda tx: tx.files.put(record))
    part = folder.place("f_part").with_name(".f_part.part")
    part.parent.mkdir(parents=True)
    part.write_bytes(b"half")
    (folder.folder / "audit.key").write_bytes(b"k" * 32)
    (folder.folder / "README.txt").write_bytes(b"ours")
    aged(work, folder, folder.place("f_recorded"), folder.place("f_stray"), part)
    aged(work, folder, folder.folder / "audit.key", folder.folder / "README.txt")
    now = work.clock.now() / SECOND
    os.utime(folder.place("f_fresh"), (now, now))
    return folder


async def names(folder: FileFolder) -> set[str]:
    return {Path(found.place).name for found in await folder.listed()}


async def test_bytes_that_nothing_records_go_after_a_day(work: Manned, tmp_path: Path) -> None:
    folder = await filled(work, tmp_path)

    following = await tidying(work, folder).step()

    assert await names(folder) == {"f_recorded", "f_fresh", "audit.key", "README.txt"}
    assert following == work.clock.now() + EVERY


async def test_nothing_is_removed_while_the_deployment_is_held(
    work: Manned, tmp_path: Path
) -> None:
    folder = await filled(work, tmp_path)
    await work.database.run(lambda tx: hold.hold(tx, why=hold.RESTORED))

    await tidying(work, folder).step()

    assert len(await names(folder)) == 6


async def test_a_scrub_that_is_due_is_done_once(work: Manned, tmp_path: Path) -> None:
    folder, scrubbed = FileFolder(tmp_path / "files", inline=True), Scrubbed(busy=True)
    await work.database.run(lambda tx: tx.settings.put("scrub.due", "1"))

    await tidying(work, folder, scrubbed).step()
    assert await work.database.read(personal.is_scrub_due)

    scrubbed.busy = False
    worker = tidying(work, folder, scrubbed)
    await worker.step()
    await worker.step()
    assert not await work.database.read(personal.is_scrub_due)
    assert scrubbed.times == 2
