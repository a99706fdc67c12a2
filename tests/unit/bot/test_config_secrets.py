"""Secrets in a configuration: there when they are needed, hard to guess, never printed."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from bot.app.run import secrets_in
from bot.config import load_config
from bot.config_warnings import config_warnings
from bot.findings import WrongValue
from handlers.i18n import translator
from workflows.errors import ConfigError


@pytest.fixture(autouse=True)
def _bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("CLOSELOOP_")]:
        monkeypatch.delenv(name)


def written(folder: Path, text: str) -> Path:
    path = folder / "config.toml"
    path.write_text(text, encoding="utf-8")
    return path


def findings(path: Path) -> list[str]:
    """Everything against a file, one a line."""
    with pytest.raises(ConfigError) as caught:
        load_config(path, words=translator("en"))
    return [str(one) for one in caught.value.findings]


WHOLE = "1234567:abcdefghijklmnopqrstuvwxyz"


@pytest.mark.parametrize(
    ("section", "complaint"),
    [
        ('[slack]\nenabled = true\nmode = "http"\nbot_token = "xoxb-1"\nsigning_secret = ""',
         "slack.signing_secret: signing_secret is missing"),
        ('[slack]\nenabled = true\nmode = "http"\nbot_token = "xoxb-1"\nsigning_secret = "s"',
         "slack.signing_secret: this secret is too short"),
        (f'[telegram]\nenabled = true\nmode = "webhook"\ntoken = "{WHOLE}"\nwebhook_secret = "x"',
         "telegram.webhook_secret: this secret is too short"),
        ('[telegram]\nenabled = true\ntoken = "密钥"', "telegram.token: this secret has blanks"),
        ('[telegram]\nenabled = true\ntoken = "1:a b"', "telegram.token: this secret has blanks"),
    ],
)  # fmt: skip
def test_a_secret_that_protects_nothing_is_refused(
    tmp_path: Path, section: str, complaint: str
) -> None:
    assert complaint in "\n".join(findings(written(tmp_path, section)))


ABSENT = """
[slack]
enabled = true
bot_token = "env:NO_BOT_TOKEN"
[telegram]
enabled = true
[api]
tokens = [
  { name = "crm", token = "env:NO_CRM_TOKEN", may_file_for = "everyone" },
  { name = "shop", token = "file:no-token", may_file_for = "everyone" },
]
[webhooks]
targets = [{ url = "https://crm.example.com/hook", secret = "env:NO_HOOK_SECRET" }]
[web_forms]
keys = ["env:NO_KEY"]
"""


def test_what_uses_no_secret_needs_none(tmp_path: Path) -> None:
    config = load_config(written(tmp_path, ABSENT), without_secrets=True)

    assert [one.types for one in config.webhooks.hooks()]
    for absent in (config.slack.bot_token, config.api.tokens[1].token):
        assert absent is not None
        with pytest.raises(WrongValue):
            absent.get_secret_value()
        with pytest.raises(WrongValue):
            bool(absent)
    assert len(findings(tmp_path / "config.toml")) == 7


def test_a_platform_that_is_off_needs_no_secret(tmp_path: Path) -> None:
    config = load_config(written(tmp_path, '[telegram]\ntoken = ""\nwebhook_secret = "x"\n'))

    assert config.telegram.token is None


@pytest.mark.parametrize(
    "text",
    [
        '[slack]\nbot_token = ["xoxb-HIDDEN"]',
        "[slack]\nbot_token = { HIDDEN = 1 }",
        'slack = "xoxb-HIDDEN"',
        'telegram = ["HIDDEN"]',
        '[slack]\nbot_tokn = "xoxb-HIDDEN"',
        '[storage]\nurl = ["postgresql://u:HIDDEN@h/d"]',
        '[storage]\nurl = "postgresql://u:HIDDEN@x@h/d"',
    ],
)
def test_a_secret_in_the_wrong_place_is_not_printed(tmp_path: Path, text: str) -> None:
    found = "\n".join(findings(written(tmp_path, text)))

    assert found
    assert "HIDDEN" not in found


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://user:pa#ss@host/name",
        "postgresql://user:pa/ss@host/name",
        "postgresql://user:pa@ss@host/name",
        "postgresql://user:pass@host:port/name",
        "postgresql://user:pass@host:5432:1/name",
        "postgresql://user:pass@[::1/name",
        "postgresql://user:pa ss@host/name",
        "postgresql://",
    ],
)
def test_an_odd_address_of_a_database_is_a_finding(tmp_path: Path, url: str) -> None:
    (found,) = findings(written(tmp_path, f'[storage]\nurl = "{url}"'))

    assert "storage.url: this is not the address of a database" in found
    assert "pa" not in found.partition("→")[0].replace("password", "")


@pytest.mark.parametrize(
    "rest",
    [
        "user:p%40ss@host/name",
        "host",
        "user@host:5432,other:5433/name?sslmode=require",
        "user:pa:ss@[::1]:5432/name",
        "/name?host=/var/run/postgresql",
    ],
)
def test_whatever_libpq_understands_is_taken(tmp_path: Path, rest: str) -> None:
    config = load_config(written(tmp_path, f'[storage]\nurl = "postgres://{rest}"'))

    assert config.storage.url == f"postgresql://{rest}"


TOKEN = '[api]\ntokens = [{ name = "crm", token = "%s", may_file_for = "everyone" }]\n'
STRONG = "0123456789abcdef"
ENTRY = '{ name = "%s", token = "%s", may_file_for = "everyone" }'


@pytest.mark.parametrize(
    ("entries", "complaint"),
    [
        ('{ name = "crm", token = " ", may_file_for = "everyone" }', "this secret is blank"),
        (ENTRY % ("crm", "short"), "this secret is too short"),
        ('{ name = "crm", token = "env:NOT_SET", may_file_for = "everyone" }', "variable NOT_SET"),
        ('{ name = "crm", may_file_for = "everyone" }', "token"),
        (f'{{ name = "crm", token = "{STRONG}" }}', "may_file_for"),
        (f'{{ name = "crm", token = "{STRONG}", may_file_for = [] }}', "may_file_for"),
        (f'{{ name = "crm", token = "{STRONG}", may_file_for = "sales" }}', "'sales' does not say"),
        (f'{{ name = "a b", token = "{STRONG}", may_file_for = "everyone" }}', "'a b' cannot be"),
        (f'{{ name = "crm", tokn = "{STRONG}", may_file_for = "everyone" }}', "tokn"),
        (ENTRY % ("crm", STRONG) + ", " + ENTRY % ("shop", STRONG),
         'the token of "shop" is that of "crm" too'),
        (ENTRY % ("crm", STRONG) + ", " + ENTRY % ("crm", STRONG + "2"),
         'two tokens have the name "crm"'),
    ],
)  # fmt: skip
def test_a_token_of_a_system_that_cannot_be_one_is_named(
    tmp_path: Path, entries: str, complaint: str
) -> None:
    found = "\n".join(findings(written(tmp_path, f"[api]\ntokens = [{entries}]\n")))

    assert complaint in found
    assert "api.tokens" in found
    assert "short" not in found.replace("too short", "")
    assert STRONG not in found


def test_a_token_of_a_system_is_not_shown_and_is_removed_from_logs(tmp_path: Path) -> None:
    config = load_config(written(tmp_path, TOKEN % STRONG))

    assert STRONG not in repr(config)
    assert STRONG in [*secrets_in(config)]


def test_a_token_file_that_everybody_may_read_is_warned_about(tmp_path: Path) -> None:
    (tmp_path / "crm-token").write_text(STRONG)
    (tmp_path / "crm-token").chmod(0o644)
    path = written(tmp_path, TOKEN % "file:crm-token")
    (found,) = config_warnings(load_config(path), path, words=translator("en"))

    assert "crm-token" in str(found)
    assert found.where == "api.tokens[0].token"
