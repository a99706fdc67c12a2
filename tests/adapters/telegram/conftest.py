"""The company on Telegram, as tests ask for it."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.adapters.telegram.ground import Company, company


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Company]:
    """In Chinese, polling."""
    async with company(tmp_path) as made:
        yield made


@pytest.fixture(params=["zh", "en"])
async def in_both(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Company]:
    """In each language, polling."""
    async with company(tmp_path, language=request.param) as made:
        yield made
