"""The report of a complaint holds what happened, and says what is missing."""

import dataclasses

import pytest
from msgspec.structs import replace

from handlers.documents.report import build_report
from handlers.i18n import translator
from handlers.rendering.model import FieldTable, Paragraph, Score, Table, TextTone, Timeline
from tests.unit.handlers.documents.samples import (
    CASE,
    CONTENTS,
    NAMES,
    after,
    content,
    reading,
    source,
)
from workflows.case.scope import Scope
from workflows.case.status import Status


def report(language="zh", **changes):
    return build_report(source(language, **changes))


def section(document, title):
    return next(part for part in document.sections if part.title == title)


def fields(document):
    return {
        row.label: row
        for part in document.sections
        for block in part.blocks
        if isinstance(block, FieldTable)
        for row in block.rows
    }


def test_the_definition_lays_the_report_out():
    """P1.5: facts, cause, outcome, the customer's answer, lessons, grade, handler, actions."""
    document = report()

    assert document.title == "投诉处理报告"
    assert document.number == "C-2026-0042"
    assert [part.title for part in document.sections] == [
        "投诉事实", "原因与结果", "对客户的首次答复", "客户反馈", "经验教训", "满意度",
        "分级与办理人", "时限", "处理过程",
    ]  # fmt: skip


def test_the_head_says_what_it_is_about():
    facts = {fact.label: fact.value for fact in report("en").facts}

    assert {label: value.text for label, value in facts.items()} == {
        "Number": "C-2026-0042",
        "Status": "Completed",
        "Filed by": "王芳",
        "Filed": "16 Nov 2026 09:30",
        "Closed": "21 Nov 2026 09:30",
        "Took": "5 d",
    }
    assert facts["Status"].tone is TextTone.GOOD


def test_a_running_case_counts_until_now():
    case = replace(CASE, status=Status.RUNNING, closed_at=None)
    facts = {fact.label: fact.value.text for fact in report(case=case).facts}

    assert facts["状态"] == "进行中"
    assert "结案时间" not in facts
    assert facts["历时"] == "6 天 7 小时"


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("status", Status)
def test_a_card_and_the_report_use_the_same_words(language, status):
    case = replace(CASE, status=status)
    facts = {fact.label: fact.value.text for fact in report(language, case=case).facts}
    words = translator(language)

    assert words.t(f"status.{status}") in facts.values()
    assert {words.t("fact.filer"), words.t("fact.took")} <= facts.keys()


def test_fields_show_their_last_value_in_words():
    found = fields(report())

    assert found["客户名称"].value.text == "苏州明德精密机械有限公司"
    assert found["等级"].value.text == "紧急"
    assert found["处理措施与结果"].value.text.startswith("重新找正联轴器")
    assert found["最终结果"].value.text == "已补偿"
    assert fields(report("en"))["Outcome"].value.text == "Compensated"


def test_an_optional_field_that_was_left_empty_is_left_out():
    asked = dict(CONTENTS["c1"].body or {})
    asked["values"] = {key: value for key, value in asked["values"].items() if key != "wanted"}
    found = fields(
        report(contents={**CONTENTS, "c1": dataclasses.replace(CONTENTS["c1"], body=asked)})
    )

    assert "客户诉求" not in found


def test_what_nobody_was_asked_is_left_out():
    assert "决定与理由" not in fields(report())


def test_files_are_named_with_their_size():
    files = fields(report())["附件"].files

    assert [(file.name, file.size) for file in files] == [
        ("现场照片-轴承.png", "793 KB"),
        ("到货检验记录.pdf", "2.3 MB"),
        ("试机记录.jpg", "94 KB"),
    ]
    assert [file.picture is not None for file in files] == [True, False, False]


def test_a_file_that_is_gone_says_so():
    files = fields(report(files={}))["附件"].files

    assert {file.name for file in files} == {"（文件已不存在）"}


def test_erased_content_says_so():
    erased = {**CONTENTS, "c1": content("c1", "form:complaint")}
    found = fields(report("en", contents=erased))

    assert found["Customer"].value.text == "(content erased on request)"
    assert found["Attachments"].value.text == "(content erased on request)"
    assert found["Grade"].value.text == "Urgent"


def test_a_newer_erased_value_does_not_show_the_older_one():
    erased = {**CONTENTS, "c6": content("c6", "form:resolution")}

    assert fields(report(contents=erased))["根本原因"].value.text == "（内容已按要求删除）"


def test_the_people_of_each_step_are_listed():
    people = section(report(), "分级与办理人").blocks
    told, steps = people[1], people[2]

    assert isinstance(told, FieldTable)
    assert [(row.label, row.value.text) for row in told.rows] == [
        ("发起人", "王芳"), ("升级至", "赵敏"), ("抄送", "Anna Müller"),
    ]  # fmt: skip
    assert isinstance(steps, Table)
    assert [[cell.text for cell in row] for row in steps.rows][2:5] == [
        ["客户是否满意（第 1 轮）", "王芳", "2026-11-18 09:30", "2026-11-18 13:30", "客户不满意"],
        ["处理并答复（第 2 轮）", "陈静", "2026-11-18 13:30", "2026-11-20 09:30", "已完成"],
        ["客户是否满意（第 2 轮）", "赵敏（代王芳）", "2026-11-20 09:30", "2026-11-20 12:30",
         "客户满意"],
    ]  # fmt: skip


def test_clocks_say_whether_they_were_met_and_by_how_much():
    (table,) = section(report(), "时限").blocks

    assert isinstance(table, Table)
    assert [(row[0].text, row[1].text, row[4].text, row[4].tone) for row in table.rows] == [
        ("首次答复", "2 小时", "× 超时 3 小时", TextTone.DANGER),
        ("结案", "7 天", "✓ 按时，提前 2 天", TextTone.GOOD),
        ("步骤：分类分级", "4 个工作小时", "✓ 按时，提前 4 小时", TextTone.GOOD),
        (
            "步骤：客户是否满意（第 1 轮）",
            "2 个工作日",
            "× 未完成，已超时 3 天 7 小时",
            TextTone.DANGER,
        ),
        ("步骤：处理并答复（第 2 轮）", "3 个工作日", "进行中，还剩 17 小时", TextTone.NEUTRAL),
        ("步骤：客户是否满意（第 2 轮）", "3 个工作日", "已暂停，等待回复", TextTone.NEUTRAL),
        ("步骤：归档总结", "2 个工作日", "已取消", TextTone.MUTED),
    ]


def test_a_clock_met_while_it_stood_still_was_in_time():
    clock = replace(CASE.clocks[0], stopped_at=after(days=9))
    (table,) = section(report("en", case=replace(CASE, clocks=(clock,))), "Time limits").blocks

    assert isinstance(table, Table)
    assert table.rows[0][4].text == "✓ In time"


def test_actions_are_told_with_times_and_quotes():
    (timeline,) = section(report(), "处理过程").blocks

    assert isinstance(timeline, Timeline)
    assert timeline.steps[3].quote is not None
    assert timeline.steps[3].quote.text.startswith("答复内容：已致电张女士致歉")
    assert timeline.steps[5].quote is not None
    assert timeline.steps[5].quote.text == "（内容已按要求删除）"
    assert timeline.steps[2].quote is None


def test_the_customers_answer_is_there_for_every_round():
    (answers,) = section(report(), "客户反馈").blocks

    assert isinstance(answers, Timeline)
    assert [(step.who, step.text, step.quote and step.quote.text) for step in answers.steps] == [
        ("王芳", "客户不满意（第 1 轮）", "客户怎么说：更换后仍有一台电机在高速时振动，请再处理。"),
        ("赵敏（代王芳）", "客户满意（第 2 轮）", None),
    ]


def test_a_form_of_several_fields_is_quoted_with_labels():
    contents = {**CONTENTS, "c5": CONTENTS["c4"]}
    answers = section(report("en", contents=contents), "The customer's answer").blocks[0]

    assert isinstance(answers, Timeline)
    assert answers.steps[0].quote is not None
    assert answers.steps[0].quote.text.startswith("Root cause: 轴承批次")


def test_the_survey_has_score_and_comment():
    (score,) = section(report(), "满意度").blocks

    assert isinstance(score, Score)
    assert (score.score, score.most, score.text) == (4, 5, "4 分（满分 5 分）")
    assert score.comment is not None
    assert score.comment.text == "处理得快，但第一次没有彻底解决。"


def test_a_survey_that_waits_for_its_answer_says_so_and_none_leaves_no_section():
    assert CASE.survey is not None
    survey = replace(CASE.survey, score=None, content=None)
    (block,) = section(report("en", case=replace(CASE, survey=survey)), "Satisfaction").blocks
    without = report("en", case=replace(CASE, survey=None))

    assert isinstance(block, Paragraph)
    assert block.words.text == "Asked, not answered yet."
    assert "Satisfaction" not in {part.title for part in without.sections}


def test_people_who_are_gone_have_a_word():
    names = {key: name for key, name in NAMES.items() if key != "p1"}

    assert fields(report(names=names))["发起人"].value.text == "已删除的人员"


def test_the_footer_names_definition_hash_and_time():
    document = report()

    assert document.footer == (
        "流程定义 complaint 第 3 版（3f2a9c51e07b）· 生成于 2026-11-22 16:30（Asia/Shanghai）"
    )
    assert document.pages == ("第 ", " 页，共 ", " 页")
    assert report("en").pages == ("Page ", " of ", "")


def test_a_process_without_a_layout_shows_all_its_forms():
    definition = reading().definition.model_copy(update={"document": None})
    document = report("en", definition=definition)

    assert document.title == "Case report"
    assert [part.title for part in document.sections][-3:] == [
        "People", "Time limits", "What was done, and when",
    ]  # fmt: skip
    assert set(fields(document)) >= {"Customer", "Grade", "Root cause", "Lessons learned"}


def test_a_case_that_just_began_has_a_report_too():
    case = replace(
        CASE, tasks=(), clocks=(), forms=CASE.forms[:1], survey=None, closed_at=None,
        scopes=(Scope(rounds=CASE.scopes[0].rounds),), escalated_to=(), status=Status.RUNNING,
    )  # fmt: skip
    document = report("en", case=case, events=())

    assert [part.title for part in document.sections] == ["The facts", "Grade and people"]
    assert "Grade" not in fields(document)


@pytest.mark.parametrize(("language", "title"), [("zh", "经验教训"), ("en", "Lessons learned")])
def test_a_section_of_one_field_that_is_called_like_it_says_the_name_once(language, title):
    document = report(language)
    (block,) = section(document, title).blocks

    assert isinstance(block, Paragraph)
    assert block.words.text.startswith("1. 轴承来料改为全检")
    assert title not in fields(document)
