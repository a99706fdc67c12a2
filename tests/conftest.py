"""What every test may ask for, and the profiles of the property tests."""

import logging
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.browser import find_chromium

pytest_plugins = ["tests.postgres", "tests.slapd"]

MEMORY = Path("/dev/shm")
ROOM = 2 * 1024**3


def _memory_is_there() -> bool:
    """Whether files can lie in memory: there is room for them, and programs among them may run."""
    if not MEMORY.is_dir() or not os.access(MEMORY, os.W_OK):
        return False
    return shutil.disk_usage(MEMORY).free > ROOM and not os.statvfs(MEMORY).f_flag & os.ST_NOEXEC


# A database waits for its disk at every commit. Nothing that a test shows depends on that.
if _memory_is_there():
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(MEMORY))

# HYPOTHESIS_PROFILE=deep looks a hundred times harder; for a night, not for a coffee.
settings.register_profile(
    "fast",
    max_examples=50,
    deadline=None,  # a busy machine is not a defect
    print_blob=True,
    database=None,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile("deep", settings.get_profile("fast"), max_examples=5000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "fast"))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skips browser tests where there is no browser."""
    if find_chromium() is not None:
        return
    skip = pytest.mark.skip(reason="no Chromium found; install one, or set CHROMIUM")
    for item in items:
        if item.get_closest_marker("browser"):
            item.add_marker(skip)


@pytest.fixture(scope="session", autouse=True)
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """A home of the tests' own: they neither read nor write the person's."""
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("HOME", str(tmp_path_factory.mktemp("home")))
        for name in ("DATA", "CONFIG", "CACHE", "STATE"):
            environment.delenv(f"XDG_{name}_HOME", raising=False)
        yield


@pytest.fixture(autouse=True)
def log_levels() -> Iterator[None]:
    """The levels of the loggers are restored, so that no test hears less because of another."""
    loggers = [logging.getLogger(), *map(logging.getLogger, logging.root.manager.loggerDict)]
    before = {logger: logger.level for logger in loggers}
    disabled = logging.root.manager.disable
    yield
    logging.disable(disabled)
    for logger, level in before.items():
        logger.setLevel(level)


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of the browser to drive; only tests marked `browser` may ask for it."""
    found = find_chromium()
    assert found is not None, "mark this test with pytest.mark.browser"
    return found
