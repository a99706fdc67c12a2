"""Workspaces in which the claims are tried, in both modes and both languages."""

import logging
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import structlog

from tests.adapters.slack.workspace import Workspace, workspace

structlog.configure(
    processors=[
        structlog.stdlib.add_log_level,
        structlog.processors.format_exc_info,
        structlog.processors.KeyValueRenderer(key_order=["level", "event"]),
    ],
    logger_factory=structlog.stdlib.LoggerFactory(),
    wrapper_class=structlog.stdlib.BoundLogger,
)
logging.getLogger("closeloop").setLevel(logging.INFO)


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
async def place(tmp_path: Path) -> AsyncIterator[Workspace]:
    """Over Socket Mode, in English."""
    async with workspace(tmp_path, language="en") as made:
        yield made


@pytest.fixture(params=["socket", "http"])
async def either(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Workspace]:
    """In each mode, in English."""
    async with workspace(tmp_path, mode=request.param, language="en") as made:
        yield made


@pytest.fixture(params=["socket-zh", "socket-en", "http-zh", "http-en"])
async def anyhow(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Workspace]:
    """In each mode and each language."""
    mode, _, language = request.param.partition("-")
    async with workspace(tmp_path, mode=mode, language=language) as made:
        yield made
