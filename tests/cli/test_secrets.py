"""Secrets at the command line: who can read them, and which of them protect nothing."""

import re
from pathlib import Path

import pytest

from tests.command import inside
from tests.complaints import filed


def test_only_the_operator_can_read_what_init_writes(pristine: Path) -> None:
    for name in ("config.toml", "people.toml"):
        assert (pristine / name).stat().st_mode & 0o777 == 0o600


def _without_platforms(config: Path) -> str:
    text = config.read_text(encoding="utf-8")
    return re.sub(r"(?ms)^\[(slack|telegram)\].*?(?=^\[|\Z)", "", text)


def test_check_warns_of_what_works_and_is_not_wise(deployment: Path) -> None:
    config = deployment / "config.toml"
    config.chmod(0o644)
    (deployment / "token").write_text("1234567:abcdefghijklmnopqrstuvwxyz")
    (deployment / "token").chmod(0o644)
    text = _without_platforms(config).replace("127.0.0.1", "0.0.0.0")
    slack = '[slack]\nbot_token = "xoxb-1-abcdefghij"\n[telegram]\ntoken = "file:token"\n'
    config.write_text(text + slack, encoding="utf-8")
    told = inside("check", "--json")
    warnings = {one["where"]: one["problem"] for one in told.json["warnings"]}

    assert (told.code, told.json["findings"]) == (0, [])
    assert warnings.keys() == {"slack.bot_token", "telegram.token", "http.host"}
    assert "without encryption" in warnings["http.host"]
    assert "http.host: warning: at 0.0.0.0" in told.err
    assert "xoxb" not in told.err + told.out

    for path in (config, deployment / "token"):
        path.chmod(0o600)
    config.write_text(config.read_text(encoding="utf-8").replace("[http]", "[http]\nproxy = true"))
    assert inside("check", "--json").json["warnings"] == []


def test_only_what_uses_a_secret_needs_it(deployment: Path) -> None:
    config = deployment / "config.toml"
    token = '{ name = "crm", token = "env:NO_SUCH_TOKEN", may_file_for = "everyone" }'
    with config.open("a", encoding="utf-8") as file:
        file.write(f"\n[api]\ntokens = [{token}]\n")

    assert filed().code == 0
    assert inside("case", "list").code == 0
    for command in (("check",), ("run",), ("form", "link", "complaint")):
        done = inside(*command)
        assert done.code != 0
        assert "set NO_SUCH_TOKEN and start again" in done.err


@pytest.mark.parametrize("command", ["check", "run"])
def test_blank_secrets_are_named_all_at_once(deployment: Path, command: str) -> None:
    config = deployment / "config.toml"
    blank = (
        '[slack]\nenabled = true\nbot_token = ""\napp_token = " "\n'
        '[telegram]\nenabled = true\nmode = "webhook"\ntoken = ""\nwebhook_secret = ""\n'
    )
    config.write_text(_without_platforms(config) + blank, encoding="utf-8")
    done = inside(command)

    assert done.code == {"check": 1, "run": 2}[command]
    for key in ("slack.bot_token", "slack.app_token", "telegram.token", "telegram.webhook_secret"):
        assert f"{key}: {key.partition('.')[2]} is missing" in done.err


def test_a_token_that_is_missing_is_1_for_check_2_for_run_and_nothing_to_a_list(
    deployment: Path,
) -> None:
    (deployment / "config.toml").write_text("[slack]\nenabled = true\n")
    said = "slack.bot_token: bot_token is missing"
    checked, ran, listed = inside("check"), inside("run"), inside("case", "list")

    assert (checked.code, ran.code, listed.code) == (1, 2, 0)
    assert said in checked.err
    assert said in ran.err
