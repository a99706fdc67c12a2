"""The frame of the pages that the server makes: head, company, language, and the strict headers.

The pages need no script, and nothing of another host.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from importlib.resources import files as resources
from urllib.parse import urlencode

from starlette.responses import HTMLResponse, Response

from bot.web.markup import Html, Inside, join, tag
from handlers.i18n import LANGUAGES, Translator, translator

STYLE = resources("bot.web").joinpath("form.css").read_bytes()
HEADERS: Mapping[str, str] = {
    "cache-control": "no-store",
    "content-security-policy": (
        "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'self'; "
        "frame-ancestors 'none'"
    ),
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=(), payment=()",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "x-robots-tag": "noindex, nofollow",
}
LOCALES = {"zh": "zh-CN", "en": "en"}


def tag_of(style: bytes) -> str:
    """Return what the address of a style sheet ends with, so that it changes with the content."""
    return hashlib.sha256(style).hexdigest()[:16]


STYLE_TAG = tag_of(STYLE)


def styled(style: bytes) -> Response:
    """Answer with a style sheet, whose address changes with its content."""
    headers = {"cache-control": "public, max-age=31536000", "x-content-type-options": "nosniff"}
    return Response(style, media_type="text/css", headers=headers)


def frame(
    title: str,
    body: Inside,
    *,
    words: Translator,
    company: str,
    style: str,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
    query: Mapping[str, str] | None = None,
    top: Inside = None,
    head: Inside = None,
) -> Response:
    """Return a page.

    Args:
        style: the address of the style sheet.
        query: the parameters of the page that are kept when the language is switched.
        top: what follows the company's name.
        head: further elements of the head.
    """
    language = words.language
    switches = [
        tag(
            "a",
            translator(one).t("web_form.language"),
            href=f"?{urlencode({**(query or {}), 'lang': one})}",
            lang=LOCALES[one],
            hreflang=LOCALES[one],
        )
        for one in LANGUAGES
        if one != language
    ]
    meta = tag(
        "head",
        tag("meta", charset="utf-8"),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("title", f"{title} · {company}" if company else title),
        tag("link", rel="stylesheet", href=style),
        head,
    )
    above = tag("header", tag("p", company, class_="company"), top, tag("nav", switches))
    content = tag("body", above, tag("main", body, id="main"))
    page = join([Html("<!doctype html>"), tag("html", meta, content, lang=LOCALES[language])])
    told = {**HEADERS, "content-language": LOCALES[language], **(headers or {})}
    return HTMLResponse(str(page), status_code=status, headers=told)
