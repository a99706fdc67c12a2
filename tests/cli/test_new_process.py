"""`closeloop process new`: a draft from questions, from options, or from a template."""

from __future__ import annotations

import io
import tomllib
from typing import TYPE_CHECKING

import pytest

from bot import sample
from tests.command import inside

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with nothing in it, on a machine that never ran closeloop."""
    place = tmp_path / "empty"
    place.mkdir()
    monkeypatch.chdir(place)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("LANG", "en_US.UTF-8")
    for name in ("LC_ALL", "LC_MESSAGES", "CLOSELOOP_CONFIG"):
        monkeypatch.delenv(name, raising=False)
    return place


def answers(monkeypatch: pytest.MonkeyPatch, *lines: str) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("".join(f"{line}\n" for line in lines)))


def test_the_templates_are_listed_in_the_language_of_the_reader(empty: Path) -> None:
    done = inside("process", "new", "--list")

    assert done.code == 0
    assert [line.split()[0] for line in done.out.splitlines()[1:]] == [*sample.templates()]
    assert "费用报销" in inside("process", "new", "--list", "--language", "zh").out


def test_a_template_is_written_once(empty: Path) -> None:
    done = inside("process", "new", "--template", "leave")
    file = empty / "leave.toml"

    assert (done.code, done.out) == (0, "leave.toml\n"), done.err
    assert "closeloop rehearse leave.toml" in done.err
    assert file.read_text(encoding="utf-8").startswith("# 请假 / Leave")

    file.write_text("mine", encoding="utf-8")
    again = inside("process", "new", "--template", "leave")
    assert (again.code, again.err.strip()) == (
        1,
        "leave.toml is there already and stays as it is. Choose another --id or --out.",
    )
    assert file.read_text(encoding="utf-8") == "mine"


def test_a_template_takes_other_names_and_people(empty: Path) -> None:
    done = inside(
        *("process", "new", "--template", "leave", "--id", "absence", "--command", "absence"),
        *("--name-zh", "缺勤", "--name-en", "Absence", "--owner", "person:lin.wei"),
        *("--prefix", "AB", "--department", "sales", "--who", "hr=role:executive"),
        *("-o", "drafts/absence.toml"),
    )
    text = (empty / "drafts" / "absence.toml").read_text(encoding="utf-8")

    assert done.code == 0, done.err
    assert 'name = { zh = "缺勤", en = "Absence" }' in text
    assert "role:hr" not in text
    assert 'executive = { zh = "人事专员", en = "HR" }' in text, "the name is that of the new role"


def test_the_name_of_a_role_goes_where_other_people_have_none(empty: Path) -> None:
    done = inside(
        *("process", "new", "--template", "expense", "--who", "executive=person:lin.wei"),
        *("--who", "cashier=role:finance-manager"),
    )
    text = (empty / "expense.toml").read_text(encoding="utf-8")

    assert done.code == 0, done.err
    assert [*tomllib.loads(text)["roles"]] == ["finance-manager"]


def test_in_a_deployment_it_goes_to_the_drafts_and_is_good_there(deployment: Path) -> None:
    done = inside("process", "new", "--template", "expense")

    assert (done.code, done.out) == (0, "processes/expense.toml\n"), done.err
    assert inside("check").code == 0
    assert inside("rehearse", "expense").code == 0


def test_options_make_a_draft_without_a_question(deployment: Path) -> None:
    done = inside(
        *("process", "new", "--id", "lend", "--name-zh", "借用", "--name-en", "Lend"),
        *("--field", "设备|Item", "--field", "归还|Return by|date"),
        *("--decides", "manager(filer)", "--decides", "role:it-desk"),
        *("--hours", "4", "--no-document"),
    )
    text = (deployment / "processes" / "lend.toml").read_text(encoding="utf-8")

    assert done.code == 0, done.err
    assert 'due = "4wh"' in text
    assert "[document]" not in text
    assert 'owner = "person:chen.jing"' in text, "a head who has a manager"
    rehearsed = inside("rehearse", "lend")
    assert rehearsed.code == 0, rehearsed.out


def test_it_asks_and_asks_again_after_a_wrong_answer(
    empty: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers(
        monkeypatch,
        *("Bad Id", "equipment", "设备借用", "Borrow equipment"),
        *("feedback", "lend", "role:nobody", "role:hr"),
        *("设备|Item", "nonsense", "用途|What for|long_text", ""),
        *("manager(filer", "", "role:it-desk", ""),
        *("0", "4", "n"),
    )
    done = inside("process", "new")
    text = (empty / "equipment.toml").read_text(encoding="utf-8")

    assert done.code == 0, done.err
    for told in (
        "“Bad Id” is no key",
        "Slack keeps /feedback",
        "nobody has the role",
        "“nonsense”",
    ):
        assert told in done.err
    assert 'command = "lend"' in text
    assert text.count('due = "4wh"') == 2
    assert "[document]" not in text


def test_what_cannot_be_published_is_written_and_told(deployment: Path) -> None:
    done = inside(
        *("process", "new", "--template", "contract", "--id", "complaint", "--owner", "role:judge"),
    )

    assert done.code == 1
    assert "is there already" in done.err, "the shipped draft stays"
    done = inside(
        *("process", "new", "--template", "contract", "--id", "nda", "--owner", "role:judge"),
        *("--command", "complaint"),
    )
    assert done.code == 1
    assert 'processes/nda.toml:9: owner: nobody has the role "judge"' in done.err
    taken = inside("process", "new", "--template", "contract", "--command", "complaint")
    assert '"complaint" is the command of another process already' in taken.err


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (("--template", "holiday"), "There is no template “holiday”."),
        (("--template", "leave", "--who", "hr"), "--who ROLE=PEOPLE"),
        (("--template", "leave", "--name-zh", "假"), "--name-zh and --name-en"),
        (("--id", "lend"), "--name-zh and --name-en"),
        (("--id", "Lend"), "“Lend” is no key"),
        (("--id", "a", "--name-zh", "甲", "--name-en", "A", "--field", "x"), "“x” is no question"),
    ],
)
def test_options_that_make_no_sense_write_nothing(
    empty: Path, options: tuple[str, ...], told: str
) -> None:
    done = inside("process", "new", *options)

    assert done.code == 1
    assert told in done.err
    assert list(empty.iterdir()) == []


def test_a_folder_that_cannot_be_written_is_named(empty: Path) -> None:
    (empty / "file").write_text("", encoding="utf-8")

    done = inside("process", "new", "--template", "leave", "-o", "file/leave.toml")

    assert done.code == 2
    assert "file" in done.err
