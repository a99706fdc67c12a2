"""The texts that a comparison of versions and a replay of a draft ask for."""

from collections.abc import Iterator

from handlers.differences.wording import KEYS, NODES, PARTS
from workflows.differences import Change
from workflows.what_if.distances import Measure

Asked = tuple[str, str, frozenset[str] | None]  # (where, msgid, facts; None: not to be seen)


def comparing_texts() -> Iterator[Asked]:
    """Yield what both ask for."""
    yield from _differences()
    yield from _what_ifs()


def _differences() -> Iterator[Asked]:
    for change in Change:
        yield "difference", f"difference.change.{change}", frozenset()
    for part in PARTS:
        yield "difference", f"difference.part.{part}", frozenset({"name"})
    for kind in NODES:
        yield "difference", f"difference.node.{kind}", frozenset()
    for key in KEYS:
        yield "difference", f"difference.key.{key}", frozenset()
    for column in ("part", "what", "as_is", "to_be"):
        yield "difference", f"difference.column.{column}", frozenset()


def _what_ifs() -> Iterator[Asked]:
    for measure in Measure:
        yield "what-if", f"whatif.measure.{measure}", frozenset()
        yield "what-if", f"whatif.differs.{measure}", frozenset({"replay", "halves"})
    for fact in ("unchanged", "draft", "filed", "cases", "others", "spared"):
        yield "what-if", f"whatif.fact.{fact}", frozenset()
    columns = ("measure", "replay", "halves", "figure", "step", "people", "unchanged", "draft")
    for column in (*columns, "difference"):
        yield "what-if", f"whatif.column.{column}", frozenset()
