"""Other systems that file cases over HTTP: for whom each may file, and what it may read."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from workflows.directory import Directory, Person

EVERYONE = "everyone"
_AUDIENCE = re.compile(r"(department|role|person):([a-z0-9][a-z0-9._-]{0,63})")


@dataclass(frozen=True, slots=True, kw_only=True)
class Audience:
    """The people for whom a system may file: a department, those with a role, one, or everyone."""

    kind: Literal["everyone", "department", "role", "person"]
    name: str = ""

    def has(self, person: Person) -> bool:
        """Return whether a person belongs to it, also one who has left."""
        match self.kind:
            case "department":
                return person.department == self.name
            case "role":
                return self.name in person.roles
            case "person":
                return person.id == self.name
            case _:
                return True


def read_audience(text: str) -> Audience:
    """Return the audience of a text such as "department:sales". Raises ValueError."""
    if text == EVERYONE:
        return Audience(kind="everyone")
    found = _AUDIENCE.fullmatch(text)
    if found is None:
        raise ValueError(text)
    kind: Literal["department", "role", "person"] = found[1]  # type: ignore[assignment]
    return Audience(kind=kind, name=found[2])


@dataclass(frozen=True, slots=True, kw_only=True)
class System:
    """A system that files cases for people.

    It reads the cases of these people too. Without `processes` it may file, and reads, all.
    """

    name: str
    audiences: tuple[Audience, ...]
    processes: tuple[str, ...] = ()

    @property
    def via(self) -> str:
        """What the history of a case names as the way on which it was filed."""
        return f"api:{self.name}"

    def may_start(self, process: str) -> bool:
        """Return whether it may file cases of a process, and read them."""
        return not self.processes or process in self.processes

    def serves(self, person: Person | None) -> bool:
        """Return whether it may file for a person, and read their cases."""
        return person is not None and any(one.has(person) for one in self.audiences)

    @property
    def serves_everyone(self) -> bool:
        """Whether it may file for everybody."""
        return any(one.kind == EVERYONE for one in self.audiences)

    def filers(self, directory: Directory) -> tuple[str, ...] | None:
        """Return the keys of the people whose cases it reads; None for those of everybody."""
        if self.serves_everyone:
            return None
        return tuple(key for key, one in directory.people.items() if self.serves(one))
