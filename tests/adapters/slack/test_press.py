"""How many files somebody has to open to follow one press of a button."""

from pathlib import Path

from scripts.press import pressed

FILES_MOST = 66  # lowered whenever there are fewer; the aim is 30


async def test_a_press_of_approve_passes_few_files(tmp_path: Path) -> None:
    calls = await pressed(tmp_path)

    assert len(calls) <= FILES_MOST, sorted(calls)
    assert {
        "bot/platforms/slack/presses.py",
        "handlers/actions/decide.py",
        "storage/cases.py",
    } <= set(calls)
