"""process diff: two versions of a process, or the version in force and a draft (L2.2)."""

from pathlib import Path

import pytest

from tests.command import inside


@pytest.fixture
def draft(deployment: Path) -> Path:
    """The complaint process with another limit, in a file of its own."""
    text = (deployment / "processes" / "complaint.toml").read_text(encoding="utf-8")
    file = deployment / "draft.toml"
    file.write_text(text.replace('due = "3wd"', 'due = "2wd"', 1), encoding="utf-8")
    return file


def test_a_draft_is_compared_with_the_version_in_force(draft: Path) -> None:
    done = inside("process", "diff", "complaint", "draft.toml")

    assert done.code == 0, done.err
    assert "draft draft.toml" in done.out
    (row,) = (line for line in done.out.splitlines() if "Resolve and reply" in line)
    assert row.split("  ")[-1].strip() == "2 working days"
    assert (
        "2 个工作日"
        in inside(*("process", "diff", "complaint", "draft.toml", "--language", "zh")).out
    )


def test_programs_get_places_and_values(draft: Path) -> None:
    assert inside("process", "diff", "complaint", "draft.toml", "--json").json == [
        {
            "change": "changed",
            "place": ["nodes", "resolve", "due"],
            "before": "3wd",
            "after": "2wd",
            "nodes": ["resolve"],
        }
    ]


def test_without_a_draft_the_version_before_is_compared(draft: Path) -> None:
    refused = inside("process", "diff", "complaint")
    assert refused.code == 1
    assert "has one version only" in refused.err

    assert inside("process", "publish", "draft.toml").code == 0
    done = inside("process", "diff", "complaint")
    assert "version 1" in done.out
    assert "version 2" in done.out
    assert "2 working days" in done.out


@pytest.mark.parametrize(
    ("name", "begins"), [("d.svg", b"<svg"), ("d.md", b"# "), ("d.pdf", b"%PDF"), ("d.docx", b"PK")]
)
def test_the_differences_are_written_as_a_file(draft: Path, name: str, begins: bytes) -> None:
    done = inside("process", "diff", "complaint", "draft.toml", "-o", name)

    assert done.code == 0, done.err
    assert (draft.parent / name).read_bytes().startswith(begins)


def test_what_cannot_be_compared_is_refused(draft: Path) -> None:
    other = inside("process", "diff", "complaint", "processes/supplier.toml")
    assert other.code == 1
    assert "is a draft of “supplier”" in other.err
    assert "There is no process" in inside("process", "diff", "complain", "draft.toml").err
    assert inside("process", "diff", "complaint", "none.toml").code != 0
    assert inside("process", "diff", "complaint", "draft.toml", "-o", "d.txt").code == 2
    same = inside("process", "diff", "complaint", "processes/complaint.toml", "-o", "d.svg")
    assert same.code == 1
    assert "nothing to draw" in same.err
    draft.write_text(draft.read_text(encoding="utf-8").replace("[[nodes]]", "[[nods]]"))
    broken = inside("process", "diff", "complaint", "draft.toml")
    assert broken.code == 1
    assert "draft.toml:" in broken.err
