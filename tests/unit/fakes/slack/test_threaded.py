"""The fake lives in a thread of its own when a test has no loop."""

import json
import urllib.request

from tests.fakes.slack import FakeSlack
from tests.fakes.threaded import Threaded


def test_a_program_elsewhere_can_reach_it_and_a_test_without_a_loop_can_drive_it() -> None:
    with Threaded(FakeSlack) as slack:
        ana = slack.do(lambda: slack.fake.person("Ana"))
        body = json.dumps({"channel": ana.id, "text": "Hello"}).encode()
        told = {
            "Authorization": f"Bearer {slack.fake.bot_token}",
            "Content-Type": "application/json",
        }
        url = f"{slack.fake.api_url}chat.postMessage"
        request = urllib.request.Request(url, body, told)

        with urllib.request.urlopen(request) as answer:
            assert json.load(answer)["ok"]

        seen = slack.run(ana.waits_for("Hello"))
        assert seen.channel == ana.dm.id
