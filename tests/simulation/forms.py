"""What the forms of a supplier say by now, told from the events and the contents that they name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

EXPIRES = "_expires"  # the day of a certificate is in the field with its id and this


@dataclass(slots=True, kw_only=True)
class Forms:
    """The forms that were taken, in their order; one that was taken back counts no more."""

    definition: Mapping[str, Any]  # as its file has it
    bodies: Mapping[str, Any]  # contents by id
    _taken: list[tuple[str, Mapping[str, object]]] = field(default_factory=list)

    @property
    def certificates(self) -> tuple[dict[str, Any], ...]:
        """The fields of the application that are certificates."""
        fields = self.definition["forms"]["supplier"]["fields"]
        return tuple(one for one in fields if one["type"] == "certificate")

    def takes(self, task: str, content: str, *, asked: Iterable[str] = ()) -> None:
        """A form was sent that asked for these fields of the application, and for its own."""
        certificates = {one["id"] for one in self.certificates}
        names = [*asked, *(f"{one}{EXPIRES}" for one in asked if one in certificates)]
        body = self.bodies[content].body
        values = (body or {}).get("values", {})
        self._taken.append((task, {**dict.fromkeys(names), **values}))

    @property
    def application(self) -> tuple[str, ...]:
        """The fields of the application."""
        return tuple(one["id"] for one in self.definition["forms"]["supplier"]["fields"])

    def drop(self, task: str) -> None:
        """The decision with which a form was sent was taken back."""
        self._taken = [one for one in self._taken if one[0] != task]

    def value(self, name: str) -> object:
        """The latest value of a field; None without one."""
        given = (values[name] for _, values in reversed(self._taken) if name in values)
        return next(given, None)

    def day(self, name: str) -> date | None:
        """The latest value of a field with a day."""
        value = self.value(name)
        return date.fromisoformat(str(value)) if value else None

    def required(self, certificate: str) -> bool:
        """Whether a certificate must be valid for a supplier of these goods."""
        (found,) = (one for one in self.certificates if one["id"] == certificate)
        if "required_when" in found:
            assert found["required_when"] == 'goods != "service"', "the only condition known here"
            return self.value("goods") != "service"
        return bool(found.get("required"))

    def lacking(self, today: date) -> list[str]:
        """The certificates that must be valid on a day and are not."""
        found: Iterable[str] = (one["id"] for one in self.certificates)
        return [
            one
            for one in found
            if self.required(one)
            and (not self.value(one) or (self.day(f"{one}{EXPIRES}") or today) < today)
        ]
