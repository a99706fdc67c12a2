"""process pull, and publishing a draft that is based on an older version (L2.2)."""

from pathlib import Path

import pytest

from tests.command import inside
from workflows.loading import load_definition

LIMIT = ('due = "3wd"', 'due = "2wd"')
OTHER = ('due = "3wd"', 'due = "4wd"')


@pytest.fixture
def file(deployment: Path) -> Path:
    """The draft of the complaint process, pulled into its file."""
    done = inside("process", "pull", "complaint")
    assert done.code == 0, done.err
    return deployment / "processes" / "complaint.toml"


def edit(file: Path, change: tuple[str, str]) -> None:
    text = file.read_bytes().decode()
    assert change[0] in text
    file.write_bytes(text.replace(*change, 1).encode())


def test_the_version_in_force_is_written_as_it_was_published(
    pristine: Path, deployment: Path
) -> None:
    was = (pristine / "processes" / "complaint.toml").read_text(encoding="utf-8")
    done = inside("process", "pull", "complaint", "-o", "mine.toml")

    assert done.code == 0, done.err
    assert "version 1" in done.err
    first, rest = (deployment / "mine.toml").read_text(encoding="utf-8").split("\n", 1)
    assert rest == was
    assert first == f'based_on = "{load_definition(was, file="").hash[:12]}"'
    same = inside("process", "publish", "mine.toml")
    assert same.code == 0
    assert "has not changed" in same.err


def test_a_pulled_file_can_be_used_like_any_draft(file: Path) -> None:
    edit(file, LIMIT)
    assert inside("check").code == 0
    assert "2 working days" in inside("process", "diff", "complaint", str(file)).out
    for command in (("spec",), ("diagram", "-o", "d.svg"), ("bpmn", "-o", "d.bpmn")):
        done = inside("process", command[0], str(file), *command[1:])
        assert done.code == 0, done.err


def test_a_draft_based_on_an_older_version_is_not_published(file: Path) -> None:
    mine = file.with_name("mine.toml")
    mine.write_bytes(file.read_bytes())
    edit(file, OTHER)
    assert inside("process", "publish", str(file)).code == 0
    edit(mine, LIMIT)

    done = inside("process", "publish", str(mine))
    assert done.code == 1
    for said in (
        "mine.toml is based on version 1",
        "version 2 is in force, published by the command line on 20",
        "nothing was published",
        "process pull complaint -o newer.toml",
        f"process diff complaint {mine.relative_to(Path.cwd())}",
    ):
        assert said in done.err
    assert inside("process", "show", "complaint", "--json").json["version"] == 2
    assert "第 1 版" in inside("process", "publish", str(mine), "--language", "zh").err

    # The way that the message describes.
    assert inside("process", "pull", "complaint", "-o", "newer.toml").code == 0
    newer = Path("newer.toml")
    edit(newer, ('due = "4wd"', 'due = "2wd"'))
    assert inside("process", "publish", "newer.toml").code == 0


@pytest.mark.parametrize("ends", ["\n", "\r\n"])
def test_a_published_file_is_based_on_the_version_that_it_became(file: Path, ends: str) -> None:
    edit(file, LIMIT)
    file.write_bytes(b"# ours" + ends.encode() + file.read_bytes().replace(b"\n", ends.encode()))
    before = file.read_bytes()
    first = inside("process", "publish", str(file))
    assert first.code == 0, first.err
    after = file.read_bytes()
    assert len(after) == len(before)
    assert after.split(b"\n", 2)[::2] == before.split(b"\n", 2)[::2]

    edit(file, ('due = "2wd"', 'due = "4wd"'))
    again = inside("process", "publish", str(file))
    assert again.code == 0, again.err
    assert "version 3" in again.err


def test_a_base_that_never_was_a_version_is_refused(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    edit(file, (text[:25], 'based_on = "000000000000"'))
    edit(file, LIMIT)
    done = inside("process", "publish", str(file))
    assert done.code == 1
    assert "no version of “complaint” begins with that; version 1 is in force" in done.err


def test_a_draft_without_a_base_is_published_with_a_notice(deployment: Path) -> None:
    file = deployment / "processes" / "complaint.toml"
    edit(file, LIMIT)
    done = inside("process", "publish", str(file))
    assert done.code == 0
    assert "does not say on which version it is based" in done.err
    assert "does not say" not in inside("process", "publish", str(file)).err


def test_unpublished_changes_are_not_overwritten(file: Path) -> None:
    edit(file, LIMIT)
    changed = file.read_bytes()
    refused = inside("process", "pull", "complaint")
    assert refused.code == 1
    assert "has changes that were never published" in refused.err
    assert file.read_bytes() == changed

    assert inside("process", "pull", "complaint", "--force").code == 0
    assert inside("process", "pull", "complaint").code == 0
    assert file.read_bytes() != changed


@pytest.mark.parametrize("content", [b"[[nodes", b"\xff", b'key = "supplier"\n'])
def test_what_is_no_version_of_the_process_counts_as_a_change(file: Path, content: bytes) -> None:
    file.write_bytes(content)
    assert "never published" in inside("process", "pull", "complaint").err
    assert file.read_bytes() == content


def test_the_file_of_another_process_is_kept(file: Path) -> None:
    supplier = file.with_name("supplier.toml")
    refused = inside("process", "pull", "complaint", "-o", str(supplier))
    assert refused.code == 1
    assert "There is no process" in inside("process", "pull", "complain").err


def test_a_process_without_a_file_gets_one(file: Path) -> None:
    file.unlink()
    assert inside("process", "pull", "complaint").code == 0
    assert file.read_bytes().startswith(b"based_on")


@pytest.mark.parametrize(
    "line",
    [
        'based_on = "0123"',
        'based_on = "ABCDEF012345"',
        'key = "complaint"\nbased_on = "0123456789ab"',
        'based_on = """\n0123456789ab"""',
    ],
)
def test_a_base_that_cannot_be_read_is_a_finding_with_its_line(file: Path, line: str) -> None:
    text = file.read_text(encoding="utf-8").split("\n", 1)[1]
    if "\n" in line and line.startswith("key"):
        text = text.replace('key = "complaint"\n', "", 1)
    file.write_text(f"{line}\n{text}", encoding="utf-8")
    done = inside("check")
    assert done.code == 1
    assert "based_on" in done.err
    assert "process pull" in done.err
