"""process migrate: the plan, what is carried out, and what is refused."""

from pathlib import Path

import pytest

from tests.command import inside

FIELDS = ("customer=远方贸易", "contact=1", "channel=phone", "product=A-100", "what_happened=坏了")


@pytest.fixture
def filed(deployment: Path) -> Path:
    """Two complaints run on the shipped version."""
    for _ in range(2):
        given = [part for one in FIELDS for part in ("--field", one)]
        done = inside("case", "start", "complaint", "--as", "wang.fang", *given)
        assert done.code == 0, done.err
    return deployment


def publish(deployment: Path, *changes: tuple[str, str], process: str = "complaint") -> None:
    draft = deployment / "processes" / f"{process}.toml"
    text = draft.read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new)
    draft.write_text(text, encoding="utf-8")
    done = inside("process", "publish", str(draft), "--accept")
    assert done.code == 0, done.err


SORTED = ('"triage"', '"sort"'), ("forms.triage", "forms.sort"), ("分类分级", "分类定级")
PLAN = "process", "migrate", "complaint", "--dry-run", "--json"


def test_the_plan_says_what_becomes_of_each_case_and_changes_nothing(filed: Path) -> None:
    publish(filed, *SORTED)
    rows = inside(*PLAN).json
    assert [(one["case"], one["version"], one["moves"]) for one in rows] == [
        ("C-2026-0001", 1, False),
        ("C-2026-0002", 1, False),
    ]
    (reason,) = rows[0]["reasons"]
    assert (reason["why"], reason["at"]) == ("node_gone", "triage")
    assert "--map triage=" in reason["text"]

    (row, _) = inside(*PLAN, "--map", "triage=sort").json
    assert row["moves"]
    assert {(one["what"], one["now"], one["then"]) for one in row["lines"][:2]} == {
        ("step", "triage", "sort"),
        ("task", "triage", "sort"),
    }
    assert {one["change"] for one in row["lines"] if one["what"] == "clock"} == {"same"}
    shown = inside("process", "migrate", "complaint", "--dry-run", "--language", "zh")
    assert "不转" in shown.out
    assert "可以转 0 件，2 件保持原样" in shown.err
    assert inside("case", "show", "C-2026-0001", "--json").json["version"] == 1


def test_what_can_move_is_moved_and_doing_it_again_finds_nothing_to_do(filed: Path) -> None:
    publish(filed, *SORTED)
    one = inside(
        *("process", "migrate", "complaint", "--map", "triage=sort", "--case", "c-2026-0001"),
        *("--as", "chen.jing", "--reason", "  名称改了  "),
    )
    assert (one.code, "1 case was moved" in one.err) == (0, True), one.err
    assert "(triage)" in one.out
    assert "(sort)" in one.out
    case = inside("case", "show", "C-2026-0001", "--json").json
    assert (case["version"], case["tasks"][0]["node"]) == (2, "sort")
    told = inside("case", "show", "C-2026-0001", "--language", "zh").out
    assert "转到流程的第 2 版" in told.replace("\u2009", " ")
    assert "名称改了" in told

    rest = inside("process", "migrate", "complaint", "--map", "triage=sort")
    assert (rest.code, "1 case was moved" in rest.err) == (0, True)
    again = inside("process", "migrate", "complaint", "--map", "triage=sort")
    assert (again.code, "There is nothing to move" in again.err) == (1, True)
    assert inside("fsck").code == 0
    assert inside("audit", "verify").code == 0


def test_what_cannot_move_stays_and_the_exit_code_says_so(filed: Path) -> None:
    publish(filed, *SORTED)
    done = inside("process", "migrate", "complaint")
    assert (done.code, "0 cases were moved; 2 stay" in done.err) == (1, True)
    assert "does not move" in done.out


def test_an_older_version_is_a_target_only_by_its_number(filed: Path) -> None:
    publish(filed, *SORTED)
    inside("process", "migrate", "complaint", "--map", "triage=sort")
    back = inside("process", "migrate", "complaint", "--to", "1", "--map", "sort=triage")
    assert (back.code, "Version 1 is older" in back.err) == (0, True)
    assert inside("case", "show", "C-2026-0001", "--json").json["version"] == 1


BAD = {
    "process": (("nothing",), 1, "There is no process “nothing”"),
    "version": (("complaint", "--to", "7"), 1, "There is no version 7"),
    "negative": (("complaint", "--to", "-1"), 1, "There is no version -1"),
    "far": (("complaint", "--to", "99999999999999999999"), 1, "There is no version 9999"),
    "reason": (("complaint", "--reason", "x" * 100_000), 1, "text"),
    "no version": (("complaint", "--to", "x"), 2, "--to"),
    "old node": (("complaint", "--map", "nowhere=sort"), 1, "There is no step “nowhere” there"),
    "new node": (("complaint", "--map", "triage=nowhere"), 1, "There is no step “nowhere” there"),
    "other kind": (("complaint", "--map", "triage=confirm"), 1, "different kinds of steps"),
    "no names": (("complaint", "--map", "triage"), 2, "--map OLD=NEW"),
    "twice": (("complaint", "--map", "triage=sort", "--map", "triage=x"), 2, "--map OLD=NEW"),
    "case": (("complaint", "--case", "C-2026-0009"), 1, "C-2026-0009"),
    "other process": (("launch", "--case", "C-2026-0001"), 1, "is a case of “complaint”"),
    "nothing to move": (("launch",), 1, "There is nothing to move"),
    "person": (("complaint", "--as", "nobody"), 1, "nobody"),
    "no owner": (("complaint", "--as", "wang.fang"), 1, "owner"),
}


@pytest.mark.parametrize("name", BAD)
def test_what_was_asked_for_wrongly_is_said_and_changes_nothing(filed: Path, name: str) -> None:
    publish(filed, *SORTED)
    arguments, code, said = BAD[name]
    done = inside("process", "migrate", *arguments)
    assert done.code == code, done.err
    assert said in done.err
    assert inside("case", "show", "C-2026-0001", "--json").json["version"] == 1
