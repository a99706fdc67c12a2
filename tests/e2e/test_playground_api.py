"""docs/reference/playground-api.md describes what the running playground answers, key by key."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.people import Persona, Requests
from tests.e2e.prepared import DAMAGED, FRESH, PHOTO, Prepared
from tests.e2e.served import served
from tests.house import source
from tests.house.page_types import PAGE, PLAIN, TYPES, Type, assert_is, strays


@pytest.fixture
def requests(prepared: Prepared, tmp_path: Path) -> Iterator[Requests]:
    shutil.copytree(prepared.busy, tmp_path / "data")
    with served(tmp_path / "data") as address:
        yield Requests(address)


def test_every_type_that_is_named_is_described() -> None:
    def named(kind: Type) -> Iterator[str]:
        if isinstance(kind, dict):
            for inner in kind.values():
                yield from named(inner)
        elif isinstance(kind, list):
            for inner in kind[1:]:
                yield from named(inner)
        elif not kind.startswith('"'):
            yield kind

    assert {name for kind in TYPES.values() for name in named(kind)} <= {*TYPES, *PLAIN}
    answered = set(re.findall(r"`([A-Z]\w+)`", PAGE.read_text(encoding="utf-8")))
    assert answered - set(TYPES) == set()


def test_a_key_that_is_missing_or_too_many_is_found() -> None:
    late = {"text": "2 overdue", "case": "C-2026-0001"}

    assert list(strays(late, "Late", "late")) == []
    assert list(strays({"text": "2 overdue"}, "Late", "late")) == ["late.case: not answered"]
    assert list(strays({**late, "more": 1}, "Late", "late")) == ["late.more: not documented"]
    assert list(strays({**late, "case": 3}, "Late", "late")) == ["late.case: 3 is no id"]


def test_what_is_looked_at_is_as_documented(requests: Requests) -> None:
    world = requests.get("/api/world")
    assert_is(world, "World")
    for person in world["people"]:
        chat = requests.get("/api/chat", person=person["key"])
        assert_is(chat, "Chat")
        for case in world["cases"]:
            seen = requests.get(f"/api/case/{case['id']}", person=person["key"])
            assert_is(seen, "Hidden" if "hidden" in seen else "Case")
    wang = Persona(requests, "wang.fang").key
    messages = requests.get("/api/chat", person=wang)["messages"]
    shown = next(message["id"] for message in messages if message["card"])
    for platform in world["previews"]:
        preview = requests.get("/api/preview", person=wang, message=shown, platform=platform)
        assert_is(preview, "Preview")


def test_what_is_done_is_answered_as_documented(requests: Requests) -> None:
    liu, wang = Persona(requests, "liu.yang"), Persona(requests, "wang.fang")
    opened = requests.does(wang.key, type="said", text="/complaint")
    listed = requests.does(wang.key, type="said", text="/cases")
    commented = requests.does(wang.key, type="said", text="Any news?", case=FRESH)
    submitted = requests.does(
        wang.key, type="submitted", token=opened["form"]["token"], values={"customer": ""}
    )
    for answer in (opened, listed, commented, submitted):
        assert_is(answer, "Answer")
    assert opened["form"]
    assert submitted["problems"]
    liu.presses("claim", FRESH)

    assert_is(requests.get(f"/api/case/{FRESH}", person=liu.key), "Case")
    assert_is(requests.post("/api/clock", move="hour"), "Moved")
    assert_is(requests.get("/api/world"), "World")
    assert requests.post("/api/read", person=wang.key, case=DAMAGED) == {}
    assert requests.upload(wang.key, *PHOTO)


def test_a_rehearsal_is_shown_as_documented(requests: Requests) -> None:
    assert requests.get("/api/rehearsal") == {"rehearsal": None}
    begun = requests.post("/api/rehearsal", process="complaint")
    assert_is(begun, "Begun")
    broken = requests.post("/api/rehearsal", draft='key = "x"', file="x.toml")
    assert_is(broken, "Begun")
    assert broken["flaws"]

    def ended() -> Any:
        seen = requests.get("/api/rehearsal", part="triage")["rehearsal"]
        assert_is(seen, "Rehearsal")
        return None if seen["going_on"] else seen

    done = requests.until(ended)

    assert done["stage"] == "done"
    assert done["part"]
    assert requests.post("/api/rehearsal/stop").keys() == {"rehearsal"}


def test_a_problem_is_a_text(requests: Requests) -> None:
    with pytest.raises(AssertionError, match='"problem"'):
        requests.post("/api/clock", move="sideways")


def test_every_resource_is_in_the_table() -> None:
    web = source.ROOT / "bot" / "platforms" / "playground"
    text = "".join(path.read_text(encoding="utf-8") for path in sorted(web.glob("*.py")))
    served_at = set(re.findall(r'Route\("(/(?:api|files)/[^"]+)"', text))
    listed = set(re.findall(r"^\| `(?:GET|POST) (/[^?` ]+)", PAGE.read_text("utf-8"), re.MULTILINE))

    assert served_at == listed
