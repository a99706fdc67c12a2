"""The playground's page over a fake desk, and what its requests look like."""

from typing import Any

from starlette.applications import Starlette

from bot.platforms.playground.web import playground_app
from handlers.i18n import translator
from tests.fakes.playground_desk import FakeDesk

BASE = "http://127.0.0.1:8123"
MARKED = {"x-closeloop": "1", "origin": BASE}


def words(language: str) -> dict[str, str]:
    """All texts of a language."""
    return dict(translator(language).texts(""))


def page_of(desk: FakeDesk, **more: Any) -> Starlette:
    """The application that serves this desk."""
    return playground_app(desk, texts=words, **more)


def intent(**body: Any) -> dict[str, Any]:
    return {"person": "wang.fang", "key": "k1", "language": "en", **body}
