"""The strict servers know no more methods than the product calls."""

import re

import pytest

from tests.fakes.slack.api import METHODS as OF_SLACK
from tests.fakes.telegram.table import METHODS as OF_TELEGRAM
from tests.house.source import python_files, text


def source(platform: str) -> str:
    paths = python_files(f"bot/platforms/{platform}")
    return "\n".join(text(path) or "" for path in paths)


@pytest.mark.parametrize("name", sorted(OF_SLACK))
def test_the_product_calls_every_method_of_slack(name: str) -> None:
    is_called = f'"{name}"' in source("slack")

    assert is_called


@pytest.mark.parametrize("name", sorted(method.name for method in OF_TELEGRAM.values()))
def test_the_product_calls_every_method_of_telegram(name: str) -> None:
    called = re.sub(r"[A-Z]", lambda letter: f"_{letter[0].lower()}", name)

    is_called = re.search(rf"\b({called}|{name})\b", source("telegram")) is not None

    assert is_called
