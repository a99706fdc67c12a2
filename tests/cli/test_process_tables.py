"""process table set and show: numbers of a table, from a date on, by the owner."""

from pathlib import Path

import pytest

from tests.command import inside


@pytest.fixture
def weighed(deployment: Path) -> Path:
    """The complaint process with a table."""
    draft = deployment / "processes" / "complaint.toml"
    text = draft.read_text(encoding="utf-8")
    options = [line.split('"')[1] for line in _channel(text)]
    values = ", ".join(f'{option} = "1"' for option in options)
    table = f'[tables.weight]\nof = "channel"\nvalues = {{ {values} }}\n\n[forms.complaint]'
    draft.write_text(text.replace("[forms.complaint]", table, 1), encoding="utf-8")
    done = inside("process", "publish", "processes/complaint.toml")
    assert done.code == 0, done.err
    return deployment


def _channel(text: str) -> list[str]:
    """The lines of the options of the channel."""
    after = text[text.index('id = "channel"') :]
    block = after[: after.index("] }")]
    return [line.strip() for line in block.splitlines() if line.strip().startswith("{ id")]


def test_an_owner_sets_a_number_and_everybody_sees_from_when_it_holds(weighed: Path) -> None:
    done = inside(
        *("process", "table", "set", "complaint", "weight", "phone", "1.50"),
        *("--as", "chen.jing", "--from", "2030-01-01"),
    )
    assert done.code == 0, done.err
    assert "1.50" in done.err
    assert "2030-01-01" in done.err
    rows = inside("process", "table", "show", "complaint", "--json").json
    assert [one for one in rows if one["option"] == "phone"] == [
        {
            "table": "weight",
            "option": "phone",
            "value": "1",
            "holds_from": None,
            "version": 0,
            "set_by": None,
            "held": True,
        },
        {
            "table": "weight",
            "option": "phone",
            "value": "1.50",
            "holds_from": "2030-01-01",
            "version": 1,
            "set_by": "chen.jing",
            "held": False,
        },
    ]
    assert "数值表" in inside("process", "table", "show", "complaint", "--language", "zh").out
    assert inside("audit", "verify").code == 0


def test_what_cannot_be_set_is_refused_with_the_reason(weighed: Path) -> None:
    command = ("process", "table", "set", "complaint")
    stranger = inside(*command, "weight", "phone", "2", "--as", "wang.fang")
    assert stranger.code == 1
    assert "Only the owner" in stranger.err
    assert "There are: weight" in inside(*command, "wait", "phone", "2", "--as", "chen.jing").err
    wrong = inside(*command, "weight", "phone", "2,5", "--as", "chen.jing")
    assert "“2,5” is not a number" in wrong.err
    assert inside(*command, "weight", "phone", "2", "--as", "chen.jing", "--from", "soon").code == 2
