"""The settings of what is outside the company in `config.toml`: systems, webhooks, customers."""

from __future__ import annotations

from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    SecretStr,
    Strict,
    ValidationInfo,
    field_validator,
)

from bot.company_settings import ConfigSection, Number
from bot.findings import WrongValue
from bot.settings_values import Absent, Secret, hard_to_guess, read_secret
from bot.webhook_targets import Target, is_private_literal, signing_key, target_id
from handlers.form_links import NAME
from handlers.office import HOOK_TYPES, Hook, HookType, Limits
from handlers.systems import System, read_audience

Flag = Annotated[bool, Strict()]
FILES_OF_A_FORM = 200


def _signing(secret: SecretStr) -> SecretStr:
    if isinstance(secret, Absent):
        return secret
    try:
        signing_key(secret.get_secret_value())
    except ValueError as error:
        raise WrongValue("webhook_secret") from error
    return secret


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
            if isinstance(one.token, Absent):
                continue
            other = seen.setdefault(one.token.get_secret_value(), one.name)
            if other != one.name:
                raise WrongValue("token_twice", name=one.name, other=other)
        return tokens


class WebhookTarget(ConfigSection):
    """The address of a system that gets webhooks, and the secret that signs the messages."""

    url: Annotated[SecretStr, BeforeValidator(read_secret)]  # it may contain a secret
    secret: Annotated[Secret, AfterValidator(_signing)]
    events: Annotated[tuple[HookType, ...], Field(min_length=1)] = HOOK_TYPES
    allow_private: Flag = False

    @field_validator("url", mode="after")
    @classmethod
    def _an_address(cls, url: SecretStr) -> SecretStr:
        found = urlsplit(url.get_secret_value())
        if found.scheme not in {"http", "https"} or not found.hostname or found.fragment:
            raise WrongValue("webhook_url")
        return url

    def target(self, *, allow_private: bool) -> Target:
        """Return where its messages go."""
        url = self.url.get_secret_value()
        return Target(
            id=target_id(url),
            name=urlsplit(url).hostname or "",
            url=url,
            key=signing_key(self.secret.get_secret_value()),
            allow_private=allow_private or self.allow_private,
        )

    def hook(self) -> Hook:
        """Return what is stored for it."""
        return Hook(target=target_id(self.url.get_secret_value()), types=frozenset(self.events))


class Webhooks(ConfigSection):
    """The systems that get webhooks."""

    allow_private: Flag = False
    targets: tuple[WebhookTarget, ...] = ()

    @field_validator("targets", mode="after")
    @classmethod
    def _reachable(
        cls, targets: tuple[WebhookTarget, ...], info: ValidationInfo
    ) -> tuple[WebhookTarget, ...]:
        urls: set[str] = set()
        for one in targets:
            url, allowed = one.url.get_secret_value(), bool(info.data.get("allow_private"))
            host = urlsplit(url).hostname or ""
            if url in urls:
                raise WrongValue("webhook_twice", host=host)
            urls.add(url)
            allowed = allowed or one.allow_private
            if not allowed and not url.startswith("https://"):
                raise WrongValue("webhook_open", host=host)
            if not allowed and is_private_literal(host):
                raise WrongValue("webhook_private", host=host)
        return targets

    def hooks(self) -> tuple[Hook, ...]:
        """Return what is stored for each system."""
        return tuple(one.hook() for one in self.targets)

    def addresses(self) -> tuple[Target, ...]:
        """Return where the messages of each system go."""
        return tuple(one.target(allow_private=self.allow_private) for one in self.targets)


class WebForms(ConfigSection):
    """The keys that sign the addresses of web forms, and how much customers may send."""

    keys: tuple[Annotated[Secret, AfterValidator(hard_to_guess)], ...] = ()  # the first signs
    revoked: tuple[Annotated[str, Field(pattern=rf"^{NAME}$")], ...] = ()  # names of links
    sent_a_minute: Annotated[Number, Field(ge=1, le=10_000)] = 20  # from one address
    sent_a_day: Annotated[Number, Field(ge=1, le=100_000)] = 200
    filed_a_minute: Annotated[Number, Field(ge=1, le=10_000)] = 60  # with one link
    filed_a_day: Annotated[Number, Field(ge=1, le=100_000)] = 2000
    upload_megabytes_a_day: Annotated[Number, Field(ge=10)] = 2000  # with one link

    @property
    def secrets(self) -> tuple[str, ...]:
        """The keys; an address is signed with the first and accepted with any."""
        return tuple(key.get_secret_value() for key in self.keys)

    def limits(self) -> Limits:
        """Return how much may be sent with one link."""
        size = self.upload_megabytes_a_day * 1024 * 1024
        return Limits(uploads=self.filed_a_day * FILES_OF_A_FORM, upload_bytes=size)
