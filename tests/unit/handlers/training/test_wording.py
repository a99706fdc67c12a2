"""What a training card says of each step of each process."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from handlers.specification.source import Earlier
from handlers.training import wording
from tests.unit.handlers.specification.test_specification import LANGUAGES, OURS, SHIPPED, of
from workflows.loading import load_definition
from workflows.model.definition import Definition
from workflows.model.nodes import ApprovalNode, TaskNode


def read(path: Path, *changes: tuple[str, str]) -> Definition:
    text = path.read_text(encoding="utf-8")
    for before, after in changes:
        assert before in text
        text = text.replace(before, after, 1)
    return load_definition(text, file=path.name).definition


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("path", [*SHIPPED, *OURS], ids=lambda path: path.stem)
def test_whoever_has_a_step_reads_its_name_and_limit(path: Path, language: str) -> None:
    """L4.2: of every step of every process, and of filing a case."""
    definition = read(path)
    source = of(definition, language)
    for node in definition.nodes:
        if isinstance(node, TaskNode | ApprovalNode):
            said = "\n".join((*wording.how(source, node.id), *wording.cautions(source, node.id)))
            assert source.form.text(node.name) in said
            assert source.form.span(node.due) in said
    assert f"/{definition.command}" in "\n".join(wording.how(source, ""))
    steps = [*wording.steps(source)]
    assert 0 < len(steps) <= wording.STEPS_MOST + 1
    assert list(wording.changes(source)) == []  # there is no version before


def launch() -> Path:
    return next(path for path in SHIPPED if path.stem == "launch")


def test_whoever_approves_reads_what_they_decide_and_who_decides_about_their_own() -> None:
    source = of(read(launch()))
    said = "\n".join(
        line
        for node in source.definition.nodes
        if isinstance(node, ApprovalNode)
        for line in (*wording.how(source, node.id), *wording.cautions(source, node.id))
    )
    assert "You decide: " in said
    assert "If you filed the case yourself: " in said


def test_the_steps_are_in_the_order_of_the_flow_and_what_follows_a_return_is_last() -> None:
    names = [line.split(" · ")[0] for line in wording.steps(of(read(launch())))]
    assert names == [
        "1. R&D review",
        "2. Market assessment",
        "3. Finance review",
        "4. Management approval",
        "5. Executives countersign",
        "6. Revise the request",
        "7. Confirm the revocation",
    ]


def test_of_many_changes_the_first_are_said_and_how_many_more_there_are() -> None:
    """L4.2: at most five lines."""
    before, edits = read(launch()), [('due = "3wd"', 'due = "9wd"')] * 4
    after = read(
        launch(),
        *edits,
        ('command = "launch"', 'command = "new-launch"'),
        ('zh = "', 'zh = "新'),
        ('en = "', 'en = "New '),
    )
    source = replace(of(after), before=Earlier(version=2, definition=before))
    said = [*wording.changes(source)]
    assert len(said) == wording.CHANGES_MOST + 1
    assert said[-1].startswith("and ")
    assert any("3 working days → 9 working days" in line for line in said)
