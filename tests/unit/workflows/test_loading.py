"""Loading: a text becomes a definition that can run, or all of its errors with file and line."""

from __future__ import annotations

import time
from hashlib import sha256
from pathlib import Path

import pytest

from workflows.conditions import Condition
from workflows.errors import DefinitionError, Finding
from workflows.lint import check
from workflows.loading import MAX_BYTES, Source, load_definition, with_base
from workflows.mentions import Flaw

GOOD = (Path(__file__).parent / "definitions" / "good.toml").read_text(encoding="utf-8")
PROCESSES = Path(__file__).parents[3] / "workflows" / "processes"
SHIPPED = sorted(path for path in PROCESSES.glob("*.toml") if path.suffixes == [".toml"])


def refusal(text):
    with pytest.raises(DefinitionError) as refused:
        load_definition(text, file="order.toml")
    assert all(finding.file == "order.toml" for finding in refused.value.findings)
    return refused.value.findings


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_shipped_definitions_load(path):
    loaded = load_definition(path.read_text(encoding="utf-8"), file=path.name)
    assert loaded.definition.key == path.stem


def test_a_loaded_definition_brings_its_hash_its_text_and_its_conditions():
    loaded = load_definition(GOOD, file="good.toml")
    assert loaded.text == GOOD
    assert loaded.hash == sha256(GOOD.encode()).hexdigest()
    assert set(loaded.conditions) == {
        "amount > 1000",
        'grade == "high"',
        'grade == "low"',
        'why == "urgent"',
    }
    condition = loaded.conditions["amount > 1000"]
    assert isinstance(condition, Condition)
    assert condition.evaluate({"amount": 1001})


def test_the_hash_does_not_depend_on_how_the_editor_ends_lines():
    windows = load_definition("\ufeff" + GOOD.replace("\n", "\r\n"), file="good.toml")
    assert windows.hash == load_definition(GOOD, file="good.toml").hash
    assert windows.text == GOOD


BASED = 'based_on = "0123456789ab"'


@pytest.mark.parametrize(
    "line",
    [
        BASED + "\n",
        f"{BASED}\r\n",
        f"{BASED}  # pulled on Monday\n",
        "based_on='0123456789ab'\n",
        f"  {BASED}\n",
    ],
)
@pytest.mark.parametrize("head", ["", "# ours\n\n"])
def test_the_base_of_a_draft_is_no_part_of_the_definition(line, head):
    draft = load_definition(head + line + GOOD, file="good.toml")
    assert draft.based_on == "0123456789ab"
    assert draft.text == head + GOOD
    assert draft.hash == sha256((head + GOOD).encode()).hexdigest()
    assert check(head + line + GOOD, file="good.toml") == ()


def test_findings_have_the_lines_of_the_file_with_its_base():
    broken = GOOD.replace('due = "2d"', 'due = "2 days"')
    (found,) = refusal(f"{BASED}\n{broken}")
    (plainly,) = refusal(broken)
    assert (found.line, plainly.line) == (118, 117)


def test_the_base_does_not_count_as_size():
    whole = GOOD + "#" * (MAX_BYTES - len(GOOD.encode()))
    assert load_definition(with_base(whole, "0" * 64), file="good.toml").text == whole


@pytest.mark.parametrize(
    "text",
    [f'{BASED[:-2]}"\n{GOOD}', f'key2 = "x"\n{BASED}\n{GOOD}', f"{BASED}\n{BASED}\n{GOOD}"],
)
def test_a_base_elsewhere_is_explained(text):
    found = {finding.where: finding for finding in refusal(text)}["based_on"]
    assert found.problem == '"based_on" is not known here'
    assert 'based_on = "0123456789ab"' in found.hint


def test_a_base_is_set_where_it_is_or_on_the_first_line():
    first = with_base(GOOD, "a" * 64)
    assert first == f'based_on = "{"a" * 12}"\n{GOOD}'
    assert with_base("# ours\n" + first, "b" * 64) == "# ours\n" + first.replace("a" * 12, "b" * 12)


def test_errors_of_the_model_are_reported_all_at_once_with_their_lines():
    findings = refusal(
        GOOD.replace('due = "2d"', 'due = "2 days"')
        .replace('owner = "role:chief"\n', "")
        .replace('kind = "approval"', 'kind = "aproval"')
        .replace("at_most = 3", "at_most = 0")
    )
    assert [(finding.line, finding.where, finding.problem) for finding in findings] == [
        (None, "owner", '"owner" is missing'),
        (82, "nodes.decide.kind", '"aproval" is no kind of node'),
        (116, "nodes.buy.due", "'2 days' is not a length of time"),
    ]


def test_errors_in_conditions_and_people_are_reported_all_at_once():
    findings = refusal(
        GOOD.replace("amount > 1000", "amuont > 1000").replace("head(sales)", "boss(sales)")
    )
    assert findings[0] == Finding(
        file="order.toml",
        line=77,
        where="nodes.sort.routes[0].when",
        problem="there is no such field at character 1: amuont",
        hint="Perhaps you mean amount",
    )
    assert (findings[1].line, findings[1].where) == (87, "nodes.decide.cc[0].to")
    assert findings[1].problem == 'at character 1: "boss" is not known here'
    assert len(findings) == 2


@pytest.mark.parametrize(
    ("text", "line", "problem", "hint"),
    [
        ("a = 1\nb 2", 2, ", column 3: expected '=' after a key", "Write key = value"),
        ("a = 1\na = 2\nb = 3\n", 2, ", column 6: cannot overwrite", "A key can stand only once"),
        ("[a]\nb = 1\n[a]", 3, ", column 3: cannot declare", "A table can begin only once"),
        ("a = yes", 1, ", column 5: invalid value", "Put texts in quotes"),
        ('a = "yes\n', 1, ", column 9: illegal character", "Close the quotes on"),
        ("a = 1\nb = '''yes\n\n", 2, ": expected \"'''\"", "Close the quotes"),
        ("a = [1,\n2", 2, ": unclosed array", "Close the bracket"),
        ("a = 'x' b", 1, ", column 9: expected newline", "Compare the line"),
    ],
)
def test_a_text_that_is_no_toml_is_refused_with_its_line(text, line, problem, hint):
    (finding,) = refusal(text)
    assert finding.line == line
    assert finding.problem.startswith(f"this is not TOML{problem}")
    assert finding.hint.startswith(hint)


def test_what_would_keep_the_parser_busy_is_refused_at_once():
    started = time.process_time()  # whatever else the machine does
    (too_big,) = refusal("#" * (MAX_BYTES + 1))
    (too_deep,) = refusal("a = 1\n" + "a." * 30_000 + "b = 1")
    (nested,) = refusal("a = " + "[" * 60_000)
    assert time.process_time() - started < 1
    assert too_big.problem == "the file has 65537 bytes, 65536 are allowed"
    assert (too_deep.line, too_deep.problem) == (2, "keys or brackets are nested too deep")
    assert (nested.line, nested.problem) == (1, "keys or brackets are nested too deep")


def test_numbers_of_thousands_of_digits_are_refused():
    (decimal,) = refusal(GOOD.replace("min = 1,", f"min = {'9' * 5000},"))
    assert decimal.problem.startswith("this is not TOML: exceeds the limit")
    assert decimal.hint == "Write a smaller number"
    (hexadecimal,) = refusal(GOOD.replace("min = 1,", f"min = 0x{'f' * 5000},"))
    assert hexadecimal.problem == "such a number does not fit here"
    assert hexadecimal.where == "forms.order.fields.amount.min"


def test_a_finding_cannot_write_on_the_terminal():
    (finding,) = refusal(GOOD + '\n"\\u001b[2J" = 1\n')
    assert finding.where == 'document."\ufffd[2J"'
    assert finding.problem == '"\ufffd[2J" is not known here'


def test_a_picture_is_no_text_however_large_it_is():
    (finding,) = refusal("\ufffdPNG\r\n\0\0" + "x" * 100_000)
    assert finding.problem == "this is not a text"


def test_half_a_character_is_refused():
    (finding,) = refusal("a = '\ud800'")
    assert (finding.line, finding.problem) == (None, "this is not a text")


def test_places_are_said_with_ids_where_there_are_any():
    tree = {"nodes": [{"id": "a", "routes": [{"to": "b"}]}, {"id": 7}, 5], "odd key": {"x": 1}}
    source = Source(file="x.toml", tree=tree, lines={("nodes",): 3})
    assert source.where(("nodes", 0, "routes", 0, "to")) == "nodes.a.routes[0].to"
    assert source.where(("nodes", 1, "id")) == "nodes[1].id"
    assert source.where(("nodes", 2, "id")) == "nodes[2].id"
    assert source.where(("nodes", 9, "id")) == "nodes[9].id"
    assert source.where(("odd key", "x")) == '"odd key".x'
    assert source.where(()) == ""
    flaw = Flaw(path=("nodes", 9), problem="p", hint="h")
    found = Finding(file="x.toml", line=3, where="nodes[9]", problem="p", hint="h")
    assert source.findings([flaw, flaw]) == (found,)
