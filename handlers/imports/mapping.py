"""How the columns of a table of past cases are read: the mapping, and how one is proposed.

A table has one row for each case, or one for each step or event of a case. A column gets a role by
its heading, in Chinese or English, or by its values; a column of times also by their format.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from handlers.imports.dates import fitting
from handlers.imports.headings import DECISIONS, ENDINGS, HEADINGS, Role

CASES, STEPS = "cases", "steps"  # one row for each case, or for each step or event
ASK = "?"  # in place of what the person has to say


TIMES = (Role.FILED, Role.ENDED, Role.ARRIVED, Role.START, Role.END)
OF_CASES = (
    *(Role.CASE, Role.FILED, Role.ENDED, Role.OUTCOME),
    *(Role.DEPARTMENT, Role.GRADE, Role.FILER),
)
OF_STEPS = (
    *(Role.CASE, Role.STEP, Role.ARRIVED, Role.START, Role.END, Role.LIFECYCLE),
    *(Role.PERSON, Role.DECISION, *OF_CASES[1:]),
)
NEEDED = {CASES: (Role.CASE, Role.FILED), STEPS: (Role.CASE, Role.STEP, Role.END)}


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnMapping:
    """How a table is read.

    `columns` has the heading of each role; `dates` the format of each role with times; `zone` is
    that of times without an offset. `outcomes`, `decisions` and `steps` translate the values of
    their columns: to an `Ending`, to approve, reject, return or complete, and to a node's id.
    """

    shape: str
    encoding: str = ""  # "" for a workbook
    zone: str
    columns: Mapping[Role, str]
    dates: Mapping[Role, str] = field(default_factory=dict)
    outcomes: Mapping[str, str] = field(default_factory=dict)
    decisions: Mapping[str, str] = field(default_factory=dict)
    steps: Mapping[str, str] = field(default_factory=dict)

    @property
    def roles(self) -> tuple[Role, ...]:
        """The roles that the shape has, in order."""
        return OF_CASES if self.shape == CASES else OF_STEPS

    @property
    def missing(self) -> tuple[Role, ...]:
        """The roles that have no column but need one."""
        return tuple(role for role in NEEDED[self.shape] if not self.columns.get(role))

    @property
    def asks(self) -> tuple[Role, ...]:
        """The roles whose format of times the person has to say."""
        return tuple(role for role, style in self.dates.items() if style == ASK)


_WORDS = {role: tuple(text.split()) for role, text in HEADINGS.items()}
_EXACT, _WITHIN, _SHORTEST = 100, 50, 4  # scores; a shorter word counts only alone
_DATES_LEAST = 0.8  # of the values of a column of times


def ending_of(text: str) -> str:
    """Return the `Ending` that a word means, "?" if it is not known."""
    return _meaning(text, ENDINGS)


def decision_of(text: str) -> str:
    """Return the decision that a word means, "?" if it is not known."""
    return _meaning(text, DECISIONS)


def _meaning(text: str, words: Mapping[str, str]) -> str:
    plain = plain_word(text)
    return next((str(one) for one, known in words.items() if plain in known.split()), ASK)


def propose(
    columns: Sequence[str],
    rows: Sequence[Sequence[str]],
    *,
    grades: Iterable[str] = (),
    zone: str,
    encoding: str = "",
    repeats: Callable[[str], bool] | None = None,
) -> ColumnMapping:
    """Return the mapping that headings and the first rows suggest, without the words of values.

    Args:
        rows: the first rows.
        grades: other headings of the column of grades, such as the name of a form's field.
        repeats: tells whether a column has a value twice in all rows; asked where the first rows
            do not tell that a table has several rows for each case.
    """
    samples = {
        name: [row[place] for row in rows if place < len(row) and row[place]]
        for place, name in enumerate(columns)
    }
    dated = {name for name, values in samples.items() if _are_times(values)}
    extra = {Role.GRADE: tuple(map(plain_word, grades))}
    empty = {name for name, values in samples.items() if not values}
    found = _assigned(columns, dated, empty, (OF_STEPS, extra))
    shape = STEPS
    numbers = samples.get(found.get(Role.CASE, ""), samples.get(found.get(Role.STEP, ""), []))
    several = Role.STEP in found and (
        _repeats(numbers) or (repeats is not None and repeats(found.get(Role.CASE, "")))
    )
    if not several:
        shape, found = CASES, _assigned(columns, dated, empty, (OF_CASES, extra))
    else:
        _only_time(found)
        _of_each_step(found, columns, rows)
    _by_values(found, columns, samples, dated, shape)
    return ColumnMapping(shape=shape, columns=found, zone=zone, encoding=encoding)


def _assigned(
    columns: Sequence[str],
    dated: set[str],
    empty: set[str],
    wanted: tuple[Sequence[Role], Mapping[Role, tuple[str, ...]]],
) -> dict[Role, str]:
    """Give each role the column whose heading suits it best, the surest first."""
    roles, extra = wanted
    ranked = sorted(
        (
            (-_score(plain_word(name), role, extra), order, place, role, name)
            for order, role in enumerate(roles)
            for place, name in enumerate(columns)
            if (role in TIMES) == (name in dated) or name in empty
        )
    )
    found: dict[Role, str] = {}
    for score, _, _, role, name in ranked:
        if score < 0 and role not in found and name not in found.values():
            found[role] = name
    return {role: found[role] for role in roles if role in found}


def _score(plain: str, role: Role, extra: Mapping[Role, tuple[str, ...]]) -> int:
    """Return how well a heading suits a role; 0 if it does not."""
    if plain in extra.get(role, ()):
        return 2 * _EXACT
    words = _WORDS[role]
    if plain in words:
        return _EXACT - words.index(plain)
    within = [len(word) for word in words if len(word) >= _least(word) and word in plain]
    return min(max(within, default=0), _WITHIN)


def _least(word: str) -> int:
    return _SHORTEST if word.isascii() else 2


def _only_time(found: dict[Role, str]) -> None:
    """Make the only time of an event its end, whatever it is called."""
    if Role.END not in found:
        for role in (Role.FILED, Role.START, Role.ENDED, Role.ARRIVED):
            if role in found:
                found[Role.END] = found.pop(role)
                return


def _of_each_step(
    found: dict[Role, str], columns: Sequence[str], rows: Sequence[Sequence[str]]
) -> None:
    """Take a result for that of a step, unless it is the same in each case but not in all."""
    name = found.get(Role.OUTCOME)
    if name is None or Role.DECISION in found or Role.CASE not in found:
        return
    place, number = columns.index(name), columns.index(found[Role.CASE])
    results: dict[str, set[str]] = {}
    for row in rows:
        if place < len(row):
            results.setdefault(row[number], set()).add(row[place])
    words = set[str]().union(*results.values()) - {""}
    alike = all(len(one) == 1 for one in results.values())
    of_cases = any(decision_of(word) == ASK != ending_of(word) for word in words)
    if not of_cases and not (alike and len(words) > 1):
        found[Role.DECISION] = found.pop(Role.OUTCOME)


def _by_values(
    found: dict[Role, str],
    columns: Sequence[str],
    samples: Mapping[str, Sequence[str]],
    dated: set[str],
    shape: str,
) -> None:
    """Find the columns that have to be there by their values: numbers of cases, and times."""
    free = [name for name in columns if name and name not in found.values()]
    if Role.CASE not in found:
        for name in free:
            values = samples[name]
            if name not in dated and values and (shape == STEPS or not _repeats(values)):
                found[Role.CASE] = name
                break
    times = [name for name in free if name in dated]
    wanted = (Role.FILED, Role.ENDED) if shape == CASES else (Role.END,)
    for role in wanted:
        if role not in found and times:
            found[role] = times.pop(0)


def _repeats(values: Sequence[str]) -> bool:
    return len(set(values)) < len(values)


def _are_times(values: Sequence[str]) -> bool:
    return bool(values) and sum(bool(fitting(one)) for one in values) >= _DATES_LEAST * len(values)


def plain_word(text: str) -> str:
    """Return a heading or a word in small letters, without spaces, signs and brackets' content."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return re.sub(r"\(.*?\)|[\W_]+", "", folded)
