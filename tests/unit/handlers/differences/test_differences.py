"""What differs between two versions of a process, in words and as marked diagrams (L2.2)."""

from __future__ import annotations

from xml.etree import ElementTree as ET

import pytest

from handlers.differences.document import differences_document, differences_section
from handlers.differences.picture import compared_picture, marks_after, marks_before
from handlers.differences.wording import DifferenceWords
from handlers.reading.formatter import Formatter
from handlers.rendering.jobs import JOBS, packed
from handlers.rendering.model import Chart, Paragraph, Table
from handlers.rendering.render_md import render_md
from tests.unit.handlers.diagram.samples import launch
from tests.unit.workflows import office
from workflows.differences import differences
from workflows.model.definition import Definition

COMPLAINT = office.complaint().definition
CHECK = {
    "id": "check",
    "kind": "task",
    "name": {"zh": "质量复核", "en": "Quality check"},
    "assignee": "owner",
    "form": "summary",
    "due": "1wd",
    "ladder": "step",
    "next": "closed",
}


def new_version(**more):
    """A version without the management's decision, with a quality check, and archived sooner."""
    written = COMPLAINT.model_dump(mode="json", by_alias=True)
    nodes = {node["id"]: node for node in written["nodes"] if node["id"] != "management_decision"}
    nodes["resolve"] |= {"due": "2wd", "next": "archive"}
    nodes["archive"]["next"] = "confirm"
    nodes["confirm"]["outcomes"]["approve"]["to"] = "check"
    nodes["confirm"]["outcomes"]["return"]["then"] = "check"
    return Definition.model_validate(written | {"nodes": [*nodes.values(), CHECK]} | more)


def saying(before=COMPLAINT, after=None, language="en"):
    write = Formatter(
        directory=office.directory(),
        language=language,
        zone=office.ZONE,
        now=office.moment("2026-03-02 09:00"),
    )
    return DifferenceWords(before=before, after=after or new_version(), write=write)


def rows(say):
    section = differences_section(say.before, say.after, say.write)
    (table,) = (block for block in section.blocks if isinstance(block, Table))
    return [tuple(cell.text for cell in row) for row in table.rows]


def texts(svg):
    return ["".join(node.itertext()) for node in ET.fromstring(svg).iter() if node.text]


def test_the_table_says_what_was_dropped_added_moved_and_changed():
    found = rows(saying())

    assert ("Step: Resolve and reply", "limit", "3 working days", "2 working days") in found
    assert found[0][1:] == (
        "steps: order changed",
        "Is the customer satisfied? → Archive and summarise",
        "Archive and summarise → Is the customer satisfied?",
    )
    changes = {row[0]: row[1] for row in found}
    assert changes["Step: Management decides"] == "dropped"
    assert changes["Step: Quality check"] == "new"
    assert (
        "Step: Is the customer satisfied?",
        "outcome › Approve › leads to",
        "Archive and summarise",
        "Quality check",
    ) in found


def test_a_new_field_is_said_with_its_type_and_without_what_goes_without_saying():
    written = COMPLAINT.model_dump(mode="json", by_alias=True)
    new = {"id": "batch", "type": "long_text", "label": {"zh": "批次", "en": "Batch"}}
    written["forms"]["complaint"]["fields"].append(new)
    (row,) = rows(saying(after=Definition.model_validate(written)))
    assert row[3] == "type: long text, label: Batch"


def test_how_long_a_case_may_be_withdrawn_is_said_by_the_names_of_steps():
    written = COMPLAINT.model_dump(mode="json", by_alias=True) | {"withdraw_until": "archive"}
    (row,) = rows(saying(after=Definition.model_validate(written)))
    assert row[2:] == ("Is the customer satisfied?", "Archive and summarise")


def test_the_table_is_in_the_readers_language():
    assert ("步骤：处理并答复", "时限", "3 个工作日", "2 个工作日") in rows(saying(language="zh"))


def test_another_name_of_a_role_is_said():
    roles = {
        **{key: name.model_dump() for key, name in COMPLAINT.roles.items()},
        "complaint-desk": {"zh": "客服前台", "en": "Reception"},
        "complaint-manager": {"zh": "客服主管", "en": "Service manager"},
    }
    written = COMPLAINT.model_dump(mode="json", by_alias=True)
    named = Definition.model_validate(written | {"roles": roles})
    bare = Definition.model_validate(written | {"roles": {}})

    assert rows(saying(after=named)) == [
        ("Role: complaint-manager", "name", "Complaint manager", "Service manager"),
        ("Role: complaint-desk", "name", "Complaint desk", "Reception"),
    ]
    added = ("角色：complaint-desk", "名称：新增", "—", "客服前台")
    assert added in rows(saying(bare, named, "zh"))
    assert ("Role: complaint-handler", "name: dropped", "Complaint handler", "—") in rows(
        saying(after=bare)
    )


def test_nodes_are_marked_in_the_version_in_which_they_are():
    say = saying()
    found = differences(say.before, say.after)

    assert {key: mark.label for key, mark in marks_before(say, found).items()} == {
        "management_decision": "dropped"
    }
    assert {key: (mark.kind, mark.label) for key, mark in marks_after(say, found).items()} == {
        "confirm": ("changed", "order changed"),
        "archive": ("changed", "order changed"),
        "resolve": ("changed", "changed"),
        "check": ("added", "new"),
    }


def test_the_picture_has_both_versions_and_their_marks():
    say = saying()
    found = texts(compared_picture(say, differences(say.before, say.after)).svg)

    assert found.count("Classify and grade") == 2
    assert {"As it is", "To be", "dropped", "new", "order changed"} <= {*found}


def test_wide_diagrams_are_drawn_below_each_other():
    before = launch()
    written = before.model_dump(mode="json", by_alias=True)
    after = Definition.model_validate(written | {"owner": "role:boss"})
    say = saying(before, after)
    root = ET.fromstring(compared_picture(say, differences(before, after)).svg)

    assert float(root.get("width", "0")) > 0
    assert [one.text for one in root.iter() if one.text in ("As it is", "To be")]


def test_a_merged_step_is_said_once_and_marked_on_both_sides():
    written = COMPLAINT.model_dump(mode="json", by_alias=True)
    fields = written["forms"]["summary"]["fields"] + written["forms"]["decision"]["fields"]
    forms = written["forms"] | {"summary": {**written["forms"]["summary"], "fields": fields}}
    nodes = {node["id"]: node for node in written["nodes"] if node["id"] != "management_decision"}
    nodes["confirm"]["outcomes"]["return"]["then"] = "archive"
    changed = written | {"forms": forms, "nodes": [*nodes.values()]}
    say = saying(after=Definition.model_validate(changed))

    found = differences(say.before, say.after)
    said = [row for row in rows(say) if "Management decides" in row[2] and row[1] == "merged"]
    assert said == [
        *[("Step: Archive and summarise", "merged", "Management decides", "Archive and summarise")]
    ]
    assert not [row for row in rows(say) if row[0] == "Step: Management decides"]
    assert marks_before(say, found)["management_decision"].label == "merged"
    assert "merged" in marks_after(say, found)["archive"].label


def test_every_kind_of_value_has_words():
    written = COMPLAINT.model_dump(mode="json", by_alias=True)
    start = written["forms"][written["start_form"]]
    one, two, *rest = start["fields"]
    asked = {**one, "required": False, "when": 'channel == "phone"', "hint": None}
    forms = written["forms"] | {written["start_form"]: {**start, "fields": [two, asked, *rest]}}
    rungs = {
        "rungs": [{"at": "50%", "remind": "assignee"}, {"at": "due + 2wh", "escalate": "owner"}]
    }
    ladders = written["ladders"] | {"step": rungs}
    say = saying(
        after=new_version(forms=forms, ladders=ladders, owner="role:boss", survey=None, alerts=[])
    )

    found = rows(say)
    said = {(row[0], row[1]): row[3] for row in found}
    assert said["Process", "owner"] == "the role “boss”"
    assert said["Process", "survey"] == "—"
    ladder = said["Escalation: step", "rungs"]
    assert "2 working hours" in ladder
    assert "{" not in "".join(map("".join, found))
    assert any(what.endswith("required") and value == "no" for (_, what), value in said.items())
    assert any("fields: order changed" in what for _, what in said)
    found_marks = marks_after(say, differences(say.before, say.after))
    assert found_marks["$start"].label == "changed"


@pytest.mark.parametrize("language", ["zh", "en"])
def test_processes_that_have_nothing_in_common_can_be_compared(language):
    for before, after in ((COMPLAINT, launch()), (launch(), COMPLAINT)):
        found = rows(saying(before, after, language))
        assert "{" not in "".join(map("".join, found))
        assert all(row[2] != row[3] for row in found)
    said = {row[0]: row for row in rows(saying(COMPLAINT, launch()))}
    assert said["Step: Dispatch"][2] == "decision by rule"
    assert said["Step: Management decides"][2].startswith("task, people: the process owner")
    assert said["Form: Classify and grade"][2].startswith("Grade")


def test_versions_without_a_difference_say_so():
    section = differences_section(COMPLAINT, COMPLAINT, saying().write)

    (block,) = section.blocks
    assert isinstance(block, Paragraph)
    assert block.words.text == "The two versions do not differ."


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_document_is_made_in_every_format(language):
    say = saying(language=language)
    document = differences_document(
        say.before, say.after, say.write, company="Sample", versions=("1", "2")
    )

    assert isinstance(document.sections[0].blocks[0], Chart)
    assert JOBS["pdf"](packed(document)).startswith(b"%PDF")
    assert JOBS["docx"](packed(document)).startswith(b"PK")
    assert ("质量复核" if language == "zh" else "Quality check") in render_md(document).decode()
