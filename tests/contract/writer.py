"""Another process that uses a database file: run as `python -m tests.contract.writer MODE FILE`.

`write` saves cases for ever, several at a time, and says the id of each once it is durable.
`hold` opens the file as the running bot does, says so, and keeps it.
`crash POINT N` kills itself at the N-th time that the crash point is passed.
"""

import asyncio
import itertools
import os
import signal
import sys
from functools import partial
from pathlib import Path

from storage.connect import open_database
from storage.database_sqlite import SqliteDatabase
from tests.contract import values as v


def say(word: object) -> None:
    sys.stdout.write(f"{word}\n")
    sys.stdout.flush()


async def write(database: SqliteDatabase, first: int, step: int) -> None:
    for number in itertools.count(first, step):
        given = v.case(f"C-2026-{number:05d}")
        await database.run(partial(v.file_case, given=given))
        say(given.id)


async def main(mode: str, file: str, *more: str) -> None:
    passed = itertools.count(1)

    def crash_point(name: str) -> None:
        if mode == "crash" and name == more[0] and next(passed) == int(more[1]):
            os.kill(os.getpid(), signal.SIGKILL)

    opened = await open_database(
        f"sqlite:///{Path(file)}", exclusive=True, upgrade=False, crash_point=crash_point
    )
    assert isinstance(opened, SqliteDatabase)
    if mode == "hold":
        say("holding")
        sys.stdin.read()
    else:
        await asyncio.gather(*(write(opened, first, 4) for first in range(4)))


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
