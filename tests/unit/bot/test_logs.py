"""One record, one line; no secret, no trick; Chinese as it is."""

import io
import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from bot.logs import Redactor, set_up_logs

SECRET = 'correct horse "battery" staple'
SLACK = "xoxb-12345678901-abcdefghijklmnop"
TELEGRAM = "123456789:AAF3dkfjsldkfjsldkfjsldkfjslkdjf"


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level, before = list(root.handlers), root.level, structlog.get_config()
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.configure(**before)


@pytest.fixture
def lines() -> io.StringIO:
    stream = io.StringIO()
    set_up_logs(secrets=[SECRET, "short"], stream=stream)
    return stream


def test_a_record_is_one_line_of_json_with_chinese_as_it_is(lines: io.StringIO) -> None:
    structlog.stdlib.get_logger("here").info("投诉", case="C-2026-0001", people=("王芳",), n=3)

    [line] = lines.getvalue().splitlines()
    record = json.loads(line)
    assert "王芳" in line
    assert record["event"] == "投诉"
    assert record["people"] == ["王芳"]
    assert record["n"] == 3
    assert (record["level"], record["logger"]) == ("info", "here")
    assert record["timestamp"].endswith("Z")


@pytest.mark.parametrize("bad", ["\n", "\r", "\x1b[31m", "\x00", "\x85", "\u2028", "\u202e"])
def test_nothing_in_a_record_can_start_a_line_or_steer_a_terminal(
    lines: io.StringIO, bad: str
) -> None:
    structlog.stdlib.get_logger("here").info(f"a{bad}level=ERROR", who={"name": f"x{bad}"})
    logging.getLogger("library").warning("a%slevel=ERROR", bad)

    written = lines.getvalue()
    assert len(written.split("\n")) == 3
    assert bad == "\n" or bad not in written
    assert all(bad not in json.loads(line)["event"] for line in written.split("\n") if line)


def test_secrets_of_the_configuration_are_struck_out_wherever_they_stand(
    lines: io.StringIO,
) -> None:
    """S1: also as JSON spells them, in tracebacks, and in records of libraries."""
    log = structlog.stdlib.get_logger("here")
    log.info(SECRET, nested={"deep": [SECRET]}, other=SECRET.encode())
    try:
        raise RuntimeError(SECRET)
    except RuntimeError:
        log.exception("failed")
        logging.getLogger("library").exception("failed with %s", SECRET)

    assert "battery" not in lines.getvalue()
    assert lines.getvalue().count("[secret]") >= 5


@pytest.mark.parametrize(
    ("text", "left"),
    [
        (f"token {SLACK}", "token [secret]"),
        (
            f"https://api.telegram.org/bot{TELEGRAM}/getMe",
            "https://api.telegram.org/bot[secret]/getMe",
        ),
        ("postgresql://bot:pa55@db/x", "postgresql://[secret]@db/x"),
        ("Authorization: Bearer abcdef123456", "Authorization: Bearer [secret]"),
        ("2026-11-22T11:36:49 C-2026-0001", "2026-11-22T11:36:49 C-2026-0001"),
        ("http://127.0.0.1:8765/", "http://127.0.0.1:8765/"),
    ],
)
def test_what_looks_like_a_secret_is_struck_out_and_nothing_else(text: str, left: str) -> None:
    assert Redactor()(text) == left


def test_the_log_of_a_library_about_its_url_is_clean(lines: io.StringIO) -> None:
    """httpx logs Telegram's URLs, the token in them."""
    logging.getLogger("telegram.request").warning("POST https://api.telegram.org/bot%s/x", TELEGRAM)

    assert "AAF3" not in lines.getvalue()


def test_a_traceback_is_in_its_record(lines: io.StringIO) -> None:
    try:
        raise KeyError("缺")
    except KeyError as error:
        structlog.stdlib.get_logger("here").error("alarm", alarm="broken", exc_info=error)

    [line] = lines.getvalue().splitlines()
    assert "KeyError: '缺'" in json.loads(line)["exception"]


def test_noise_of_libraries_is_left_out(lines: io.StringIO) -> None:
    logging.getLogger("apscheduler.scheduler").info("Added job")
    logging.getLogger("uvicorn.error").info("Started server process")

    assert lines.getvalue() == ""


def test_a_person_at_a_terminal_reads_plain_lines() -> None:
    stream = Terminal()
    set_up_logs(secrets=[SECRET], stream=stream)
    structlog.stdlib.get_logger("here").warning("投诉\n来了", why=SECRET, bad="\x1b]0;owned\x07")

    [line] = stream.getvalue().splitlines()
    assert "投诉\\u000a来了" in line
    assert "battery" not in line
    assert "\x1b]" not in line


def test_what_anybody_can_make_a_library_say_is_logged_once_a_minute(lines: io.StringIO) -> None:
    log = logging.getLogger("uvicorn.error")
    for _ in range(100):
        log.warning("Invalid HTTP request received.")
        logging.getLogger("asyncio").error("socket.accept() out of system resource\nsocket: …")
        log.error("Exception in ASGI application")
    told = [json.loads(line)["event"] for line in lines.getvalue().splitlines()]

    assert told.count("Invalid HTTP request received.") == 1
    assert sum("out of system resource" in one for one in told) == 1
    assert told.count("Exception in ASGI application") == 100
