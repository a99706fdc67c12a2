"""Which process people mean, by its key, its name in either language, or its command."""

from __future__ import annotations

import pytest

from handlers.process_names import key_named, known_processes
from tests.office import MONDAY, Workplace
from tests.stories.process_change import COMPLAINT
from tests.unit.handlers.test_start import damage
from workflows.loading import load_definition


async def published(work: Workplace, text: str) -> None:
    loaded = load_definition(text, file="complaint.toml")
    key = loaded.definition.key
    await work.database.run(
        lambda tx: tx.definitions.publish(
            key=key, hash=loaded.hash, text=loaded.text, at=MONDAY, by="system"
        )
    )


async def named(work: Workplace, given: str) -> str:
    return await work.database.read(lambda tx: key_named(tx, work.office, given))


@pytest.mark.parametrize(
    "given",
    [
        "complaint",
        " Complaint ",
        "/complaint",
        "／ＣＯＭＰＬＡＩＮＴ",
        "客户投诉处理流程",
        "Customer complaint",
        "customer\u3000 COMPLAINT",
    ],
)
async def test_a_process_is_found_by_what_people_call_it(work: Workplace, given: str) -> None:
    """L1.1."""
    assert await named(work, given) == "complaint"


async def test_a_command_is_found_as_one_chat_writes_it(work: Workplace) -> None:
    text = COMPLAINT.replace('command = "complaint"', 'command = "new-complaint"', 1)
    await published(work, text)
    assert await named(work, "/new_complaint") == "complaint"


async def test_what_names_no_process_is_the_key_of_a_new_one(work: Workplace) -> None:
    assert await named(work, " onboarding ") == "onboarding"
    assert await named(work, "投诉") == "投诉"


async def test_a_name_of_two_processes_names_none(work: Workplace) -> None:
    second = COMPLAINT.replace('key = "complaint"', 'key = "claims"', 1)
    await published(work, second.replace('case_prefix = "C"', 'case_prefix = "CL"', 1))
    assert await named(work, "客户投诉处理流程") == "客户投诉处理流程"
    assert await named(work, "claims") == "claims"


async def test_a_renamed_process_is_found_by_the_name_that_it_had(work: Workplace) -> None:
    await published(work, COMPLAINT.replace('zh = "客户投诉处理流程"', 'zh = "投诉"', 1))
    assert await named(work, "客户投诉处理流程") == "complaint"
    assert await named(work, "投诉") == "complaint"


async def test_a_damaged_process_is_found_by_its_key_alone(work: Workplace) -> None:
    await damage(work, "purchase")
    assert await named(work, "/Purchase") == "purchase"
    assert await named(work, "采购") == "采购"
    known = await work.database.read(lambda tx: known_processes(tx, work.office))
    assert [(one.zh, one.en) for one in known] == [
        ("客户投诉处理流程（complaint）", "Customer complaint (complaint)"),
        ("purchase", "purchase"),
    ]
