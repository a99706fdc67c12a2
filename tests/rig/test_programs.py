"""`closeloop run` and `closeloop playground` as processes: starting, refusing, stopping."""

import json
import signal
import socket
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.app.playground import PORT
from tests.rig.programs import Program, closeloop, done, get


@pytest.fixture(scope="module")
def deployment(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("deployment")
    made = done("init", str(folder), folder=folder)
    assert made.returncode == 0, made.stderr
    return folder


@pytest.fixture
def playground(tmp_path: Path) -> Iterator[tuple[Program, str]]:
    with closeloop(
        "playground", "--port", "0", "--data", "data", "--no-browser", folder=tmp_path
    ) as program:
        url = program.line()
        assert url, program.said()
        yield program, url


def _free_port() -> int:
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        port: int = asked.getsockname()[1]
        return port


# ---------------------------------------------------------------------------- the playground


def test_a_playground_says_one_line_and_serves_its_page(playground: tuple[Program, str]) -> None:
    program, url = playground

    assert url.startswith("http://127.0.0.1:")
    assert get(url)[0] == 200
    world = json.loads(get(f"{url}api/world?language=en")[1])
    assert len(world["people"]) > 10
    assert {command["text"] for command in world["commands"]} >= {"/complaint", "/tasks"}
    assert program.stop() == 0
    assert program.rest() == ""
    assert program.said() == ""


def test_a_playground_that_stops_ends_the_streams_that_pages_listen_to(
    playground: tuple[Program, str],
) -> None:
    """R13: an open page must not keep it alive."""
    program, url = playground
    stream = urllib.request.urlopen(f"{url}api/changes?after=1", timeout=30)
    assert stream.readline().startswith(b"id: ")

    assert program.stop(signal.SIGINT) == 0
    stream.read()
    stream.close()


def test_a_second_playground_on_the_same_data_is_refused(
    playground: tuple[Program, str], tmp_path: Path
) -> None:
    second = done("playground", "--data", "data", "--no-browser", "--port", "0", folder=tmp_path)

    assert second.returncode == 2
    assert second.stdout == ""
    assert str(playground[0].process.pid) in second.stderr


def test_a_playground_starts_again_where_it_was(tmp_path: Path) -> None:
    seen = []
    for _ in range(2):
        with closeloop(
            "playground", "--port", "0", "--data", "data", "--no-browser", folder=tmp_path
        ) as program:
            world = json.loads(get(f"{program.line()}api/world")[1])
            seen.append([person["key"] for person in world["people"]])
            assert program.stop() == 0

    assert seen[0] == seen[1]


def test_the_usual_port_may_be_taken_but_not_the_one_that_was_asked_for(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            taken.bind(("127.0.0.1", PORT))
        except OSError:
            pass  # somebody else has it: as good
        else:
            taken.listen()
        with closeloop("playground", "--data", "data", "--no-browser", folder=tmp_path) as program:
            url = program.line()
            assert url
            assert not url.endswith(f":{PORT}/")
            assert program.stop() == 0

        asked = ("playground", "--data", "data", "--no-browser", "--port", str(PORT))
        refused = done(*asked, folder=tmp_path)
        assert refused.returncode == 2
        assert str(PORT) in refused.stderr


# ---------------------------------------------------------------------------- the bot


def test_a_bot_without_a_platform_says_so_serves_its_status_and_stops(deployment: Path) -> None:
    port = _free_port()
    url = f"http://127.0.0.1:{port}/"
    with closeloop("run", folder=deployment, CLOSELOOP_HTTP__PORT=str(port)) as program:
        program.says("started")

        assert get(f"{url}healthz") == (200, "ok\n")
        status, body = get(f"{url}readyz")
        assert set(json.loads(body)) == {"ready", "checks", "held"}
        assert status in {200, 503}
        assert "closeloop_decisions_total 0.0" in get(f"{url}metrics")[1]

        second = done("run", folder=deployment, CLOSELOOP_HTTP__PORT=str(_free_port()))
        assert second.returncode == 2
        assert str(program.process.pid) in second.stderr

        assert program.stop() == 0
        assert program.rest() == ""
        events = [record["event"] for record in program.records()]
        assert events[0] == "started"
        assert events[-1] == "stopped"
        assert "no_platform_enabled" in events


def test_a_bot_whose_address_is_taken_does_not_start(deployment: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        refused = done("run", folder=deployment, CLOSELOOP_HTTP__PORT=str(port))

    assert refused.returncode == 2
    assert str(port) in refused.stderr


def test_a_playground_never_opens_a_deployment_nor_a_deployment_a_playground(
    deployment: Path, tmp_path: Path
) -> None:
    """F44."""
    data = tmp_path / "data"
    data.mkdir()
    (data / "playground.db").write_bytes((deployment / "closeloop.db").read_bytes())
    play = ("playground", "--data", "data", "--no-browser", "--port", "0")
    refused = done(*play, folder=tmp_path)
    assert refused.returncode == 2
    assert "deployment" in refused.stderr

    (data / "playground.db").unlink()
    with closeloop(*play, folder=tmp_path) as program:
        assert program.line()
        assert program.stop() == 0
    url = f"sqlite:///{data / 'playground.db'}"
    refused = done(
        "run",
        folder=deployment,
        CLOSELOOP_STORAGE__URL=url,
        CLOSELOOP_HTTP__PORT=str(_free_port()),
    )
    assert refused.returncode == 2
    assert "playground" in refused.stderr


def test_platforms_that_never_answer_hold_no_stop_up(deployment: Path) -> None:
    """SIGTERM while it starts: within ten seconds, although a call may take longer."""
    port = _free_port()
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        with closeloop(
            "run",
            folder=deployment,
            CLOSELOOP_HTTP__PORT=str(port),
            CLOSELOOP_SLACK__ENABLED="true",
            CLOSELOOP_SLACK__BOT_TOKEN="xoxb-1-abcdefghij",
            CLOSELOOP_SLACK__APP_TOKEN="xapp-1-abcdefghij",
            CLOSELOOP_SLACK__API_URL=f"{url}/api/",
            CLOSELOOP_TELEGRAM__ENABLED="true",
            CLOSELOOP_TELEGRAM__TOKEN="1234567:abcdefghijklmnopqrstuvwxyz",
            CLOSELOOP_TELEGRAM__API_URL=url,
        ) as program:
            silent.settimeout(60)
            asking, _ = silent.accept()  # it waits for an answer now
            assert program.stop() == 0
            asking.close()
        events = [one.get("event") for one in program.records()]

    assert events[-2:] == ["stopping", "stopped"]
    assert not [one for one in program.records() if one["level"] == "error"]
