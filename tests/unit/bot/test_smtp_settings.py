"""What is wrong with the settings of the mail server is said with the key and what to do."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.app.run import secrets_in
from bot.config import load_config
from bot.config_warnings import config_warnings
from handlers.i18n import translator
from workflows.errors import ConfigError

GOOD = """
[smtp]
host = "smtp.example.com"
user = "service@example.com"
password = "a-password-of-the-mail-server"
sender = "service@example.com"
sender_name = "远方客服"
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "config.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_server_needs_a_host_a_sender_and_perhaps_a_login(tmp_path: Path) -> None:
    config = load_config(written(tmp_path, GOOD))

    assert (config.smtp.way, config.smtp.usual_port) == ("send", 587)
    assert config.smtp.name_in("en") == config.smtp.name_in("zh") == "远方客服"
    assert "a-password-of-the-mail-server" in [*secrets_in(config)]


def test_without_a_host_no_mails_are_sent(tmp_path: Path) -> None:
    assert load_config(written(tmp_path, "")).smtp.way == "off"


@pytest.mark.parametrize(("security", "port"), [("tls", 465), ("none", 25)])
def test_the_port_follows_from_the_encryption(tmp_path: Path, security: str, port: int) -> None:
    text = GOOD.replace("smtp.example.com", "127.0.0.1") + f'security = "{security}"\n'

    assert load_config(written(tmp_path, text)).smtp.usual_port == port


def test_a_server_in_ones_own_network_may_do_without_encryption(tmp_path: Path) -> None:
    text = GOOD + 'security = "none"\nallow_unencrypted = true\n'

    assert load_config(written(tmp_path, text)).smtp.security == "none"


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ('sender = "service', 'sendr = "service', "smtp.sendr"),
        ('sender = "service@example.com"\n', "", "smtp.sender: whom are the mails from?"),
        ('sender = "service@example.com"', 'sender = "us"', "this is not an e-mail address"),
        ("远方客服", "远\\n方", "cannot be printed"),
        ('password = "a-password-of-the-mail-server"\n', "", "smtp.password: there is a user"),
        ("[smtp]\n", '[smtp]\nsecurity = "none"\n', "would go to smtp.example.com unencrypted"),
        ("[smtp]\n", '[smtp]\nsecurity = "ssl"\n', "smtp.security"),
        ("[smtp]\n", '[smtp]\nca_file = "no.pem"\n', "smtp.ca_file: there is no file"),
        ("[smtp]\n", '[smtp]\nreply_to = "a, b"\n', "smtp.reply_to: this is not an e-mail"),
        ("[smtp]\n", "[smtp]\nmails_a_minute = 0\n", "smtp.mails_a_minute"),
        ("smtp.example.com", "smtp example", "smtp.host"),
    ],
)
def test_what_is_wrong_is_a_finding(tmp_path: Path, old: str, new: str, found: str) -> None:
    assert old in GOOD
    with pytest.raises(ConfigError) as error:
        load_config(written(tmp_path, GOOD.replace(old, new)), words=translator("en"))

    said = "\n".join(map(str, error.value.findings))
    assert found in said
    assert "a-password" not in said


def test_mails_without_a_server_are_a_warning(tmp_path: Path) -> None:
    file = written(tmp_path, "")
    words = translator("en")
    (found,) = config_warnings(load_config(file), file, words=words, mailing=["complaint"])

    assert "the mails of complaint are not sent" in str(found)
    assert config_warnings(load_config(file), file, words=words) == []


def test_a_command_that_sends_nothing_needs_no_password(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SMTP_PASSWORD", raising=False)
    text = GOOD.replace("a-password-of-the-mail-server", "env:SMTP_PASSWORD")

    assert load_config(written(tmp_path, text), without_secrets=True).smtp.way == "send"
    with pytest.raises(ConfigError, match="SMTP_PASSWORD"):
        load_config(written(tmp_path, text))


def test_no_warning_where_there_is_a_server(tmp_path: Path) -> None:
    file = written(tmp_path, GOOD)
    file.chmod(0o600)
    words = translator("en")

    assert config_warnings(load_config(file), file, words=words, mailing=["complaint"]) == []
