"""Reads what the requests of the dashboard ask for, and writes and reads its cookies."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

from starlette.requests import Request
from starlette.responses import Response

from bot.web.dashboard_pages import ENDED
from handlers.case_lists import PAGES_MOST, State, View, Wanted
from handlers.dashboard.login import DASHBOARD, LINK_LASTS, LOGIN, SESSION_LASTS
from workflows.moments import SECOND

SESSION = "closeloop_dashboard"
ONCE = "closeloop_login"
BODY_MOST = 4096  # bytes of a form that logs in or out
_TEXT_MOST = 200


@dataclass(frozen=True, slots=True)
class Cookies:
    """Sets and clears the cookies of the dashboard under a public address."""

    public_url: str

    @property
    def _secure(self) -> bool:
        return urlsplit(self.public_url).scheme == "https"

    @property
    def _path(self) -> str:
        return f"{urlsplit(self.public_url).path.rstrip('/')}/{DASHBOARD}"

    def begin(self, response: Response, session: str) -> None:
        """Keep the secret of a session for as long as the session lasts."""
        self._set(response, SESSION, session, seconds=SESSION_LASTS // SECOND)
        self._clear(response, ONCE, f"{self._path}/{LOGIN}")

    def end(self, response: Response) -> None:
        """Forget the session."""
        self._clear(response, SESSION, self._path)

    def mark(self, response: Response, once: str) -> None:
        """Remember which page with a button was shown, so that no other site can press it."""
        path = f"{self._path}/{LOGIN}"
        self._set(response, ONCE, once, seconds=LINK_LASTS // SECOND, path=path)

    def _set(
        self, response: Response, name: str, value: str, *, seconds: int, path: str = ""
    ) -> None:
        response.set_cookie(
            name,
            value,
            max_age=seconds,
            path=path or self._path,
            secure=self._secure,
            httponly=True,
            samesite="lax",
        )

    def _clear(self, response: Response, name: str, path: str) -> None:
        response.delete_cookie(name, path=path, secure=self._secure, httponly=True, samesite="lax")


def fresh() -> str:
    """Return a random mark of a page."""
    return secrets.token_urlsafe(24)


def was_shown(request: Request, once: str) -> bool:
    """Return whether a form came from a page that this browser was shown."""
    kept = request.cookies.get(ONCE, "")
    return bool(kept) and secrets.compare_digest(kept.encode(), once.encode("utf-8", "replace"))


async def sent_field(request: Request, name: str) -> str:
    """Return a field of a small form; "" if it was not sent, or too much was."""
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > BODY_MOST:
            return ""
    return parse_qs(body.decode("utf-8", "replace")).get(name, [""])[0]


def read_list(request: Request, *, first: View) -> Wanted:
    """Return the list that an address asks for; what it does not have is not narrowed."""
    given = {name: text[:_TEXT_MOST] for name, text in request.query_params.items()}
    chosen, page = given.get("state", ""), given.get("page", "")
    status = chosen if chosen in {one.value for one in ENDED} else ""
    return Wanted(
        view=View(given["view"]) if given.get("view", "") in set(View) else first,
        state=State(chosen) if chosen in set(State) else State.ANY,
        status=status,
        text=given.get("text", ""),
        page=min(int(page), PAGES_MOST) if page.isascii() and page.isdigit() else 0,
        process=given.get("process", ""),
        department=given.get("department", ""),
        step=given.get("step", "") if given.get("process") else "",
    )
