"""The real playground, started and stopped; commands look at what happened in it."""

import signal
import subprocess
import sys
from pathlib import Path

from bot import sample
from tests.command import closeloop, environment

COMPLAINT = ("customer=A", "contact=1", "channel=phone", "product=x", "what_happened=broken")


def test_what_happened_in_the_playground_is_listed_and_proved(tmp_path: Path) -> None:
    """Where no configuration is named and none is here, commands mean the playground's data."""
    home = {"XDG_DATA_HOME": str(tmp_path / "data")}
    before = closeloop("case", "list", cwd=tmp_path, **home)
    with subprocess.Popen(
        [sys.executable, "-m", "bot", "playground", "--no-browser", "--port", "0"],
        cwd=tmp_path,
        env=environment(**home),
        stdout=subprocess.PIPE,
        text=True,
    ) as playground:
        assert playground.stdout is not None
        address = playground.stdout.readline()
        fields = [word for field in COMPLAINT for word in ("--field", field)]
        filed = closeloop(
            "case", "start", "complaint", "--as", "wang.fang", *fields, cwd=tmp_path, **home
        )
        again = closeloop("playground", "--no-browser", cwd=tmp_path, **home)
        drafts = closeloop("playground", "--processes", ".", cwd=tmp_path, **home)
        copied = (sample.TEMPLATES / "leave.toml").read_text(encoding="utf-8")
        (tmp_path / "leave.toml").write_text(copied, encoding="utf-8")
        rehearsed = closeloop("rehearse", "leave.toml", cwd=tmp_path, **home)
        playground.send_signal(signal.SIGTERM)
        code = playground.wait(timeout=30)
    full = closeloop("playground", "--sample", "year", "--no-browser", cwd=tmp_path, **home)
    listed = closeloop("case", "list", "--json", cwd=tmp_path, **home)
    proved = closeloop("audit", "verify", cwd=tmp_path, **home)
    no_locale = closeloop("process", "list", cwd=tmp_path, language="", **home)

    assert before.code == 2
    assert address.startswith("http://127.0.0.1:")
    assert (again.code, again.out) == (2, "")
    assert address.strip() in again.err, "a second start says where the first one is"
    assert f"kill {playground.pid}" in again.err
    assert (drafts.code, "does not follow ." in drafts.err) == (2, True)
    assert "--data DIR" in drafts.err
    assert (rehearsed.code, rehearsed.err) == (0, ""), "a file needs no deployment"
    assert filed.code == code == 0, filed.err
    assert (full.code, full.out) == (1, "")
    assert "has cases already" in full.err
    assert [case["filer"] for case in listed.json] == ["wang.fang"]
    assert "playground" in listed.err
    assert proved.code == 0
    assert no_locale.out.startswith("Key")


def test_a_folder_of_drafts_that_is_not_there_is_named(tmp_path):
    done = closeloop("playground", "--processes", "nowhere", "--no-browser", cwd=tmp_path)

    assert (done.code, done.err) == (2, "There is no folder nowhere.\n")
