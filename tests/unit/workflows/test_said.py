"""A sentence is its English text, and knows how it came about."""

from __future__ import annotations

from workflows.loading import Source
from workflows.mentions import Flaw
from workflows.misfits import Misfit
from workflows.said import Saying, said


def test_a_sentence_is_its_english_text():
    sentence = said("no_node", 'there is no node "{node}" in {{ … }}', node="a{b}")
    assert sentence == 'there is no node "a{b}" in { … }'
    assert (sentence.code, sentence.template) == ("no_node", 'there is no node "{node}" in {{ … }}')
    assert sentence.facts == {"node": "a{b}"}


def test_facts_are_texts_and_sentences_stay_sentences():
    inner = said("inner", "{n} of them", n=3)
    outer = said("outer", "here: {inner}", inner=inner)
    assert outer == "here: 3 of them"
    assert inner.facts == {"n": "3"}
    assert outer.facts["inner"] is inner


def test_facts_can_be_changed_however_deep_they_are():
    sentence = said("outer", "{x} and {inner}", x="a", inner=said("inner", "({y})", y="b"))
    changed = sentence.with_facts(str.upper)
    assert changed == "A and (B)"
    assert (changed.code, changed.facts["inner"]) == ("outer", "(B)")
    assert isinstance(changed.facts["inner"], Saying)


def test_a_finding_keeps_the_sentence_without_what_could_steer_a_terminal():
    flaw = Flaw(path=(), problem=said("no_node", "no {node}", node="\x1b[2J"), hint="")
    problem = Source().finding(flaw).problem
    assert problem == "no \N{REPLACEMENT CHARACTER}[2J"
    assert isinstance(problem, Saying)
    assert problem.code == "no_node"


def test_a_misfit_reads_as_one_sentence():
    assert str(Misfit(said("a", "Write {n}", n=1))) == "write 1"
    assert str(Misfit(said("a", "Write 1"), problem=said("b", "that is 2"))) == "that is 2: write 1"
