"""The pages about Slack and Telegram give the permissions, limits and log records of the code."""

import re
from pathlib import Path

import pytest

from bot.platforms.slack import blocks, manifest, modals
from bot.platforms.slack import pace as slack_pace
from bot.platforms.slack.settings import SCOPES
from bot.platforms.slack.times import USUAL
from bot.platforms.telegram import html, outage
from bot.platforms.telegram import pace as telegram_pace
from handlers.answers import TEXT_MOST
from handlers.pages import FILE_MOST
from tests.house import source

DOCS = {"en": source.ROOT / "docs", "zh": source.ROOT / "docs" / "zh"}
MEGABYTE = 1024 * 1024
POST, UPDATE, HOME = (
    slack_pace.RATES[method] for method in ("chat.postMessage", "chat.update", "views.publish")
)
# The numbers of each row of the table of limits, in order.
SLACK = [
    [FILE_MOST // MEGABYTE, modals.MOST_CARRIED],
    [blocks.MESSAGE],
    [modals.STEP],
    [TEXT_MOST],
    [*POST],
    [*UPDATE],
    [*HOME],
    [3, USUAL.answer_within],
    [manifest.COMMANDS, manifest.COMMAND],
]
TELEGRAM = [
    [FILE_MOST // MEGABYTE],
    [50],  # of Telegram itself
    [html.MOST],
    [telegram_pace.GROUP_MOST, telegram_pace.ALL_MOST],
    [],
    [outage.SILENCE_S],
]
LIMITS = {"slack": SLACK, "telegram": TELEGRAM}
LOGGED = re.compile(r"(?:log|日志) `([a-z_]+)`(?:(?: or |、| 或 )`([a-z_]+)`)?")


def page(language: str, platform: str) -> Path:
    return DOCS[language] / "reference" / f"{platform}.md"


def rows(text: str, head: str) -> list[list[str]]:
    table = text.partition(f"\n{head}\n")[2].partition("\n\n")[0].splitlines()[1:]
    return [[cell.strip() for cell in row.strip("|").split("|")] for row in table]


@pytest.mark.parametrize("language", DOCS)
def test_every_scope_of_the_slack_app_is_explained(language: str) -> None:
    head = {"en": "| scope | for |", "zh": "| 权限 | 用途 |"}[language]
    found = rows(page(language, "slack").read_text(encoding="utf-8"), head)
    named = {scope for cell, _ in found for scope in re.findall(r"`([^`]+)`", cell)}

    assert named == {*SCOPES, "connections:write"}


@pytest.mark.parametrize("language", DOCS)
@pytest.mark.parametrize("platform", LIMITS)
def test_the_limits_are_those_of_the_code(platform: str, language: str) -> None:
    head = {"en": "| what | limit |", "zh": "| 项目 | 限制 |"}[language]
    found = rows(page(language, platform).read_text(encoding="utf-8"), head)
    numbers = [
        [float(number.replace(",", "")) for number in re.findall(r"\d[\d,.]*\d|\d", limit)]
        for _, limit in found
    ]

    assert numbers == LIMITS[platform]


@pytest.mark.parametrize("language", DOCS)
@pytest.mark.parametrize("platform", LIMITS)
def test_every_log_record_that_is_named_is_written(platform: str, language: str) -> None:
    text = page(language, platform).read_text(encoding="utf-8")
    code = "".join(source.text(path) or "" for path in source.python_files("bot"))
    named = {name for found in LOGGED.findall(text) for name in found if name}

    assert named
    assert [name for name in sorted(named) if f'"{name}"' not in code] == []
