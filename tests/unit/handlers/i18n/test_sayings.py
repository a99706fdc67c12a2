"""The sentences of the core are told in the reader's language."""

import pytest

from handlers.i18n import translator
from handlers.i18n.sayings import told
from workflows.lint import check
from workflows.said import said


def test_a_sentence_is_told_with_its_facts():
    sentence = said("no_node", 'there is no node "{node}"', node="buy")

    assert told(sentence, words=translator("zh")) == "没有节点“buy”"
    assert told(sentence, words=translator("en")) == sentence


def test_a_fact_that_is_a_sentence_is_told_too():
    what = said("a_ladder", "ladder")
    sentence = said("no_such", 'there is no {what} "{key}"', what=what, key="steep")

    assert told(sentence, words=translator("zh")) == "没有升级阶梯“steep”"


def test_anything_else_stays_as_it_is():
    assert told("不行", words=translator("en")) == "不行"


@pytest.mark.parametrize(
    ("text", "problem", "hint"),
    [
        ("a = 1\na = 2", "不是正确的 TOML：不能覆盖已有的值", "同一个键在一个表中"),
        ("a = x\n", "不是正确的 TOML（第 5 列）：值不正确", "文本要加引号"),
        ("a = [1", "不是正确的 TOML：列表没有结束", "补上右括号"),
        ('ownr = "x"', "此处不认识“ownr”", "是否想写 owner？"),
        ("key = 3", "应为文本，而不是 3", "给它加上引号"),
    ],
)
def test_findings_are_told_in_chinese(text, problem, hint):
    words = translator("zh")
    found = check(text, file="a.toml")

    problems = {told(one.problem, words=words): told(one.hint, words=words) for one in found}
    assert problems[problem].startswith(hint)


def test_the_english_of_a_finding_is_the_same_in_both_places():
    words = translator("en")

    for one in check('key = 3\nnodes = {}\nowner = ""', file="a.toml"):
        assert told(one.problem, words=words) == one.problem
        assert told(one.hint, words=words) == one.hint
