"""What concerns the app itself: its tokens and its connections."""

from tests.fakes.slack.api import Call, api
from tests.fakes.slack.block_shapes import Json
from tests.fakes.slack.world import BOT, BOT_USER, TEAM


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
