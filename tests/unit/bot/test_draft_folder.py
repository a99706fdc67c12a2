"""Drafts of a folder: good ones are in force, errors are told once, changes are met."""

from __future__ import annotations

import asyncio
import shutil
from typing import TYPE_CHECKING

import pytest

from bot import sample
from bot.draft_folder import DraftFolder
from handlers.i18n import translator
from tests.office import opened

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from tests.office import Workplace


class Watched:
    """A folder of drafts, what was printed, and how often the page was told of news."""

    def __init__(self, folder: Path, work: Workplace) -> None:
        self.folder = folder
        self.lines: list[str] = []
        self.told = 0
        self.drafts = DraftFolder(
            folder,
            db=work.database,
            office=work.office,
            words=translator("en"),
            tell=self._tell,
            say=self.lines.append,
        )

    def _tell(self) -> None:
        self.told += 1

    def write(self, name: str, text: str) -> None:
        (self.folder / name).write_text(text, encoding="utf-8")


@pytest.fixture
async def watched(tmp_path: Path) -> AsyncIterator[Watched]:
    folder = tmp_path / "mine"
    folder.mkdir()
    shutil.copyfile(sample.TEMPLATES / "leave.toml", folder / "leave.toml")
    async with opened(tmp_path) as work:
        yield Watched(folder, work)


LEAVE = (sample.TEMPLATES / "leave.toml").read_text(encoding="utf-8")


async def test_a_good_draft_is_in_force_and_another_is_told_with_line_and_key(
    watched: Watched,
) -> None:
    watched.write("bad.toml", LEAVE.replace('to = "how_long"', 'to = "how_lnog"', 1))
    await watched.drafts.look()

    bad, good = sorted(watched.lines)[:1], [line for line in watched.lines if "in force" in line]
    assert "bad.toml:" in bad[0]
    assert "outcomes.approve.to" in bad[0] or "nodes." in bad[0]
    assert len(good) == 1
    assert good[0].endswith("leave.toml: version 1 is in force.\n")


async def test_nothing_is_told_twice_and_a_change_is_taken_up(watched: Watched) -> None:
    await watched.drafts.look()
    await watched.drafts.look()
    assert (len(watched.lines), watched.told) == (1, 1)

    watched.write("leave.toml", LEAVE.replace("每个", "每一个").replace("days > 3", "days > 2"))
    await watched.drafts.look()
    assert watched.lines[1].endswith("version 2 is in force.\n")

    watched.write("leave.toml", LEAVE.replace('to = "how_long"', 'to = "how_lnog"', 1))
    await watched.drafts.look()
    assert watched.lines[-1].endswith("leave.toml: version 2 stays in force.\n")
    assert [*watched.drafts.commands] == ["time-off"]

    told = len(watched.lines)
    (watched.folder / "leave.toml").unlink()
    await watched.drafts.look()
    assert await watched.drafts.drafts(language="en") == ()
    assert [*watched.drafts.commands] == []
    assert (len(watched.lines), watched.told) == (told, 4)


async def test_a_pulled_file_is_taken_up_whatever_it_is_based_on(watched: Watched) -> None:
    base = 'based_on = "0123456789ab"\n'
    watched.write("leave.toml", base + LEAVE)
    await watched.drafts.look()
    watched.write("leave.toml", base + LEAVE + "# changed\n")
    await watched.drafts.look()
    assert [line.rsplit(": ", 1)[1] for line in watched.lines] == [
        "version 1 is in force.\n",
        "version 2 is in force.\n",
    ]


async def test_a_command_of_another_process_is_told(watched: Watched) -> None:
    watched.write("leave.toml", LEAVE.replace('"time-off"', '"complaint"'))
    (line,) = await watched.drafts.drafts(language="zh")

    assert (line.flaws, line.version) == (1, None)
    assert '"complaint" is the command of another process already' in watched.lines[0]


async def test_what_is_no_text_is_told_and_stops_nothing(watched: Watched) -> None:
    (watched.folder / "leave.toml").write_bytes(b"\xff\xfe\x00key")
    await watched.drafts.look()

    assert "leave.toml" in watched.lines[0]


async def test_it_looks_again_after_a_pause_until_it_is_stopped(watched: Watched) -> None:
    pauses: list[float] = []

    async def pause(seconds: float) -> None:
        pauses.append(seconds)
        if len(pauses) > 2:
            raise asyncio.CancelledError

    with pytest.raises(asyncio.CancelledError):
        await watched.drafts.follow(pause)
    assert (len(pauses), watched.told) == (3, 1)


async def test_a_text_is_checked_without_being_saved(watched: Watched) -> None:
    seen = await watched.drafts.check(file="leave.toml", text='key = "x', language="zh")

    assert seen.diagram is None
    assert seen.flaws[0].line == 1
    assert (await watched.drafts.check(file="leave.toml", text=LEAVE, language="zh")).diagram
    assert (watched.folder / "leave.toml").read_text(encoding="utf-8") == LEAVE


async def test_only_the_file_that_was_read_is_saved(watched: Watched) -> None:
    draft = await watched.drafts.draft(file="leave.toml")
    assert draft is not None

    assert await watched.drafts.save(file="leave.toml", text="x", mark="of another") is None
    assert await watched.drafts.save(file="../leave.toml", text="x", mark=draft.mark) is None
    changed = LEAVE.replace("days > 3", "days > 5")
    (watched.folder / "leave.toml").chmod(0o640)
    saved = await watched.drafts.save(file="leave.toml", text=changed, mark=draft.mark)
    assert saved is not None
    assert (saved.flaws, saved.version) == (0, 1)
    assert (watched.folder / "leave.toml").read_text(encoding="utf-8") == changed
    assert (watched.folder / "leave.toml").stat().st_mode & 0o777 == 0o640
    assert await watched.drafts.draft(file="none.toml") is None
