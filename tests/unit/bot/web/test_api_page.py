"""The requests that docs/reference/http.md shows are sent as it shows them, and are accepted."""

from __future__ import annotations

import io
import json
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from PIL import Image

from tests.house import source
from tests.house.documented import typed
from tests.office import opened
from tests.outside import TOKEN, Outside, served

PAGES = [source.ROOT / "docs" / part / "reference" / "http.md" for part in ("", "zh")]


@pytest.fixture
async def outside(tmp_path: Path) -> AsyncIterator[Outside]:
    async with opened(tmp_path) as work, served(work) as found:
        yield found


def picture() -> bytes:
    """The bytes of a small JPEG."""
    file = io.BytesIO()
    Image.new("RGB", (8, 8)).save(file, "JPEG")
    return file.getvalue()


def options(words: list[str]) -> Iterator[tuple[str, str]]:
    """The options of a curl command, each with its value."""
    return zip(words[2::2], words[3::2], strict=True)


@pytest.mark.parametrize("page", PAGES, ids=source.name)
async def test_each_request_of_the_page_files_a_case(outside: Outside, page: Path) -> None:
    shown = [words for words in typed(page) if words[0] == "curl"]
    for words in shown:
        given = [*options(words)]
        headers = dict(text.split(": ", 1) for name, text in given if name == "-H")
        headers["Authorization"] = headers["Authorization"].replace("$CRM_TOKEN", TOKEN)
        bodies = [json.loads(text) for name, text in given if name == "--json"]
        parts = dict(text.split("=", 1) for name, text in given if name == "-F")
        files = {
            name: (text[1:], picture()) for name, text in parts.items() if text.startswith("@")
        }
        data = {name: text for name, text in parts.items() if name not in files}
        answer = await outside.client.post(
            "/api/cases",
            headers=headers,
            json=bodies[0] if bodies else None,
            data=data,
            files=files or None,
        )

        assert answer.status_code == 201, answer.text
    assert len(await outside.cases()) == len(shown) == 2
