"""The errors that users and authors of definitions see, as one tree.

::

    CloseloopError(code, **facts)
    ├── Refusal             a rule forbids it; shown to the person, not logged as an error
    │   └── FormInvalid     one or more fields of a form have an invalid value
    ├── DefinitionError     a definition that cannot be used, with all its findings
    ├── ConfigError         a deployment that cannot start, with all its findings
    ├── Conflict            a concurrent change; retry with the new state
    └── DeliveryError       raised by platforms, handled by the outbox
        ├── Retryable       retry, after `after` seconds when the platform gave them
        ├── Permanent       the address is invalid; use another platform
        └── Unknown         the request may have been carried out; check before a retry

The texts are in the catalogues under ``refusal.<code>``; an error has only its code and facts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


class CloseloopError(Exception):
    """Base class of all errors of this product: a stable `code` and the `facts` of its text."""

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
    """The request was refused by a rule; nothing changed."""


class FormInvalid(Refusal):
    """A submitted form has invalid fields: `problems` maps a field id to a Refusal for it."""

    def __init__(self, problems: Mapping[str, Refusal]) -> None:
        super().__init__("form_invalid", fields=", ".join(sorted(problems)))
        self.problems = dict(problems)


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One problem in a file: its place, a description, and what to do."""

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
    """A process definition cannot be used; `findings` lists everything that is wrong with it."""


class ConfigError(_Findings):
    """The deployment cannot start; `findings` lists everything that is wrong with it."""


class Conflict(CloseloopError):
    """The row was changed concurrently; the unit of work was rolled back and can be retried."""


class DeliveryError(CloseloopError):
    """A message could not be delivered."""


class Retryable(DeliveryError):
    """The platform did not accept the message; `after` is its delay in seconds, if it gave one.

    `scope` names in the platform's own words what else must wait as long: a method, a conversation.
    """

    def __init__(
        self, code: str, *, after: float | None = None, scope: str = "", **facts: object
    ) -> None:
        super().__init__(code, **facts)
        self.after = after
        self.scope = scope


class Permanent(DeliveryError):
    """The person cannot be reached at this address any more."""


class Unknown(DeliveryError):
    """The response was lost: the message may or may not have been posted."""
