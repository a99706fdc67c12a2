"""The browser code: its linter (.oxlintrc.json) finds nothing, and all of it is used."""

import re
import subprocess
import sys
from pathlib import Path
from typing import get_args

import pytest

from handlers.rehearsing import Stage
from tests.house.source import ROOT

STATIC = ROOT / "bot" / "platforms" / "playground" / "static"
SCRIPTS = {path.name: path.read_text(encoding="utf-8") for path in STATIC.glob("*.js")}
STYLES = {path.name: path.read_text(encoding="utf-8") for path in STATIC.glob("*.css")}
PAGE = (STATIC / "index.html").read_text(encoding="utf-8")
STAGES = set(get_args(Stage))  # of a rehearsal, as the server names them


def test_the_linter_finds_nothing():
    oxlint = Path(sys.executable).with_name("oxlint")
    done = subprocess.run(
        [oxlint, "--format", "unix"], cwd=ROOT, capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stdout + done.stderr


def test_the_linter_looks_at_the_browser_code(tmp_path):
    (tmp_path / "wrong.js").write_text("const unused = missing();\n")
    oxlint = Path(sys.executable).with_name("oxlint")
    rules = ["--config", str(ROOT / ".oxlintrc.json"), "--format", "unix"]
    done = subprocess.run(
        [oxlint, *rules, tmp_path], cwd=ROOT, capture_output=True, text=True, check=False
    )

    assert done.returncode == 1, done.stdout + done.stderr
    assert "no-undef" in done.stdout
    assert "no-unused-vars" in done.stdout


@pytest.mark.parametrize("name", sorted(STYLES))
def test_every_class_that_is_styled_is_set_somewhere(name):
    rules = re.sub(r"/\*.*?\*/", "", STYLES[name], flags=re.DOTALL)
    selectors = " ".join(re.findall(r"([^{}]+)\{", rules))
    styled = set(re.findall(r"\.([a-zA-Z_][\w-]*)", selectors)) - STAGES
    words = set(re.findall(r"[\w-]+", "\n".join([PAGE, *SCRIPTS.values()])))

    assert styled - words == set()


@pytest.mark.parametrize("name", sorted(SCRIPTS))
def test_everything_that_a_module_offers_is_taken_by_another(name):
    offered = re.findall(
        r"^export (?:async )?(?:const|function|class|let) (\w+)", SCRIPTS[name], re.MULTILINE
    )
    imports = rf"import \{{([^}}]*)\}} from \"\./{re.escape(name)}\""
    taken = " ".join(found for text in SCRIPTS.values() for found in re.findall(imports, text))

    assert set(offered) - set(re.findall(r"\w+", taken)) == set()


def test_every_drawing_is_shown_somewhere():
    drawings = re.search(r"const PATHS = \{(.*?)\n\};", SCRIPTS["markup.js"], re.DOTALL)
    assert drawings is not None
    rest = "\n".join(SCRIPTS.values()).replace(drawings[1], "")
    names = set(re.findall(r"^  (\w+):", drawings[1], re.MULTILINE))

    assert names - set(re.findall(r'"(\w+)"', rest)) == set()
