"""The settings in `config.toml` and in the environment.

`CLOSELOOP_SECTION__KEY` in the environment overrides a key of the file; a list is written there as
JSON or with commas. A value `env:NAME` or `file:PATH` is read from the environment or a file, for
secrets. Relative paths are relative to the configuration file. `config.example.toml` shows all
keys.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SecretStr,
    Strict,
    ValidationError,
    ValidationInfo,
    field_validator,
)
from pydantic_settings import BaseSettings, EnvSettingsSource, SettingsConfigDict

from bot.company_settings import CompanySettings, ConfigSection, Number
from bot.directory_settings import Ldap, Scim, Source
from bot.findings import (
    ConfigSource,
    Findings,
    Keys,
    WrongValue,
    explain,
    read_toml,
    terminal_words,
)
from bot.settings_values import (
    HIDDEN,
    Secret,
    beside,
    database_url,
    entries_of,
    is_public,
    needed,
    read_secret,
    secrets_of,
    web_address,
)
from bot.smtp_settings import Smtp
from bot.systems_settings import Api, WebForms, Webhooks
from handlers.i18n import Translator
from handlers.office import Limits

ENV_PREFIX = "CLOSELOOP_"
NOT_SETTINGS = (
    "CLOSELOOP_CONFIG",
    "CLOSELOOP_TEST_",
)  # other variables of closeloop, or their prefixes

Flag = Annotated[bool, Strict()]
Place = Annotated[Path, AfterValidator(beside)]
Address = Annotated[str, AfterValidator(web_address)]
ChannelName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,30}$")]


class Storage(ConfigSection):
    """The database, the folder of uploads, and the limits per person."""

    url: Annotated[
        str, BeforeValidator(read_secret), AfterValidator(database_url), Field(repr=False)
    ] = "sqlite:///closeloop.db"
    files: Place = Path("files")
    audit_key: Place = Path("audit.key")
    uploads_a_day: Annotated[Number, Field(ge=1)] = 100
    upload_megabytes_a_day: Annotated[Number, Field(ge=10)] = 200

    def limits(self) -> Limits:
        """Return how much one person may send."""
        size = self.upload_megabytes_a_day * 1024 * 1024
        return Limits(uploads=self.uploads_a_day, upload_bytes=size)


class PeopleDraft(ConfigSection):
    """Where people come from, and the path of `people.toml`."""

    source: Source = "file"
    file: Place = Path("people.toml")


class ProcessDrafts(ConfigSection):
    """The folder of process definitions."""

    path: Place = Path("processes")


class ChatSection(ConfigSection):
    """Base of the sections of chat platforms."""

    enabled: Flag = False

    @property
    def needs_address(self) -> bool:
        """Whether the platform sends to `http.public_url`, which must then be public."""
        return False


class Slack(ChatSection):
    """The settings of Slack."""

    mode: Literal["socket", "http"] = "socket"
    bot_token: Secret | None = None
    app_token: Secret | None = None
    signing_secret: Secret | None = None
    api_url: Address = "https://slack.com/api/"
    command_prefix: Annotated[str, Field(pattern=r"^[a-z0-9-]{0,12}$")] = ""
    channels: dict[ChannelName, Annotated[str, Field(pattern=r"^[CG][A-Z0-9]{2,20}$")]] = Field(
        default={}
    )

    @field_validator("bot_token", "app_token", "signing_secret", mode="after")
    @classmethod
    def _needed(cls, secret: SecretStr | None, info: ValidationInfo) -> SecretStr | None:
        unused = {"socket": "signing_secret", "http": "app_token"}[info.data.get("mode", "socket")]
        ours = info.field_name == "signing_secret"
        return needed(secret, info, wanted=info.field_name != unused, ours=ours)


class Telegram(ChatSection):
    """The settings of Telegram."""

    mode: Literal["polling", "webhook"] = "polling"
    token: Secret | None = None
    webhook_secret: Secret | None = None
    api_url: Address = "https://api.telegram.org"
    groups: dict[ChannelName, Annotated[Number, Field(lt=0)]] = Field(default={})

    @field_validator("token", "webhook_secret", mode="after")
    @classmethod
    def _needed(cls, secret: SecretStr | None, info: ValidationInfo) -> SecretStr | None:
        webhook = info.data.get("mode") == "webhook"
        ours = info.field_name == "webhook_secret"
        return needed(secret, info, wanted=webhook or not ours, ours=ours)

    @property
    def needs_address(self) -> bool:
        """Whether it runs with a webhook."""
        return self.mode == "webhook"


class Http(ConfigSection):
    """The settings of the web server."""

    host: str = "127.0.0.1"
    port: Annotated[Number, Field(ge=0, le=65535)] = 8080
    public_url: str = ""
    proxy: Flag = False


class Config(BaseModel):
    """All settings of a deployment, from `load_config` or built in code."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    company: CompanySettings = Field(default_factory=CompanySettings)
    storage: Storage = Field(default_factory=Storage)
    people: PeopleDraft = Field(default_factory=PeopleDraft)
    ldap: Ldap = Field(default_factory=Ldap)
    scim: Scim = Field(default_factory=Scim)
    processes: ProcessDrafts = Field(default_factory=ProcessDrafts)
    slack: Slack = Field(default_factory=Slack)
    telegram: Telegram = Field(default_factory=Telegram)
    api: Api = Field(default_factory=Api)
    webhooks: Webhooks = Field(default_factory=Webhooks)
    web_forms: WebForms = Field(default_factory=WebForms)
    smtp: Smtp = Field(default_factory=Smtp)
    http: Http = Field(default_factory=Http)

    @field_validator("ldap", mode="after")
    @classmethod
    def _people_there(cls, ldap: Ldap, info: ValidationInfo) -> Ldap:
        people = info.data.get("people")
        if people is not None and people.source == "ldap":
            missing = next((key for key in ("url", "base") if not getattr(ldap, key)), "")
            if missing:
                raise WrongValue("source_incomplete", source="ldap", key=missing)
        return ldap

    @field_validator("scim", mode="after")
    @classmethod
    def _token_there(cls, scim: Scim, info: ValidationInfo) -> Scim:
        people = info.data.get("people")
        if people is not None and people.source == "scim" and scim.token is None:
            raise WrongValue("source_incomplete", source="scim", key="token")
        return scim

    @field_validator("http", mode="after")
    @classmethod
    def _reachable(cls, http: Http, info: ValidationInfo) -> Http:
        chats = (one for one in info.data.values() if isinstance(one, ChatSection))
        needed_there = any(one.enabled and one.needs_address for one in chats)
        if needed_there and not is_public(http.public_url):
            raise WrongValue("webhook_address")
        return http

    @property
    def enabled_chats(self) -> tuple[str, ...]:
        """The names of the chat platforms that are enabled."""
        return tuple(name for name in CHATS if getattr(self, name).enabled)


# The chat platforms of the product: each has a section of its name.
CHATS = tuple(
    name
    for name, field in Config.model_fields.items()
    if isinstance(field.annotation, type) and issubclass(field.annotation, ChatSection)
)


def load_config(
    path: Path, *, words: Translator | None = None, without_secrets: bool = False
) -> Config:
    """Read the settings from a file and the environment; the environment takes precedence.

    `without_secrets` is for what uses no secret: it is no error then that one is not there.

    Raises Unreadable when the file does not exist, and ConfigError with all findings, each with
    file, line, key and what to do.
    """
    words = words or terminal_words()
    findings = Findings(source=read_toml(path, words=words), words=words)
    environment = Findings(source=ConfigSource(file=words.t("cli.environment")), words=words)
    _note_unknown_variables(environment)
    said, set_there = findings.source.data, _Environment(_Settings)()
    sections = {
        section: _merged(said.get(section, {}), set_there.get(section, {}))
        for section in Config.model_fields
    }
    config = None
    try:
        context = {"folder": path.parent, "without_secrets": without_secrets}
        config = Config.model_validate({**said, **sections}, context=context)
    except ValidationError as error:
        for details in error.errors(include_url=False):
            keys = tuple(details["loc"])
            code, facts = explain(details, Config, words)
            if "given" in facts and holds_secret(keys):
                facts["given"] = HIDDEN
            if _is_set(set_there, keys):
                environment.add(code, keys, where=variable_of(keys), **facts)
            else:
                findings.add(code, keys, **facts)
    findings.found.extend(environment.found)
    findings.throw()
    assert config is not None, "a refusal leaves findings"
    return config


def holds_secret(keys: Keys) -> bool:
    """Return whether the value of a key may be or contain a secret."""
    field = Config.model_fields.get(str(keys[0])) if keys else None
    if field is None:
        return False
    secrets = secrets_of(field.annotation)
    if len(keys) == 1:
        return bool(secrets)
    inner = getattr(field.annotation, "model_fields", {}).get(str(keys[1]))
    entry = None if inner is None else entries_of(inner.annotation)
    if entry is None:
        return keys[1] in secrets
    named = [key for key in keys[2:] if isinstance(key, str)]  # the others are positions
    return not named or named[0] in secrets_of(entry)


# ------------------------------------------------------------------------------ the environment


class _Settings(Config, BaseSettings):
    model_config = SettingsConfigDict(
        env_prefix=ENV_PREFIX, env_nested_delimiter="__", env_nested_max_split=1, strict=True
    )


class _Environment(EnvSettingsSource):
    """The settings in the environment; a value that is not JSON is a list with commas."""

    def decode_complex_value(self, field_name: str, field: Any, value: Any) -> Any:
        try:
            return super().decode_complex_value(field_name, field, value)
        except ValueError:
            return [part.strip() for part in str(value).split(",")]


def variable_of(keys: Keys) -> str:
    """Return the environment variable that overrides a setting."""
    return ENV_PREFIX + "__".join(str(key) for key in keys[:2]).upper()


def _note_unknown_variables(findings: Findings) -> None:
    known = {
        variable_of((section, key))
        for section, field in Config.model_fields.items()
        if isinstance(field.annotation, type) and issubclass(field.annotation, ConfigSection)
        for key in field.annotation.model_fields
    }
    for name in sorted(os.environ):
        ours = name.upper().startswith(ENV_PREFIX) and not name.upper().startswith(NOT_SETTINGS)
        if ours and name.upper() not in known:
            findings.add("unknown_variable", (), where=name)


def _merged(there: Any, over: Mapping[str, Any]) -> Any:
    """Return a section of the file with the values of the environment; a non-table is unchanged."""
    return {**there, **over} if isinstance(there, Mapping) else there


def _is_set(environment: Mapping[str, Any], keys: Keys) -> bool:
    section = environment.get(str(keys[0]))
    return isinstance(section, Mapping) and len(keys) > 1 and keys[1] in section
