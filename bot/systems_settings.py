"""The settings of other systems in `config.toml`: the tokens with which they file cases."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field, field_validator

from bot.company_settings import ConfigSection, Number
from bot.findings import WrongValue
from bot.settings_values import Secret, hard_to_guess
from handlers.systems import System, read_audience


def _one_or_more(value: Any) -> Any:
    return (value,) if isinstance(value, str) else value


def _audience(text: str) -> str:
    try:
        read_audience(text)
    except ValueError as error:
        raise WrongValue("audience") from error
    return text


class ApiToken(ConfigSection):
    """The token of one system, and what it may be used for."""

    name: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,39}$")]
    token: Annotated[Secret, AfterValidator(hard_to_guess)]
    may_file_for: Annotated[
        tuple[Annotated[str, AfterValidator(_audience)], ...],
        BeforeValidator(_one_or_more),
        Field(min_length=1),
    ]
    processes: tuple[str, ...] = ()

    def system(self) -> System:
        """Return what it may do."""
        audiences = tuple(map(read_audience, self.may_file_for))
        return System(name=self.name, audiences=audiences, processes=self.processes)


class Api(ConfigSection):
    """The systems that may file cases over HTTP; without any there is no API."""

    tokens: tuple[ApiToken, ...] = ()
    requests_a_minute: Annotated[Number, Field(ge=1, le=100_000)] = 300  # with one token

    @field_validator("tokens", mode="after")
    @classmethod
    def _apart(cls, tokens: tuple[ApiToken, ...]) -> tuple[ApiToken, ...]:
        names: set[str] = set()
        seen: dict[str, str] = {}
        for one in tokens:
            if one.name in names:
                raise WrongValue("token_name_twice", name=one.name)
            names.add(one.name)
            other = seen.setdefault(one.token.get_secret_value(), one.name)
            if other != one.name:
                raise WrongValue("token_twice", name=one.name, other=other)
        return tokens
