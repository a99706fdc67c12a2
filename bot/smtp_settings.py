"""The settings of the mail server in `config.toml`."""

from __future__ import annotations

import ipaddress
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, SecretStr, Strict, ValidationInfo, field_validator

from bot.company_settings import ConfigSection, Number
from bot.findings import WrongValue
from bot.settings_values import Absent, Secret, beside
from workflows.addresses import is_address

Flag = Annotated[bool, Strict()]
Security = Literal["starttls", "tls", "none"]
PORTS: dict[Security, int] = {"starttls": 587, "tls": 465, "none": 25}


def _one_line(text: str) -> str:
    if not text.isprintable():
        raise WrongValue("name_not_printable")
    return text


Name = Annotated[str, Field(max_length=100), AfterValidator(_one_line)]


def _is_this_machine(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


class Smtp(ConfigSection):
    """The server that sends mails, and who they are from; without a host none are sent."""

    host: Annotated[str, Field(pattern=r"^[A-Za-z0-9.:\[\]_-]*$", max_length=255)] = ""
    port: Annotated[Number, Field(ge=0, le=65535)] = 0  # 0: the usual one
    allow_unencrypted: Flag = False
    security: Security = "starttls"
    ca_file: Annotated[Path, AfterValidator(beside)] | None = None
    user: Annotated[str, AfterValidator(_one_line)] = ""
    password: Secret | None = None
    sender: str = ""
    sender_name: Name = ""
    sender_name_en: Name = ""
    reply_to: str = ""
    timeout_s: Annotated[Number, Field(ge=1, le=60)] = 20
    mails_a_minute: Annotated[Number, Field(ge=1, le=10_000)] = 60

    @field_validator("security", mode="after")
    @classmethod
    def _encrypted(cls, security: Security, info: ValidationInfo) -> Security:
        host, allowed = info.data.get("host", ""), info.data.get("allow_unencrypted")
        if security == "none" and host and not allowed and not _is_this_machine(host):
            raise WrongValue("smtp_open", host=host)
        return security

    @field_validator("ca_file", mode="after")
    @classmethod
    def _there(cls, path: Path | None) -> Path | None:
        if path is not None and not path.is_file():
            raise WrongValue("smtp_no_ca_file", path=str(path))
        return path

    @field_validator("password", mode="after")
    @classmethod
    def _for_user(cls, password: SecretStr | None, info: ValidationInfo) -> SecretStr | None:
        if isinstance(password, Absent):
            return password
        said = password.get_secret_value() if password is not None else ""
        if info.data.get("user") and not said.strip():
            raise WrongValue("smtp_no_password")
        return password

    @field_validator("sender", mode="after")
    @classmethod
    def _from(cls, sender: str, info: ValidationInfo) -> str:
        if info.data.get("host") and not sender:
            raise WrongValue("smtp_no_sender")
        if sender and not is_address(sender):
            raise WrongValue("not_an_address")
        return sender

    @field_validator("reply_to", mode="after")
    @classmethod
    def _answers(cls, reply_to: str) -> str:
        if reply_to and not is_address(reply_to):
            raise WrongValue("not_an_address")
        return reply_to

    @property
    def way(self) -> Literal["send", "off"]:
        """Whether mails are sent."""
        return "send" if self.host else "off"

    @property
    def usual_port(self) -> int:
        """The port of the server."""
        return self.port or PORTS[self.security]

    def name_in(self, language: str) -> str:
        """Return the sender's name in a language."""
        return self.sender_name_en or self.sender_name if language == "en" else self.sender_name
