import pytest

from handlers.refusals import problems_of, say
from tests.office import MONDAY, Workplace
from workflows.errors import FormInvalid, Refusal
from workflows.moments import HOUR


async def said(work: Workplace, error: Refusal, *, language: str = "zh") -> str:
    key = await work.person("emma.clark").key()
    return await work.database.read(
        lambda tx: say(error, office=work.office, tx=tx, person=key, language=language)
    )


async def test_people_are_named_and_times_are_local(work: Workplace) -> None:
    key = await work.person("li.qiang").key()
    error = Refusal("task_done", by=key, at=MONDAY + HOUR)

    assert await said(work, error) == "李强已在今天 10:00 办理完毕，您的操作没有生效。"
    assert await said(work, error, language="en") == (
        "Li Qiang settled this already, today 10:00. Nothing has changed."
    )


async def test_several_people_stand_in_one_line(work: Workplace) -> None:
    keys = tuple([await work.person(p).key() for p in ("li.qiang", "wang.fang")])

    assert "李强、王芳" in await said(work, Refusal("not_your_task", owners=keys))


async def test_who_did_it_themselves_is_told_so(work: Workplace) -> None:
    key = await work.person("emma.clark").key()

    assert "您已在今天 09:00 办理完毕" in await said(work, Refusal("task_done", by=key, at=MONDAY))


@pytest.mark.parametrize(
    ("error", "text"),
    [
        (Refusal("case_closed", status="withdrawn"), "这件事项已经结束（已撤回）。"),
        (Refusal("pause_used_up", cap="5wd"), "这一步的暂停时间（5 个工作日）已经用完。"),
        (Refusal("never_heard_of"), "暂时无法处理，没有任何改动，请稍后再试。"),
        (Refusal("not_your_task", owners=("p_gone",)), "已删除的人员"),
    ],
)
async def test_a_refusal_is_a_sentence(work: Workplace, error: Refusal, text: str) -> None:
    assert text in await said(work, error)


def test_what_to_mend_stands_at_its_field() -> None:
    invalid = FormInvalid({"a": Refusal("field_required"), "b": Refusal("too_many_files", most=2)})

    assert problems_of(invalid, language="en") == {
        "a": "Please fill this in.",
        "b": "2 files at most.",
    }
