"""The page about rehearsals names every word that a scenario may use, in both languages."""

import pytest

from tests.house import source
from workflows.rehearsal.scenario import WORDS


@pytest.mark.parametrize("page", ["docs/how-to/rehearse.md", "docs/zh/how-to/rehearse.md"])
def test_every_word_of_scenarios_is_on_the_page(page: str) -> None:
    text = (source.ROOT / page).read_text(encoding="utf-8")
    row = next(line for line in text.splitlines() if line.startswith("| `who`"))

    assert [word for word in WORDS if f"`{word}`" not in row] == []
