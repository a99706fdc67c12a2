"""process what-if: last quarter replayed through a draft (L5.3)."""

from pathlib import Path

import pytest

from bot.cli.what_if import data_of
from tests.command import inside
from tests.unit.handlers.what_if.test_document import shown, source


@pytest.fixture
def draft(deployment: Path) -> Path:
    """The complaint process with another limit, in a file of its own."""
    text = (deployment / "processes" / "complaint.toml").read_text(encoding="utf-8")
    file = deployment / "draft.toml"
    file.write_text(text.replace('due = "3wd"', 'due = "2wd"', 1), encoding="utf-8")
    return file


def test_without_enough_cases_it_says_so(draft: Path) -> None:
    done = inside("process", "what-if", "complaint", "draft.toml", "--since", "2026-01-01")
    assert done.code == 1
    assert "There are only 0 cases" in done.out
    zh = inside("process", "what-if", "complaint", "draft.toml", "--language", "zh")
    assert "件事项，重放至少需要" in zh.out
    data = inside("process", "what-if", "complaint", "draft.toml", "--json")
    assert (data.code, data.json["shown"], data.json["cases"]) == (1, False, 0)
    assert "only 0 cases" in data.json["refusal"]


def test_it_is_written_as_a_file(draft: Path) -> None:
    given = ("--takes", "resolve=4wh", "-o", "what.md")
    done = inside("process", "what-if", "complaint", "draft.toml", *given)
    assert done.code == 1
    assert "only 0 cases" in (draft.parent / "what.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("wrong", ["resolve", "resolve=soon", "nothing=4wh", "dispatch=4wh"])
def test_a_time_that_is_assumed_names_a_step(draft: Path, wrong: str) -> None:
    done = inside("process", "what-if", "complaint", "draft.toml", "--takes", wrong)
    assert done.code == 2
    assert wrong in done.err


def test_what_cannot_be_replayed_is_refused(draft: Path) -> None:
    other = inside("process", "what-if", "complaint", "processes/launch.toml")
    assert "is a draft of “launch”" in other.err
    assert inside("process", "what-if", "complain", "draft.toml").code == 1
    assert inside("process", "what-if", "complaint", "draft.toml", "-o", "x.svg").code == 2
    supplier = inside("process", "what-if", "supplier", "processes/supplier.toml")
    assert supplier.code == 1
    assert "cannot be replayed" in supplier.out


def test_programs_get_numbers_in_seconds() -> None:
    data = data_of(source(shown()))
    median = data["figures"][0]
    assert (median["figure"], median["unit"]) == ("handling_time", "time")
    assert 3600 < median["unchanged"]["value"] < 100 * 3600
    assert data["shown"]
    assert [one["measure"] for one in data["check"]] == ["time", "beginnings", "ways"]
    assert data["assumed"]["audit"] > 3600
