"""Refusals of the HTTP API as problem details (RFC 9457), in the language of the request."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from handlers.i18n import LANGUAGES, Translator, translator

MEDIA_TYPE = "application/problem+json"
HEADERS = {"cache-control": "no-store", "x-content-type-options": "nosniff"}
_MOST_LANGUAGES = 20  # that a request names; further ones are ignored

# The title of a problem by its status.
_TITLES = {
    400: "bad_request",
    401: "unauthorized",
    403: "forbidden",
    404: "not_found",
    405: "method",
    409: "conflict",
    413: "too_large",
    415: "media_type",
    422: "invalid",
    429: "too_many",
    500: "broken",
    503: "unavailable",
}


class Problem(Exception):
    """A request that is refused.

    Args:
        status: the HTTP status.
        code: what is wrong, in the `type` of the problem.
        detail: the text; the text `api.<code>` of the catalogue with the `facts` if it is empty.
        errors: the text of each problem by field.
        headers: further headers of the response.
    """

    def __init__(
        self,
        status: int,
        code: str,
        *,
        detail: str = "",
        errors: Iterable[tuple[str, str]] = (),
        headers: Mapping[str, str] | None = None,
        **facts: object,
    ) -> None:
        super().__init__(status, code)
        self.status = status
        self.code = code
        self.detail = detail
        self.errors = tuple(errors)
        self.headers = dict(headers or {})
        self.facts = facts

    def response(self, words: Translator) -> Response:
        """Return the response in a language."""
        body: dict[str, object] = {
            "type": f"urn:closeloop:{self.code}",
            "title": words.t(f"api.title.{_TITLES.get(self.status, 'refused')}"),
            "status": self.status,
            "detail": self.detail or words.t(f"api.{self.code}", **self.facts),
        }
        if self.errors:
            body["errors"] = [{"field": name, "message": text} for name, text in self.errors]
        headers = {**HEADERS, "content-language": words.language, **self.headers}
        return JSONResponse(body, status_code=self.status, headers=headers, media_type=MEDIA_TYPE)


def wait(code: str, *, seconds: float, status: int = 429, most: int = 0) -> Problem:
    """Return a problem that a repetition after some seconds solves."""
    whole = max(1, math.ceil(seconds))
    headers = {"retry-after": str(whole)}
    return Problem(status, code, headers=headers, seconds=whole, most=most)


def words_for(request: Request, *, default: str) -> Translator:
    """Return the texts in the language that a request prefers (Accept-Language)."""
    preferred = sorted(_preferences(request), key=lambda one: -one[1])
    return translator(next((name for name, _ in preferred), default))


def _preferences(request: Request) -> Iterable[tuple[str, float]]:
    for part in request.headers.get("accept-language", "").split(",")[:_MOST_LANGUAGES]:
        tag, _, rest = part.strip().partition(";")
        language = tag.strip()[:2].lower()
        quality = rest.strip().removeprefix("q=").strip()
        try:
            weight = float(quality) if quality else 1.0
        except ValueError:
            continue
        if language in LANGUAGES and weight > 0:
            yield language, weight
