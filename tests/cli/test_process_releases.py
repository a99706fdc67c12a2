"""What the commands about processes say of pilots, and of publishing by an administrator."""

import asyncio
from pathlib import Path

from bot.app.deployment import open_database
from bot.config import load_config
from tests.command import inside
from workflows.loading import load_definition
from workflows.moments import DAY
from workflows.releases import Opening

FROM, UNTIL = 1_767_225_600_000_000, 1_767_225_600_000_000 + 30 * DAY


def pilot(deployment: Path, file: str, *departments: str) -> None:
    """A change case stores a draft and opens a pilot."""
    loaded = load_definition((deployment / file).read_text(encoding="utf-8"), file=file)

    def unit(tx):
        stored = tx.definitions.store(
            key=loaded.definition.key, hash=loaded.hash, text=loaded.text, at=FROM, by="system"
        )
        opening = Opening(
            process=stored.key,
            version=stored.version,
            opening="PC-2026-0001/v3",
            at=FROM,
            by="system",
            kind="pilot",
            until=UNTIL,
        )
        tx.releases.open_for(opening, departments)

    async def task() -> None:
        database = await open_database(load_config(deployment / "config.toml"))
        await database.run(unit)
        await database.aclose()

    asyncio.run(task())


def changed(deployment: Path, due: str) -> str:
    draft = deployment / "processes" / "complaint.toml"
    draft.write_text(draft.read_text().replace('due = "3wd"', f'due = "{due}"'))
    return "processes/complaint.toml"


def test_pilots_are_named_beside_the_version_in_force(deployment: Path) -> None:
    pilot(deployment, changed(deployment, "2wd"), "sales", "quality")

    (listed,) = [
        one for one in inside("process", "list", "--json").json if one["key"] == "complaint"
    ]
    assert listed["version"] == 1
    assert [(one["kind"], one["department"], one["version"]) for one in listed["releases"]] == [
        ("all", None, 1),
        ("pilot", "quality", 2),
        ("pilot", "sales", 2),
    ]
    assert listed["releases"][1]["until"] == "2026-01-31T00:00:00+00:00"
    assert listed["releases"][1]["second"] is None
    assert "pilot of version 2: Quality, Sales" in inside("process", "list").out
    assert "第 2 版试点：质量部、销售部" in inside("process", "list", "--language", "zh").out
    done = inside("process", "show", "complaint")
    assert done.code == 0, done.err
    shown = done.out
    assert "Planned end" in shown
    assert "PC-2026-0001/v3" in shown
    assert "计划结束" in inside("process", "show", "complaint", "--language", "zh").out


def test_without_pilots_there_is_no_column_of_them(deployment: Path) -> None:
    assert "In departments" not in inside("process", "list").out
    assert "Planned end" not in inside("process", "show", "complaint").out


def test_a_process_that_is_only_in_pilot_is_listed_and_shown(deployment: Path) -> None:
    text = (deployment / "processes" / "complaint.toml").read_text()
    for old, new in (
        ('key = "complaint"', 'key = "claim"'),
        ('command = "complaint"', 'command = "claim"'),
        ('case_prefix = "C"', 'case_prefix = "Q"'),
    ):
        assert old in text
        text = text.replace(old, new, 1)
    (deployment / "claim.toml").write_text(text)
    pilot(deployment, "claim.toml", "sales")

    assert "claim" in inside("process", "list").out
    assert inside("process", "show", "claim", "--json").json["version"] == 1
    (deployment / "other.toml").write_text(text.replace('key = "claim"', 'key = "other"', 1))
    done = inside("process", "publish", "other.toml")
    assert done.code == 1, "its command is that of the pilot"
    assert "the command of another process" in done.err


def test_publishing_says_that_there_was_no_second_person_and_which_pilot_it_ends(
    deployment: Path,
) -> None:
    """L4.1: the administrator's way in an emergency."""
    pilot(deployment, changed(deployment, "2wd"), "sales")
    draft = deployment / "processes" / "complaint.toml"
    draft.write_text(draft.read_text().replace('due = "2wd"', 'due = "4wd"'))

    done = inside("process", "publish", "processes/complaint.toml")

    assert done.code == 0, done.err
    assert "without a second person" in done.err
    assert (
        "The release of version 2 to the department sales by PC-2026-0001/v3 has ended" in done.err
    )
    releases = inside("process", "show", "complaint", "--json").json["releases"]
    assert [(one["kind"], one["version"], one["second"]) for one in releases] == [("all", 3, None)]
    again = inside("process", "publish", "processes/complaint.toml")
    assert "without a second person" not in again.err


def test_the_department_of_the_filer_decides_on_the_command_line(deployment: Path) -> None:
    pilot(deployment, changed(deployment, "2wd"), "sales")
    fields = ("customer=A", "contact=1", "channel=phone", "product=B", "what_happened=C")
    given = [part for one in fields for part in ("--field", one)]

    for person, version in (("emma.clark", 2), ("wang.fang", 1)):
        case = inside("case", "start", "complaint", "--as", person, *given, "--json").json
        assert case["version"] == version
