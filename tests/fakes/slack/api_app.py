"""What concerns the app itself: its tokens, its connections, and the check of its blocks."""

from typing import Any

from tests.fakes.slack.api import Call, SlackError, api
from tests.fakes.slack.block_kit import check_blocks, check_message, check_view
from tests.fakes.slack.block_shapes import Json, Problem
from tests.fakes.slack.world import APP, BOT, BOT_USER, TEAM

TOKEN_SECONDS = 43_200


@api("auth.test", rate=600)
def auth_test(call: Call) -> Json:
    who = {
        "url": "https://closeloop.slack.example/",
        "team": "Closeloop",
        "team_id": TEAM,
        "is_enterprise_install": False,
    }
    return {**who, "user": "closeloop", "user_id": BOT_USER, "bot_id": BOT}


@api("apps.connections.open", scope="connections:write", rate=20, token="app")
def connections_open(call: Call) -> Json:
    """Slack's tier allows fewer, and bursts; a process opens two connections and one for proof."""
    return {"url": call.fake.sockets.new_ticket()}


@api(
    "oauth.v2.access",
    "client_id client_secret code redirect_uri grant_type refresh_token",
    token="none",
)
def access(call: Call) -> Json:
    fake = call.fake
    if (call.text("client_id"), call.text("client_secret")) != fake.client:
        raise SlackError("bad_client_secret")
    if call.text("grant_type") == "refresh_token":
        if call.text("refresh_token") not in fake.refresh_tokens:
            raise SlackError("invalid_refresh_token")
        fake.refresh_tokens.discard(call.text("refresh_token"))
    elif call.text("code") in fake.codes:
        fake.codes.discard(call.text("code"))
    else:
        raise SlackError("invalid_code")
    token, refresh = fake.new_token()
    return {
        "access_token": token,
        "refresh_token": refresh,
        "expires_in": TOKEN_SECONDS,
        "token_type": "bot",
        "scope": ",".join(sorted(fake.scopes)),
        "bot_user_id": BOT_USER,
        "app_id": APP,
        "team": {"id": TEAM, "name": "Closeloop"},
        "enterprise": None,
        "is_enterprise_install": False,
        "authed_user": {"id": "U0INSTALLER"},
    }


@api("blocks.validate", "blocks view message", token="none")
def validate(call: Call) -> Json:
    given = [name for name in ("blocks", "view", "message") if name in call.args]
    if len(given) != 1:
        raise SlackError("invalid_arguments", ["[ERROR] one of blocks, view and message"])
    value = call.structure(given[0], "invalid_arguments")
    problems = _problems(given[0], value)
    if problems:
        raise SlackError("invalid_blocks", errors=[problem.as_json() for problem in problems])
    return {}


def _problems(name: str, value: Any) -> list[Problem]:
    if name == "blocks":
        return check_blocks(value, "message")
    if not isinstance(value, dict):
        return [Problem("invalid_type", "must provide an object", f"/{name}")]
    if name == "message":
        return check_message(value)
    return check_view(value, kind="home" if value.get("type") == "home" else "modal")
