"""The start: tokens and scopes are proved; what cannot be reached is tried again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.adapters.slack.workspace import Workspace, started, workspace
from tests.fakes.slack import sample
from workflows.errors import ConfigError


async def test_it_connects_twice_and_says_so(place: Workspace) -> None:
    assert place.platform.connected()
    assert len(place.slack.sockets.live) == 2
    assert len(place.slack.calls("apps.connections.open")) == 2
    place.slack.assert_clean()


@pytest.mark.parametrize(
    ("token", "said"),
    [
        ({"bot_token": "xoxb-wrong"}, "bot_token"),
        ({"app_token": "xapp-wrong"}, "app_token"),
        ({"app_token": "xoxb-fake-1"}, "app_token"),
        ({"bot_token": "xapp-1-fake"}, "bot_token"),
    ],
)
async def test_a_wrong_token_is_named(tmp_path: Path, token: dict[str, Any], said: str) -> None:
    async with workspace(tmp_path, start=False, **token) as place:
        with pytest.raises(ConfigError) as refused:
            await place.platform.start()
        assert [one.where for one in refused.value.findings] == [said]
        assert refused.value.findings[0].hint
        assert not place.platform.connected()


@pytest.mark.parametrize("error", ["token_revoked", "account_inactive"])
async def test_a_revoked_token_is_named(tmp_path: Path, error: str) -> None:
    async with workspace(tmp_path, mode="http", start=False) as place:
        place.slack.bad_tokens[place.slack.bot_token] = error
        with pytest.raises(ConfigError, match=error):
            await place.platform.start()


async def test_missing_scopes_are_named(tmp_path: Path) -> None:
    manifest = sample()
    scopes = manifest["oauth_config"]["scopes"]["bot"]
    for gone in ("files:read", "users:read.email"):
        scopes.remove(gone)
    async with workspace(tmp_path, start=False, manifest=manifest) as place:
        with pytest.raises(ConfigError, match=r"files:read, users:read\.email"):
            await place.platform.start()


@pytest.mark.parametrize("mode", ["socket", "http"])
async def test_while_slack_is_away_it_is_tried_again(tmp_path: Path, mode: str) -> None:
    async with workspace(tmp_path, mode=mode, start=False) as place:
        place.slack.faults.fail("auth.test", times=2)
        place.slack.faults.abort("auth.test")
        if mode == "http":
            await place.platform.start()
        else:
            await started(place)
        await place.slack.called("auth.test", 4)
        await place.slack.changes.until(place.platform.connected)
        assert place.pauses[:3] == [1.0, 2.0, 4.0]


async def test_without_slack_it_starts_and_is_not_connected(tmp_path: Path) -> None:
    async with workspace(tmp_path, start=False, api_url="http://127.0.0.1:9/api") as place:
        await place.platform.start()
        assert not place.platform.connected()
