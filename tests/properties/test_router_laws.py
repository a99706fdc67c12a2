"""Whatever anybody presses, sends or types: there is an answer, and no case is harmed."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers import router
from handlers.intents import Pressed, Said, Submitted
from handlers.registry import VERBS as CASE_VERBS
from handlers.showing import PAGES
from handlers.tokens import read_token
from tests.office import Workplace, opened
from tests.stories.deeds import dispatched
from workflows.errors import Refusal

# The sample company's keys in the order of its file: owner, handler, desk, filer, and outsiders.
INSIDE = ("p_000003", "p_000006", "p_000007", "p_000012")
OUTSIDE = ("p_000020", "p_000021")
PEOPLE = (*INSIDE, *OUTSIDE, "p_nobody", "", "\ud800")
VERBS = (*CASE_VERBS, *PAGES, "nothing", "")

case_ids = st.sampled_from(["C-2026-0001", "C-2026-9999", "", "C-1", "'; --"])
tokens = st.one_of(
    st.text(max_size=80),
    st.builds(
        "|".join,
        st.tuples(
            st.sampled_from(VERBS),
            case_ids,
            st.sampled_from(["", "t1", "t2", "t3", "T1"]),
            st.sampled_from(["", "answered", "complaint", "triage", "5", "9", "../x"]),
        ),
    ),
)
words = st.one_of(st.text(max_size=50), st.sampled_from(["/case C-2026-0001", "/away", "/", "/ x"]))
raw: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | words,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(words, inner, max_size=3),
    max_leaves=5,
)
fields = st.sampled_from(
    ["text", "reason", "to", "person", "people", "first", "last", "customer", "grade", "evidence"]
)
languages = st.sampled_from(["", "zh", "en", "fr", "\x00"])


class Street:
    """An office with one running case, and an event loop to play in it."""

    def __init__(self, folder: Path) -> None:
        self.runner = asyncio.Runner()
        self._opening = opened(folder)
        self.work: Workplace = self.runner.run(self._opening.__aenter__())
        self.runner.run(dispatched(self.work))
        directory = self.runner.run(self.work.directory())
        ids = [directory.people[key].id for key in (*INSIDE, *OUTSIDE)]
        assert ids == ["chen.jing", "li.qiang", "liu.yang", "emma.clark", "pan.rui", "yu.jia"]
        self.clicks = 0

    def close(self) -> None:
        self.runner.run(self._opening.__aexit__(None, None, None))
        self.runner.close()

    def does(self, kind: Any, **what: Any) -> None:
        """Somebody does something: it is answered, and the laws hold once what is owed is sent."""
        self.clicks += 1
        intent = kind(via="slack", key=f"fuzz:{self.clicks}", **what)
        answer = self.runner.run(router.handle(self.work.database, self.work.office, intent))
        assert answer.text or answer.form or answer.problems or answer.cards
        assert self.runner.run(self.work.dead()) == (), answer.text
        self.runner.run(self.work.settle())


@pytest.fixture(scope="module")
def street(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Street]:
    found = Street(tmp_path_factory.mktemp("street"))
    yield found
    found.close()


@given(person=st.sampled_from(PEOPLE), token=tokens, language=languages)
def test_any_press_is_answered(street: Street, person: str, token: str, language: str) -> None:
    street.does(Pressed, person=person, token=token, language=language)


@given(person=st.sampled_from(PEOPLE), token=tokens, values=st.dictionaries(fields, raw))
def test_any_sheet_is_answered(
    street: Street, person: str, token: str, values: dict[str, Any]
) -> None:
    street.does(Submitted, person=person, token=token, values=values)


@given(
    person=st.sampled_from(PEOPLE),
    text=words,
    case_id=st.none() | case_ids | st.text(max_size=10),
    files=st.lists(st.text(max_size=10), max_size=2).map(tuple),
)
def test_any_words_are_answered(
    street: Street, person: str, text: str, case_id: str | None, files: tuple[str, ...]
) -> None:
    street.does(Said, person=person, text=text, case_id=case_id, files=files)


@given(person=st.sampled_from(OUTSIDE), token=tokens, press=st.booleans())
def test_a_stranger_never_changes_a_case(
    street: Street, person: str, token: str, press: bool
) -> None:
    before = street.runner.run(street.work.event_types())
    if press:
        street.does(Pressed, person=person, token=token)
    else:
        street.does(Submitted, person=person, token=token, values={"text": "x", "reason": "x"})

    assert street.runner.run(street.work.event_types()) == before


@given(st.text())
def test_a_token_is_read_back_as_it_was_written_or_refused(text: str) -> None:
    try:
        read = str(read_token(text))
    except Refusal as refusal:
        read = refusal.code

    assert read in (text, "button_unknown")
