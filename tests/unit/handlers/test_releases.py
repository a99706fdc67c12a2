"""Opening, prolonging and ending releases: done once for each act, and refused with a reason."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pytest

from handlers import releases
from handlers.refusals import say
from tests.office import Workplace
from tests.stories.test_versions import shipped
from workflows.errors import DefinitionError, Refusal
from workflows.loading import Loaded
from workflows.moments import DAY
from workflows.releases import Release

FIRST = shipped("complaint")
SECOND = shipped("complaint", ("客户投诉表单", "新投诉表单"))
THIRD = shipped("complaint", ("客户投诉表单", "更新投诉表单"))
ACT = "PC-2026-0001/v3"


async def store(work: Workplace, loaded: Loaded) -> None:
    key = loaded.definition.key
    await work.database.run(
        lambda tx: tx.definitions.store(
            key=key, hash=loaded.hash, text=loaded.text, at=work.clock.now(), by="system"
        )
    )


async def publish(work: Workplace, loaded: Loaded) -> None:
    key = loaded.definition.key
    await work.database.run(
        lambda tx: tx.definitions.publish(
            key=key, hash=loaded.hash, text=loaded.text, at=work.clock.now(), by="system"
        )
    )


async def pilot(
    work: Workplace, *departments: str, loaded: Loaded = SECOND, days: int = 30, **given: Any
) -> tuple[Release, ...]:
    """Store a version and open a pilot in one transaction."""
    now = work.clock.now()
    asked: dict[str, Any] = {
        "process": loaded.definition.key,
        "hash": loaded.hash,
        "departments": departments,
        "until": now + days * DAY,
        "opening": ACT,
        "by": "p_1",
        "second": "p_2",
        **given,
    }

    def unit(tx):
        tx.definitions.store(
            key=loaded.definition.key, hash=loaded.hash, text=loaded.text, at=now, by="p_1"
        )
        return releases.open_pilot(tx, work.office, **asked)

    return await work.database.run(unit)


async def done(work: Workplace, what: Callable[..., Any], /, **given: Any) -> Any:
    return await work.database.run(lambda tx: what(tx, work.office, process="complaint", **given))


async def refused(work: Workplace, error: Refusal) -> tuple[str, ...]:
    """Return the text of a refusal in both languages."""
    person = await work.person("wang.fang").key()

    def unit(tx):
        return tuple(
            say(error, office=work.office, tx=tx, person=person, language=one)
            for one in ("zh", "en")
        )

    return await work.database.read(unit)


async def open_now(work: Workplace) -> list[tuple[str, str, int]]:
    found = await work.database.read(lambda tx: releases.open_releases(tx, "complaint"))
    return [(one.department, one.kind, one.version) for one in found]


ALL_1, ALL_2 = ("", "all", 1), ("", "all", 2)


async def test_a_pilot_is_opened_once(work: Workplace) -> None:
    """L4.1: at most one for each act, also when the step is done again after the clock went on."""
    first = await pilot(work, "sales", "quality", "sales")
    await work.until("2026-03-20 10:00")
    again = await pilot(work, "sales", "quality", days=1)

    assert again == first
    assert [(one.department, one.second, one.number) for one in first] == [
        ("sales", "p_2", 2),
        ("quality", "p_2", 3),
    ]
    assert await open_now(work) == [ALL_1, ("quality", "pilot", 2), ("sales", "pilot", 2)]


@pytest.mark.parametrize(
    ("departments", "given", "zh", "en"),
    [
        ((), {}, "请至少指定一个部门。", "Name at least one department."),
        (("mars",), {}, "没有“mars”这个部门。", "There is no department “mars”."),
        (("sales",), {"days": 29}, "试点至少 30 天", "A pilot lasts at least 30 days"),
        (("sales",), {"second": "p_1"}, "不能与第一个人相同", "must be somebody else"),
        (("sales",), {"hash": "f" * 64}, "ffffffffffff", "ffffffffffff"),
        (
            ("sales",),
            {"loaded": FIRST},
            "“客户投诉处理流程”第 1 版不比正在生效的第 1 版新",
            "is not newer than version 1",
        ),
        (("sales",), {"based_on": "0" * 12}, "依据 000000000000 修改", "based on 000000000000"),
    ],
)
async def test_what_cannot_be_piloted_is_refused_and_nothing_is_kept(
    work: Workplace, departments: Sequence[str], given: dict[str, Any], zh: str, en: str
) -> None:
    """L4.1: in one transaction, so that the version is not stored either."""
    with pytest.raises(Refusal) as error:
        await pilot(work, *departments, **given)

    chinese, english = await refused(work, error.value)
    assert zh in chinese
    assert en in english
    assert await open_now(work) == [ALL_1]
    assert await work.database.read(lambda tx: tx.definitions.version("complaint", 2)) is None


async def test_a_second_pilot_for_a_department_names_the_first(in_both: Workplace) -> None:
    """L4.1: with the case that opened it."""
    work = in_both
    await pilot(work, "sales")

    with pytest.raises(Refusal) as error:
        await pilot(work, "quality", "sales", loaded=THIRD, opening="PC-2026-0002/v1")

    assert await refused(work, error.value) == (
        "销售部已经在用第 2 版（由 PC-2026-0001 发布）。请先回退那次发布，或选择其他部门。",
        (
            "“Sales” starts version 2 already, released by PC-2026-0001. Roll that release back"
            " first, or choose other departments."
        ),
    )
    assert await open_now(work) == [ALL_1, ("sales", "pilot", 2)]


async def test_a_draft_of_an_older_version_is_not_released(work: Workplace) -> None:
    """L4.1: somebody published in between; who and when is said."""
    await publish(work, THIRD)

    with pytest.raises(Refusal) as error:
        await pilot(work, "sales", based_on=FIRST.hash[:12])

    assert error.value.code == "newer_in_force"
    assert "现在生效的是第 2 版" in (await refused(work, error.value))[0]
    await pilot(work, "sales", based_on=THIRD.hash)
    assert await open_now(work) == [ALL_2, ("sales", "pilot", 3)]


async def test_a_draft_that_corrects_a_pilot_is_based_on_it(work: Workplace) -> None:
    await pilot(work, "sales")
    await pilot(work, "quality", loaded=THIRD, based_on=SECOND.hash[:12], opening="PC-2026-0002/v1")
    assert await open_now(work) == [ALL_1, ("quality", "pilot", 3), ("sales", "pilot", 2)]


async def test_a_pilot_is_prolonged(work: Workplace) -> None:
    """L4.1: the end that is planned; the pilot goes on until it is ended in any case."""
    (first,) = await pilot(work, "sales")
    assert first.until is not None
    later = {"opening": ACT, "until": first.until + 30 * DAY, "by": "p_1"}
    (longer,) = await done(work, releases.prolong, **later)
    assert await done(work, releases.prolong, **later) == (longer,)
    assert await work.database.read(lambda tx: tx.releases.of_opening("complaint", ACT)) == (
        longer,
    )

    for given, code in (
        ({"opening": ACT, "until": first.until}, "pilot_not_longer"),
        ({"opening": "x", "until": first.until}, "release_unknown"),
    ):
        with pytest.raises(Refusal, match=code) as error:
            await done(work, releases.prolong, by="p_1", **given)
        assert "{" not in "".join(await refused(work, error.value))
    await done(work, releases.roll_back, opening=ACT, by="p_1")
    with pytest.raises(Refusal, match="release_over"):
        await done(work, releases.prolong, **later)


async def test_batches_follow_a_pilot_and_a_release_to_all_ends_them(work: Workplace) -> None:
    """Each batch once, and a department of the pilot is in none."""
    await pilot(work, "sales")
    batch = {"hash": SECOND.hash, "batch": 1, "opening": "PC-2026-0001/v7", "by": "p_1"}
    (first,) = await done(work, releases.open_batch, departments=("quality",), **batch)
    assert await done(work, releases.open_batch, departments=("quality",), **batch) == (first,)
    assert (first.kind, first.batch, first.until) == ("batch", 1, None)
    with pytest.raises(Refusal, match="department_has_release"):
        await done(
            work,
            releases.open_batch,
            departments=("sales",),
            **{**batch, "opening": "x", "batch": 2},
        )

    everybody = {"hash": SECOND.hash, "opening": "PC-2026-0001/v9", "by": "p_1", "second": "p_2"}
    released = await done(work, releases.release_to_all, **everybody)

    assert await done(work, releases.release_to_all, **everybody) == released
    assert await done(work, releases.release_to_all, **{**everybody, "opening": "x"}) == released
    assert await open_now(work) == [ALL_2]
    history = await work.database.read(lambda tx: tx.releases.history("complaint"))
    assert [one.ended_why for one in history] == ["replaced", "rolled_out", "rolled_out", ""]


async def test_a_pilot_is_rolled_back_once(work: Workplace) -> None:
    await pilot(work, "sales", "quality")
    ended = await done(work, releases.roll_back, opening=ACT, by="p_1")
    assert [one.department for one in ended] == ["sales", "quality"]
    assert await done(work, releases.roll_back, opening=ACT, by="p_1") == ()
    assert await open_now(work) == [ALL_1]

    await pilot(work, "sales", opening="PC-2026-0002/v1")
    assert len(await done(work, releases.roll_back, by="p_1")) == 1
    with pytest.raises(Refusal, match="release_unknown"):
        await done(work, releases.roll_back, opening="PC-2026-0009/v1", by="p_1")


async def test_the_version_in_force_is_rolled_back_to_the_one_before(work: Workplace) -> None:
    await publish(work, SECOND)
    await done(work, releases.roll_back, by="p_1", act="PC-2026-0003/v2")
    assert await open_now(work) == [ALL_1]
    assert await work.database.read(lambda tx: tx.definitions.hash_in_force("complaint")) == (
        FIRST.hash
    )
    history = await work.database.read(lambda tx: tx.releases.history("complaint"))
    assert [(one.version, one.opening, one.ended_why) for one in history] == [
        (1, "publish:1", "replaced"),
        (2, "publish:2", "rolled_back"),
        (1, "PC-2026-0003/v2", ""),
    ]

    with pytest.raises(Refusal, match="no_former_version") as error:
        await done(work, releases.roll_back, by="p_1")
    assert "{" not in "".join(await refused(work, error.value))
    await publish(work, THIRD)
    with pytest.raises(Refusal, match="release_over"):
        await done(work, releases.roll_back, opening="publish:1", by="p_1")
    await done(work, releases.roll_back, by="p_1")
    assert await open_now(work) == [ALL_1]


async def test_of_a_database_of_an_earlier_release_the_version_before_is_known(
    work: Workplace,
) -> None:
    """Its releases begin with the version that was in force at the upgrade."""
    await publish(work, SECOND)

    def upgraded(tx):
        tx.connection.exec_driver_sql("DELETE FROM releases WHERE number = 1")
        tx.connection.exec_driver_sql("UPDATE releases SET number = 1, opening = 'upgrade'")

    await work.database.run(upgraded)
    await done(work, releases.roll_back, by="p_1")
    assert await open_now(work) == [ALL_1]


async def test_a_pilot_ends_where_its_department_is_dissolved_and_the_owner_hears_once(
    in_both: Workplace,
) -> None:
    """L4.1: the other department goes on."""
    work = in_both
    await pilot(work, "sales", "quality")

    def dissolve(tx):
        directory = tx.people.directory()
        rest = [one for one in directory.departments.values() if one.id != "quality"]
        tx.people.replace(list(directory.people.values()), rest)

    await work.database.run(dissolve)
    await work.settle()
    await work.settle()

    assert await open_now(work) == [ALL_1, ("sales", "pilot", 2)]
    owner = work.person("chen.jing")
    cards = [one for one in await owner.cards() if one.kind == releases.DEPARTMENT_GONE]
    assert len(cards) == 1
    assert "quality" in cards[0].title
    assert "2" in (cards[0].text or "")
    with pytest.raises(Refusal, match="no_such_department"):
        await pilot(work, "quality", opening="PC-2026-0002/v1")


async def test_the_version_before_is_one_that_was_in_force(work: Workplace) -> None:
    """Not a pilot that was rolled back, with which nobody else ever started a case."""
    before = lambda tx: releases.version_before(tx, "complaint")  # noqa: E731
    assert await work.database.read(before) is None
    await pilot(work, "sales")
    await done(work, releases.roll_back, opening=ACT, by="p_1")
    await publish(work, THIRD)
    assert await work.database.read(before) == 1
    assert await work.database.read(lambda tx: releases.version_before(tx, "nothing")) is None


async def test_a_pilot_takes_no_command_of_another_process(work: Workplace) -> None:
    await publish(work, shipped("launch"))
    taken = shipped("complaint", ('command = "complaint"', 'command = "launch"'))

    with pytest.raises(DefinitionError) as error:
        await pilot(work, "sales", loaded=taken)

    (found,) = error.value.findings
    assert "the command of another process" in found.problem
    assert await open_now(work) == [ALL_1]
