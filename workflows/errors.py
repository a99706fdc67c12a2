"""Every error that a person or an author can meet, as one tree.

::

    CloseloopError(code, **facts)
    ├── Refusal             understood and turned down; shown to the person, never logged as error
    │   └── FormInvalid     a form with one or more fields to mend
    ├── DefinitionError     a definition that cannot be used: all its findings at once
    ├── ConfigError         a deployment that cannot start: all its findings at once
    ├── Conflict            somebody was faster: try again with the new state
    └── DeliveryError       only platforms raise it, only the outbox catches it
        ├── Retryable       later, after `after` seconds when the platform said so
        ├── Permanent       this address is gone: find another way to the person
        └── Unknown         the request may have been carried out: look before repeating

Texts live in the catalogues under ``refusal.<code>``; an error carries only its code and facts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


class CloseloopError(Exception):
    """Base of all errors of this product: a stable `code` and the `facts` for its text."""

    def __init__(self, code: str, **facts: object) -> None:
        super().__init__(code, facts)
        self.code = code
        self.facts: Mapping[str, object] = facts

    def __str__(self) -> str:
        if not self.facts:
            return self.code
        facts = ", ".join(f"{name}={value!r}" for name, value in sorted(self.facts.items()))
        return f"{self.code} ({facts})"


class Refusal(CloseloopError):
    """The wish was understood and turned down; nothing changed."""


class FormInvalid(Refusal):
    """A submitted form has fields to mend: `problems` maps a field id to a Refusal for it."""

    def __init__(self, problems: Mapping[str, Refusal]) -> None:
        super().__init__("form_invalid", fields=", ".join(sorted(problems)))
        self.problems = dict(problems)


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing to mend in a file: where it is, what is wrong, what to do."""

    file: str
    where: str
    problem: str
    hint: str = ""
    line: int | None = None

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        where = f" {self.where}:" if self.where else ""
        hint = f" → {self.hint}" if self.hint else ""
        return f"{place}:{where} {self.problem}{hint}"


class _Findings(CloseloopError):
    def __init__(self, findings: Sequence[Finding]) -> None:
        super().__init__("findings", count=len(findings))
        self.findings = tuple(findings)

    def __str__(self) -> str:
        return "\n".join(str(finding) for finding in self.findings)


class DefinitionError(_Findings):
    """A process definition cannot be used; `findings` holds everything that is wrong with it."""


class ConfigError(_Findings):
    """The deployment cannot start; `findings` holds everything that is wrong with it."""


class Conflict(CloseloopError):
    """Somebody was faster; the unit of work was rolled back and may be tried again."""


class DeliveryError(CloseloopError):
    """A message could not be delivered."""


class Retryable(DeliveryError):
    """The platform could not take the message now; `after` is its wish in seconds, if any."""

    def __init__(self, code: str, *, after: float | None = None, **facts: object) -> None:
        super().__init__(code, **facts)
        self.after = after


class Permanent(DeliveryError):
    """This person cannot be reached at this address any more."""


class Unknown(DeliveryError):
    """The reply was lost: the message may or may not have been posted."""
