"""slack manifest: what the app asks the workspace for, made of the processes in force."""

import json
from pathlib import Path

import pytest

from tests.command import closeloop, inside
from tests.fakes.slack import FakeSlack
from tests.fakes.slack.manifest import RESERVED, SCOPES, load
from tests.fakes.threaded import Threaded

PROCESSES = ("complaint", "launch", "process-change", "supplier")


def test_the_manifest_has_every_process_and_is_accepted(deployment: Path) -> None:
    done = inside("slack", "manifest")
    manifest = load(done.json)

    assert done.code == 0
    assert manifest.commands == {
        *("/complaint", "/launch", "/loop", "/process-change", "/supplier"),
    }
    assert manifest.shortcuts == {f"cl:file:{process}": "message" for process in PROCESSES}
    assert manifest.socket_mode
    assert manifest.home_tab
    assert manifest.can_write
    assert manifest.interactive


def test_the_scopes_are_the_least(deployment: Path) -> None:
    from bot.platforms.slack.settings import SCOPES as NEEDED

    found = load(inside("slack", "manifest").json).scopes

    assert found == set(NEEDED)
    assert found <= SCOPES
    assert not {"chat:write.public", "chat:write.customize", "channels:history"} & found


def test_people_read_it_in_both_languages(deployment: Path) -> None:
    (first, *_) = inside("slack", "manifest", "--language", "zh").json["features"]["slash_commands"]
    (other, *_) = inside("slack", "manifest", "--language", "en").json["features"]["slash_commands"]

    assert first["description"] == "客户投诉处理流程 / Customer complaint"
    assert other["description"] == "Customer complaint / 客户投诉处理流程"


def test_a_shortcut_has_the_name_of_its_process_alone_where_more_is_too_long(
    deployment: Path,
) -> None:
    (chinese, *_) = inside("slack", "manifest", "--language", "zh").json["features"]["shortcuts"]
    (english, *_) = inside("slack", "manifest", "--language", "en").json["features"]["shortcuts"]

    assert chinese["name"] == "转为客户投诉处理流程"
    assert chinese["description"] == "转为客户投诉处理流程 / Turn into: Customer complaint"
    assert english["name"] == "Customer complaint"
    assert english["description"] == "Turn into: Customer complaint / 转为客户投诉处理流程"


def test_the_manifest_is_written_to_a_file(deployment: Path) -> None:
    done = inside("slack", "manifest", "-o", "manifest.json")
    written = (deployment / "manifest.json").read_text(encoding="utf-8")

    assert done.code == 0
    assert done.out == ""
    assert load(json.loads(written)).commands == {
        *("/complaint", "/launch", "/loop", "/process-change", "/supplier"),
    }


def test_http_mode_tells_slack_where_to_send_everything(
    deployment: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CLOSELOOP_HTTP__PUBLIC_URL", "https://bot.example.com/")
    body = inside("slack", "manifest", "--mode", "http").json
    place = "https://bot.example.com/slack/events"

    assert not load(body).socket_mode
    assert body["settings"]["event_subscriptions"]["request_url"] == place
    assert body["settings"]["interactivity"]["request_url"] == place
    assert body["settings"]["interactivity"]["message_menu_options_url"] == place
    assert {one["url"] for one in body["features"]["slash_commands"]} == {place}


def test_http_mode_needs_an_address(deployment: Path) -> None:
    done = inside("slack", "manifest", "--mode", "http")

    assert done.code == 2
    assert done.out == ""
    assert "http.public_url" in done.err


def test_a_prefix_stands_before_every_command(
    deployment: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CLOSELOOP_SLACK__COMMAND_PREFIX", "acme-")

    found = load(inside("slack", "manifest").json).commands

    assert found == {
        *("/acme-complaint", "/acme-launch", "/acme-loop", "/acme-process-change"),
        "/acme-supplier",
    }


def test_a_name_that_slack_keeps_is_a_finding_with_its_cure(
    deployment: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    draft = deployment / "processes" / "complaint.toml"
    text = draft.read_text(encoding="utf-8")
    draft.write_text(text.replace('command = "complaint"', 'command = "todo"'), encoding="utf-8")
    assert inside("process", "publish", str(draft)).code == 0

    english = inside("slack", "manifest")
    chinese = inside("slack", "manifest", "--language", "zh")
    monkeypatch.setenv("CLOSELOOP_SLACK__COMMAND_PREFIX", "my-")
    mended = inside("slack", "manifest")

    assert english.code == chinese.code == 1
    assert english.out == ""
    assert "process complaint: /todo is a command of Slack's own" in english.err
    assert "command_prefix" in english.err
    assert "流程 complaint：/todo 是 Slack 自己的命令" in chinese.err
    assert load(mended.json).commands == {
        *("/my-todo", "/my-launch", "/my-loop", "/my-process-change", "/my-supplier"),
    }


def test_a_name_can_be_too_long(deployment: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    draft = deployment / "processes" / "complaint.toml"
    text = draft.read_text(encoding="utf-8")
    long = 'command = "complaint-about-a-delivery"'
    draft.write_text(text.replace('command = "complaint"', long), encoding="utf-8")
    assert inside("process", "publish", str(draft)).code == 0
    assert inside("slack", "manifest").code == 0

    monkeypatch.setenv("CLOSELOOP_SLACK__COMMAND_PREFIX", "my-own-")
    done = inside("slack", "manifest")

    assert done.code == 1
    assert "32 characters" in done.err


def test_every_kept_name_is_known() -> None:
    from bot.platforms.slack.manifest import KEPT_BY_SLACK
    from workflows.lint_fields import SLACK_COMMANDS

    assert RESERVED | SLACK_COMMANDS == KEPT_BY_SLACK


# ------------------------------------------------------------------------------ starting with it


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"BOT_TOKEN": "xoxb-of-another-app"}, "[slack]: bot_token: Slack refuses the bot token"),
        ({"APP_TOKEN": "xoxb-fake-1"}, "[slack]: app_token: Slack refuses the app token"),
    ],
    ids=["bot", "app"],
)
def test_a_refused_token_is_named_and_nothing_runs(
    deployment: Path, wrong: dict[str, str], said: str
) -> None:
    with Threaded(FakeSlack) as slack:
        given = {
            "BOT_TOKEN": slack.fake.bot_token,
            "APP_TOKEN": slack.fake.app_token,
            "API_URL": slack.fake.api_url,
            "ENABLED": "true",
            **wrong,
        }
        settings = {f"CLOSELOOP_SLACK__{name}": value for name, value in given.items()}
        done = closeloop("run", cwd=deployment, CLOSELOOP_HTTP__PORT="0", **settings)

    assert done.code == 2
    assert said in done.err
    assert wrong.popitem()[1] not in done.err


def test_a_scope_that_is_missing_is_named(deployment: Path) -> None:
    with Threaded(FakeSlack) as slack:
        slack.fake.scopes = slack.fake.scopes - {"files:write"}
        done = closeloop(
            "run",
            cwd=deployment,
            CLOSELOOP_HTTP__PORT="0",
            CLOSELOOP_SLACK__ENABLED="true",
            CLOSELOOP_SLACK__BOT_TOKEN=slack.fake.bot_token,
            CLOSELOOP_SLACK__APP_TOKEN=slack.fake.app_token,
            CLOSELOOP_SLACK__API_URL=slack.fake.api_url,
        )

    assert done.code == 2
    assert "the app lacks the scopes files:write" in done.err
    assert "closeloop slack manifest" in done.err
