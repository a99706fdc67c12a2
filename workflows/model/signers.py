"""Several signers of one approval: their seats, and the rule by which votes are counted."""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, PlainSerializer, WithJsonSchema

from workflows.misfits import NEED, NEED_COUNT, NEED_SHARE, SIGN, SIGNER, SIGNERS, Misfit
from workflows.model.words import Model, People

MOST_SEATS = 50
MOST_WEIGHT = 100
_LONGEST = 200  # characters of a people expression
_WORDS = ("all", "any", "any_approval", "in_turn")
_SHARE = re.compile(r"([1-9][0-9]?|100)%")

Await = Literal["at_once", "after_all"]


class Signer(Model):
    """An entry of a list of signers: one seat, for one of the people that `who` names."""

    who: People
    weight: int = Field(default=1, ge=1, le=MOST_WEIGHT)


class EachSigner(Signer):
    """The only entry where signers are one people expression: a seat for each of these people."""


class Sign(Model):
    """The rule of a ballot. With "need", `percent` of the weights or `votes` have to approve."""

    kind: Literal["all", "any", "any_approval", "in_turn", "need"]
    percent: int | None = None
    votes: int | None = None

    @property
    def written(self) -> str | dict[str, str | int]:
        """The rule as a definition writes it."""
        if self.kind != "need":
            return self.kind
        return {"need": f"{self.percent}%" if self.votes is None else self.votes}


ALL = Sign(kind="all")


def read_signers(value: Any) -> Any:
    """Convert signers to a list of entries; a text is one entry for each of its people."""
    if isinstance(value, str):
        if not 1 <= len(value) <= _LONGEST:
            raise Misfit(SIGNERS)
        return (EachSigner(who=value),)
    if not isinstance(value, list | tuple):
        raise Misfit(SIGNERS)
    return tuple(map(_read_signer, value))


def _read_signer(entry: Any) -> Any:
    if isinstance(entry, str):
        return {"who": entry}
    if not isinstance(entry, dict):
        raise Misfit(SIGNER)
    return entry


def read_sign(value: Any) -> Any:
    """Convert "all", "any", "any_approval", "in_turn" or { need = … } to a rule."""
    if isinstance(value, str) and value in _WORDS:
        return Sign.model_validate({"kind": value})
    if not isinstance(value, dict) or set(value) != {"need"}:
        raise Misfit(SIGN)
    need = value["need"]
    if isinstance(need, str):
        share = _SHARE.fullmatch(need.strip())
        if share is None:
            raise Misfit(NEED_SHARE)
        return Sign(kind="need", percent=int(share[1]))
    if isinstance(need, bool) or not isinstance(need, int):
        raise Misfit(NEED)
    if not 1 <= need <= MOST_SEATS * MOST_WEIGHT:
        raise Misfit(NEED_COUNT)
    return Sign(kind="need", votes=need)


def _written(signers: tuple[Signer, ...]) -> Any:
    if isinstance(signers[0], EachSigner):
        return signers[0].who
    return [one.model_dump(exclude_unset=True) for one in signers]


_PEOPLE_SCHEMA = {"type": "string", "minLength": 1, "maxLength": _LONGEST}
_SIGNER_SCHEMA = {
    "type": "object",
    "properties": {
        "who": _PEOPLE_SCHEMA,
        "weight": {"type": "integer", "minimum": 1, "maximum": MOST_WEIGHT},
    },
    "required": ["who"],
    "additionalProperties": False,
}
_NEED_SCHEMA = {
    "type": "object",
    "properties": {
        "need": {
            "oneOf": [
                {"type": "string", "pattern": rf"^\s*({_SHARE.pattern})\s*$"},
                {"type": "integer", "minimum": 1, "maximum": MOST_SEATS * MOST_WEIGHT},
            ]
        }
    },
    "required": ["need"],
    "additionalProperties": False,
}

SignersOf = Annotated[
    tuple[Signer, ...],
    Field(min_length=1, max_length=MOST_SEATS),
    BeforeValidator(read_signers),
    PlainSerializer(_written),
    WithJsonSchema(
        {
            "oneOf": [
                _PEOPLE_SCHEMA,
                {
                    "type": "array",
                    "items": {"oneOf": [_PEOPLE_SCHEMA, _SIGNER_SCHEMA]},
                    "minItems": 1,
                    "maxItems": MOST_SEATS,
                },
            ],
            "examples": ["role:executive", ["owner", {"who": "head(finance)", "weight": 2}]],
        }
    ),
]
SignRule = Annotated[
    Sign,
    BeforeValidator(read_sign),
    PlainSerializer(lambda sign: sign.written),
    WithJsonSchema(
        {
            "oneOf": [{"enum": list(_WORDS)}, _NEED_SCHEMA],
            "examples": ["all", "in_turn", {"need": "60%"}, {"need": 2}],
        }
    ),
]
