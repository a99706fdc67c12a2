"""process import: a draft of a BPMN file (L2.2)."""

from pathlib import Path

from tests.command import inside
from tests.unit.handlers.bpmn.test_drafting import DEVICE


def test_what_was_written_is_read_again(deployment: Path) -> None:
    assert inside("process", "bpmn", "launch", "-o", "launch.bpmn").code == 0
    (deployment / "processes" / "launch.toml").rename(deployment / "was.toml")
    done = inside("process", "import", "launch.bpmn", "-o", "again.toml")
    assert done.out.strip() == "again.toml"
    differs = inside("process", "diff", "launch", "again.toml", "--json")
    assert differs.json == []


def test_a_drawing_of_another_tool_is_a_draft_with_findings(deployment: Path) -> None:
    (deployment / "device.bpmn").write_text(DEVICE, encoding="utf-8")
    done = inside("process", "import", "device.bpmn", "--id", "device")
    assert done.code == 1, "something has no place in the draft"
    assert "S1 “Book it”: A system does this step" in done.err
    assert "nobody has the role" in done.err
    text = (deployment / "processes" / "device.toml").read_text(encoding="utf-8")
    assert text.startswith("# A draft of device.bpmn.")
    assert "# CHECK S1 “Book it”" in text
    again = inside("process", "import", "device.bpmn", "--id", "device", "--language", "zh")
    assert again.code == 1
    assert "device.toml" in again.err


def test_a_file_that_is_no_drawing_is_refused(deployment: Path) -> None:
    (deployment / "big.bpmn").write_bytes(b" " * (3 * 1024 * 1024))
    (deployment / "other.bpmn").write_text("<svg/>")
    assert "more than 2 MB" in inside("process", "import", "big.bpmn").err
    other = inside("process", "import", "other.bpmn", "--language", "zh")
    assert other.code == 1
    assert "<svg>" in other.err
    assert inside("process", "import", "none.bpmn").code == 2
    assert inside("process", "import", "other.bpmn", "--id", "No Key").code == 1
