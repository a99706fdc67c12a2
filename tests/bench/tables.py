"""What a measurement finds, and how it is printed."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from tests.bench.ground import Ground

Figures = Sequence[float]
LEAST_ROUNDS = 3


@dataclass(frozen=True, slots=True)
class Aim:
    """What a line should reach: of its ratio, or of its figure where it stands beside nothing."""

    bound: float
    least: bool
    unit: str = ""

    def reached(self, value: float) -> bool:
        """Whether it is good enough."""
        return value >= self.bound if self.least else value <= self.bound

    def __str__(self) -> str:
        return f"{'≥' if self.least else '≤'} {self.bound:,g}{self.unit}"


def at_least(bound: float, unit: str = "") -> Aim:
    """An aim that is reached from below."""
    return Aim(bound, least=True, unit=unit)


def at_most(bound: float, unit: str = "") -> Aim:
    """An aim that is reached from above."""
    return Aim(bound, least=False, unit=unit)


@dataclass(frozen=True, slots=True)
class Line:
    """One variant: its figure in each round, and what it is compared with, round by round."""

    name: str
    figures: Figures
    beside: Figures = ()
    aim: Aim | None = None

    @property
    def figure(self) -> float:
        """The median of the rounds."""
        return statistics.median(self.figures)

    @property
    def ratios(self) -> list[float]:
        """The figure over that of the other variant, in each round."""
        return [mine / other for mine, other in zip(self.figures, self.beside, strict=False)]

    def __str__(self) -> str:
        text = f"  {self.name:<46}{_short(self.figure):>10}"
        ratios = self.ratios
        value = statistics.median(ratios) if ratios else self.figure
        if ratios:
            text += f"{value:>9.2f}  ({min(ratios):.2f}–{max(ratios):.2f})"
        elif len(self.figures) > 1:
            text += f"{'':>9}  ({_short(min(self.figures))}–{_short(max(self.figures))})"
        if self.aim is None:
            return text
        return f"{text:<84}{self.aim!s:>10}  {'yes' if self.aim.reached(value) else 'NO'}"


@dataclass(frozen=True, slots=True)
class Table:
    """Variants that took turns."""

    title: str
    unit: str
    lines: Sequence[Line]

    def __str__(self) -> str:
        head = f"  {self.title:<46}{self.unit:>10}{'ratio':>9}  (spread)"
        rows = [f"{head:<84}{'aim':>10}", *map(str, self.lines)]
        return "\n".join(rows)


@dataclass(frozen=True, slots=True, kw_only=True)
class Measurement:
    """Something that is measured; see __init__.py."""

    name: str
    about: str
    measure: Callable[[Ground], Iterator[Table]]


def take_turns(
    variants: Mapping[str, Callable[[], float]], *, rounds: int, seconds: float = 25
) -> dict[str, list[float]]:
    """Each variant's figure in each round; in every second round the other way round.

    Three rounds at least; further ones as long as there is time.
    """
    found: dict[str, list[float]] = {name: [] for name in variants}
    started = time.monotonic()
    for number in range(rounds):
        if number >= LEAST_ROUNDS and time.monotonic() - started > seconds:
            break
        names = list(variants)
        for name in names if number % 2 == 0 else reversed(names):
            found[name].append(variants[name]())
    return found


def _short(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:,.3g}"
