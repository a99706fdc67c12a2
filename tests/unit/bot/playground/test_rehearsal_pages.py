"""Rehearsals over HTTP: beginning, looking on, stopping, and what is refused."""

import time
from typing import Any

import pytest
from starlette.testclient import TestClient

from tests.fakes.playground_page import MARKED, words
from tests.fakes.playground_rehearsals import broken

BY = 20.0  # seconds until everything must be over


def begin(client: TestClient, process: str, language: str = "en") -> Any:
    return client.post(
        f"/api/rehearsal?language={language}", json={"process": process}, headers=MARKED
    )


def ended(client: TestClient, **query: str) -> dict[str, Any]:
    """The rehearsal, when it is over."""
    until = time.monotonic() + BY
    while time.monotonic() < until:
        seen = client.get("/api/rehearsal", params={"language": "en", **query}).json()["rehearsal"]
        if not seen["going_on"]:
            return dict(seen)
        time.sleep(0.02)
    raise AssertionError("the rehearsal does not end")


def test_before_the_first_rehearsal_there_is_none(client):
    assert client.get("/api/rehearsal?language=en").json() == {"rehearsal": None}


def test_a_rehearsal_is_begun_and_can_be_looked_on_at(client):
    answer = begin(client, "sample")

    assert answer.status_code == 200
    assert answer.json()["begun"]
    assert answer.json()["rehearsal"]["going_on"]
    seen = ended(client)
    assert (seen["stage"], seen["run"], seen["process"]) == ("done", 1, "sample")
    assert seen["verdict"] == {
        "tone": "danger",
        "text": "5 findings.",
        "detail": "15 of 19 things that can happen were seen",
    }


def test_a_second_start_shows_the_one_that_is_running(client):
    begin(client, "complaint")
    second = begin(client, "sample").json()

    assert not second["begun"]
    assert (second["rehearsal"]["run"], second["rehearsal"]["process"]) == (1, "complaint")
    client.post("/api/rehearsal/stop", json={}, headers=MARKED)


def test_others_are_answered_while_a_rehearsal_is_played(client):
    begin(client, "complaint")
    answers = [client.get("/api/world?language=en").status_code for _ in range(5)]

    assert answers == [200] * 5
    assert client.get("/api/rehearsal").json()["rehearsal"]["going_on"]
    client.post("/api/rehearsal/stop", json={}, headers=MARKED)


def test_a_rehearsal_can_be_stopped_and_begun_again(client):
    begin(client, "complaint")
    stopped = client.post("/api/rehearsal/stop?language=en", json={}, headers=MARKED).json()
    again = begin(client, "sample").json()

    assert stopped["rehearsal"]["stage"] == "stopped"
    assert stopped["rehearsal"]["verdict"]["tone"] == "warn"
    assert (again["begun"], again["rehearsal"]["run"]) == (True, 2)
    assert ended(client)["stage"] == "done"


def test_one_part_is_looked_at(client):
    begin(client, "sample")
    part = ended(client, part="notify")["part"]

    assert part["name"] == "Tell finance"
    assert {one["state"] for one in part["items"]} == {"missed"}
    assert ended(client, part="nothing")["part"] is None


@pytest.mark.parametrize(
    ("body", "status"), [({}, 422), ({"process": 3}, 422), ({"process": "nothing"}, 404)]
)
def test_what_cannot_be_rehearsed_is_refused(client, body, status):
    answer = client.post("/api/rehearsal?language=en", json=body, headers=MARKED)

    assert answer.status_code == status
    assert answer.json()["problem"] not in {"", words("en")["ui.problem.broken"]}
    assert client.get("/api/rehearsal").json() == {"rehearsal": None}


def test_a_draft_is_rehearsed_under_its_own_name(client):
    body = {"draft": broken().text, "file": "../secret/draft.toml"}
    answer = client.post("/api/rehearsal?language=en", json=body, headers=MARKED).json()
    seen = ended(client)

    assert (answer["begun"], answer["flaws"]) == (True, [])
    assert (seen["draft"], seen["file"], seen["stage"]) == (True, "draft.toml", "done")
    assert seen["findings"][0]["place"].startswith("draft.toml:")


@pytest.mark.parametrize("draft", ["", "key = ", "key = 3"])
def test_a_draft_that_is_none_is_told_what_to_mend(client, draft):
    body = {"draft": draft, "file": "draft.toml"}
    answer = client.post("/api/rehearsal?language=en", json=body, headers=MARKED).json()

    assert (answer["begun"], answer["rehearsal"]) == (False, None)
    assert answer["flaws"][0]["place"].startswith("draft.toml")
