"""What may come in: any JSON that there can be, and something true with something wrong in it."""

from __future__ import annotations

import copy
import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from hypothesis import strategies as st

Json = dict[str, Any]

ODD_TEXTS = (
    *("", " ", "\x00", "\ud800", "\u202e", "\ufeff", "a\r\nb", "%s%n", "{0.__class__}", "<@U1>"),
    *(
        "'; --",
        "../../etc/passwd",
        "C-2026-0001",
        "cl:form",
        "cl:",
        "|||",
        "approve|C-2026-0001|t1",
    ),
    *("\U0001f469\u200d\U0001f469", "9" * 400, "x" * 5000, "=1+1", "/complaint", "/link 000000"),
)
texts = st.one_of(st.text(max_size=30), st.sampled_from(ODD_TEXTS))
numbers = st.one_of(
    st.integers(-(2**70), 2**70), st.floats(), st.sampled_from([0, -1, 2**31, 2**63, 10**400])
)
anything: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | numbers | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=6,
)


@st.composite
def mutated(draw: st.DrawFn, payloads: Sequence[Json]) -> Json:
    """One of these with one to three places changed, dropped or doubled."""
    payload = copy.deepcopy(draw(st.sampled_from(payloads)))
    for _ in range(draw(st.integers(1, 3))):
        places = list(_places(payload))
        if not places:
            break
        inside, key = draw(st.sampled_from(places))
        match draw(st.sampled_from(["change", "change", "change", "drop", "double", "swap"])):
            case "change":
                inside[key] = draw(anything)
            case "drop":
                del inside[key]
            case "double" if isinstance(inside, list):
                inside.append(copy.deepcopy(inside[key]))
            case _:
                other, name = draw(st.sampled_from(places))
                if _has(other, name):
                    inside[key] = copy.deepcopy(other[name])
    return payload


def _places(value: Any) -> Iterator[tuple[Any, Any]]:
    keys: Any = ()
    if isinstance(value, dict):
        keys = list(value)
    elif isinstance(value, list):
        keys = range(len(value))
    for key in keys:
        yield value, key
        yield from _places(value[key])


def _has(inside: Any, key: Any) -> bool:
    return key in inside if isinstance(inside, dict) else key < len(inside)


class Complaints(logging.Handler):
    """Collects what the log says at ERROR: a defect, since bad input is no error of ours."""

    def __init__(self) -> None:
        super().__init__(level=logging.ERROR)
        self.found: list[str] = []

    def defects(self, *, besides: str = "") -> list[str]:
        """What was heard since the last look, but for an event of this name."""
        heard, self.found = self.found, []
        return [one for one in heard if not besides or f"event='{besides}'" not in one]

    def emit(self, record: logging.LogRecord) -> None:
        self.found.append(self.format(record))


@contextmanager
def listening() -> Iterator[Complaints]:
    """Hears every logger of this process."""
    heard, root = Complaints(), logging.getLogger()
    root.addHandler(heard)
    try:
        yield heard
    finally:
        root.removeHandler(heard)
