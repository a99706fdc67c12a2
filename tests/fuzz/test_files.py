"""Files that people write: any text is a deployment, a directory, a process, or findings."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import sample
from bot.config import load_config
from bot.config_warnings import config_warnings
from bot.people_file import read_people
from handlers.i18n import translator
from tests.fuzz.raw import ODD_TEXTS
from workflows.errors import ConfigError, DefinitionError
from workflows.loading import load_definition

WORDS = translator("en")
PROCESSES = [path for path in sample.PROCESSES.glob("*.toml") if "." not in path.stem]
SAMPLES = {
    "config": sample.CONFIG.read_text(encoding="utf-8"),
    "people": sample.PEOPLE.read_text(encoding="utf-8"),
    **{path.stem: path.read_text(encoding="utf-8") for path in PROCESSES},
}
TABLE = (
    "id,name,email,department,manager,roles,language,timezone,slack,telegram\n"
    "wang.fang,王芳,w@example.com,customer-service,chen.jing,complaint-desk,zh,Asia/Shanghai,U0W,1\n"
    'chen.jing,"陈, 静",c@example.com,customer-service,,"a;b",en,UTC,,\n'
)
SNIPPETS = (
    *ODD_TEXTS[:-1],
    *("=", "[", "]", "[[", "{}", '"', '"""', "'", "#", "\n", ",", ";", "\t", "true", "1e999"),
    *("2026-02-30", "[x]", "[[people]]", 'id = "x"', "enabled = true", "inf", "nan", "-0"),
)


@st.composite
def edited(draw: st.DrawFn, text: str) -> str:
    """A text with a few places cut, doubled, or with something put in."""
    for _ in range(draw(st.integers(1, 4))):
        lines = text.split("\n")
        at = draw(st.integers(0, len(lines) - 1))
        snippet = draw(st.one_of(st.sampled_from(SNIPPETS), st.text(max_size=10)))
        match draw(st.sampled_from(["value", "insert", "drop", "double", "join"])):
            case "value":
                key, equals, _ = lines[at].partition("=")
                lines[at] = f"{key}{equals} {snippet}"
            case "insert":
                place = draw(st.integers(0, len(lines[at])))
                lines[at] = lines[at][:place] + snippet + lines[at][place:]
            case "drop":
                del lines[at]
            case "double":
                lines.insert(draw(st.integers(0, len(lines) - 1)), lines[at])
            case _:
                lines[at : at + 2] = ["".join(lines[at : at + 2])]
        text = "\n".join(lines)
    return text


Put = Callable[[str, bytes], Path]


@pytest.fixture(scope="module")
def put(tmp_path_factory: pytest.TempPathFactory) -> Put:
    """Writes a file that is read next."""
    folder = tmp_path_factory.mktemp("files")

    def written(name: str, content: bytes) -> Path:
        path = folder / name
        path.write_bytes(content)
        return path

    return written


def refused(error: ConfigError | DefinitionError) -> None:
    """Findings that a person can use: each says what is wrong."""
    assert error.findings
    assert all(one.problem.strip() for one in error.findings)
    assert str(error).isprintable() or "\n" in str(error)


@given(text=edited(SAMPLES["config"]))
def test_any_configuration_is_good_or_has_findings(put: Put, text: str) -> None:
    path = put("config.toml", text.encode(errors="surrogatepass"))
    try:
        config = load_config(path, words=WORDS)
    except ConfigError as error:
        refused(error)
    else:
        config_warnings(config, path, words=WORDS)


@given(text=edited(SAMPLES["people"]))
def test_any_directory_is_good_or_has_findings(put: Put, text: str) -> None:
    with suppress(ConfigError):
        read_people(put("people.toml", text.encode(errors="surrogatepass")), words=WORDS)


@given(text=edited(TABLE), encoding=st.sampled_from(["utf-8", "gb18030", "utf-16", "utf-8-sig"]))
def test_any_table_of_people_is_good_or_has_findings(put: Put, text: str, encoding: str) -> None:
    with suppress(ConfigError):
        read_people(put("people.csv", text.encode(encoding, errors="replace")), words=WORDS)


@given(content=st.binary(max_size=300), name=st.sampled_from(["people.csv", "people.toml"]))
def test_any_bytes_are_people_or_findings(put: Put, content: bytes, name: str) -> None:
    with suppress(ConfigError):
        read_people(put(name, content), words=WORDS)
    with suppress(ConfigError):
        load_config(put("config.toml", content), words=WORDS)


@pytest.mark.parametrize("process", sorted(set(SAMPLES) - {"config", "people"}))
@given(data=st.data())
def test_any_process_can_run_or_has_findings(process: str, data: st.DataObject) -> None:
    text = data.draw(edited(SAMPLES[process]))
    try:
        load_definition(text, file="x.toml")
    except DefinitionError as error:
        refused(error)
