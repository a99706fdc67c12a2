"""The pages of the dashboard in HTML: login, lists of cases, one case, figures.

They need no script. Links are relative, so that they work below any public address; the language
is a parameter of every link once somebody has chosen it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from importlib.resources import files as resources
from urllib.parse import urlencode

from starlette.responses import Response

from bot.web.dashboard_tables import Cell, drawing, table
from bot.web.frame import STYLE, frame, tag_of
from bot.web.markup import Html, Inside, lines, tag
from handlers.case_lists import State, View, Wanted
from handlers.dashboard.case import CasePage
from handlers.dashboard.cases import CaseLine, CaseList
from handlers.dashboard.login import DASHBOARD
from handlers.i18n import Translator
from handlers.pages import Tone
from workflows.case.status import Status

STYLES = STYLE + resources("bot.web").joinpath("dashboard.css").read_bytes()
STYLES_TAG = tag_of(STYLES)
ENDED = tuple(one for one in Status if one is not Status.RUNNING)
_COLUMNS = ("case", "process", "step", "holder", "due", "state")


@dataclass(frozen=True, slots=True, kw_only=True)
class DashboardPages:
    """Makes the pages in a language.

    Args:
        up: the way from the page's address to where `dashboard` is, such as "../".
        language: the language that somebody chose, "" for that of the person.
        name: of the person who is logged in, "" for nobody.
        proof: what the button for logging out sends along.
        figures: whether the person may read figures.
        alerts: how many alerts fire that the person may see.
    """

    words: Translator
    company: str
    up: str = ""
    language: str = ""
    name: str = ""
    proof: str = ""
    figures: bool = False
    alerts: int = 0

    # ------------------------------------------------------------------ login

    def confirm(self, name: str, *, once: str) -> Response:
        """Return the page of a link: who it is for, and the button that uses it."""
        words = self.words
        form = tag(
            "form",
            _hidden("once", once),
            tag("button", words.t("dashboard.open"), type="submit", class_="first"),
            method="post",
        )
        body = [
            tag("h1", words.t("dashboard.title")),
            tag("p", words.t("dashboard.for", name=name)),
            tag("p", words.t("dashboard.not_you"), class_="hint"),
            form,
        ]
        return self.page(words.t("dashboard.title"), body, narrow=True)

    def message(
        self, code: str, *, status: int, headers: Mapping[str, str] | None = None, **facts: object
    ) -> Response:
        """Return a page that says why there is nothing to see, and what to do."""
        title = self.words.t(f"dashboard.problem.{code}")
        ask = self.words.t("dashboard.ask", command=DASHBOARD)
        text = self.words.t(f"dashboard.problem.{code}.text", ask=ask, **facts)
        back = tag("p", tag("a", self.words.t("dashboard.back"), href=self.to()))
        body = [tag("h1", title), tag("p", lines(text), role="alert"), back if self.name else None]
        return self.page(title, body, status=status, headers=headers, narrow=True)

    # ------------------------------------------------------------------ cases

    def cases(self, found: CaseList) -> Response:
        """Return a page of a list of cases, with what narrows it."""
        words, wanted = self.words, found.wanted
        title = words.t(f"view.{wanted.view}.title")
        body = [
            tag("h1", title),
            self._filters(found),
            self._list(found),
            self._turning(found),
        ]
        return self.page(title, body, here="", query=query_of(wanted))

    def _filters(self, found: CaseList) -> Html:
        words, wanted = self.words, found.wanted
        team = wanted.view is View.TEAM
        department = "dashboard.filter.team_department" if team else "dashboard.filter.department"
        every = [("", words.t("dashboard.filter.every"))]
        chosen = wanted.status or wanted.state.value
        states = _states(words, team=team)
        return tag(
            "form",
            _hidden("lang", self.language) if self.language else None,
            self._choice(
                "view", words.t("dashboard.filter.view"), _views(words, found), wanted.view
            ),
            self._choice(
                "process",
                words.t("dashboard.column.process"),
                [*every, *found.processes],
                wanted.process,
            ),
            self._choice(
                "step", words.t("dashboard.column.step"), [*every, *found.steps], wanted.step
            )
            if found.steps
            else None,
            self._choice("state", words.t("dashboard.column.state"), states, chosen),
            self._choice(
                "department", words.t(department), [*every, *found.departments], wanted.department
            ),
            tag(
                "div",
                tag("label", words.t("dashboard.filter.text"), for_="q-text"),
                tag("input", id="q-text", name="text", type="search", value=wanted.text),
            ),
            tag("button", words.t("dashboard.filter.show"), type="submit"),
            method="get",
            action=self.to(),
            class_="filters",
            role="search",
            aria_label=words.t("dashboard.filter.label"),
        )

    def _choice(
        self, name: str, label: str, options: Iterable[tuple[str, str]], chosen: str
    ) -> Html:
        found = [
            tag("option", text, value=value, selected=value == chosen) for value, text in options
        ]
        return tag(
            "div",
            tag("label", label, for_=f"q-{name}"),
            tag("select", found, id=f"q-{name}", name=name),
        )

    def _list(self, found: CaseList) -> Html:
        if not found.lines:
            return tag("p", self.words.t("dashboard.none"), role="status")
        caption = self.words.t("dashboard.caption", page=found.wanted.page + 1)
        columns = [self.words.t(f"dashboard.column.{one}") for one in _COLUMNS]
        return table(columns, map(self._row, found.lines), caption=caption, cards=True)

    def _row(self, line: CaseLine) -> list[Cell]:
        number: Inside = line.id
        if line.opens:
            number = tag("a", line.id, href=self.to("cases", line.id))
        about = [
            line.process,
            tag("span", line.subject, class_="about", dir="auto") if line.subject else None,
        ]
        tone = "danger" if line.late else ""
        return [
            Cell(number, head=True),
            Cell(about),
            Cell(line.steps),
            Cell(line.holders),
            Cell(line.due, tone=tone),
            Cell(tag("span", line.status, class_=f"badge {tone}".strip())),
        ]

    def _turning(self, found: CaseList) -> Html | None:
        """Return the links to the page before and the page after."""
        wanted, words = found.wanted, self.words
        ways = []
        for page, rel, there in (
            (wanted.page - 1, "prev", wanted.page > 0),
            (wanted.page + 1, "next", found.more),
        ):
            if there:
                to = self.to(**query_of(replace(wanted, page=page)))
                ways.append(tag("a", words.t(f"dashboard.{rel}"), href=to, rel=rel))
        label = words.t("dashboard.pages")
        return tag("nav", ways, class_="turning", aria_label=label) if ways else None

    # ------------------------------------------------------------------ one case

    def case(self, page: CasePage) -> Response:
        """Return the page of one case."""
        words = self.words
        badge = page.badge
        tone = badge.tone.value if badge is not None else ""
        body = [
            tag("p", tag("a", words.t("dashboard.back"), href=self.to())),
            tag("h1", page.title, dir="auto"),
            tag(
                "p",
                tag("span", page.id, class_="number"),
                " ",
                tag("span", badge.text, class_=f"badge {tone}") if badge is not None else None,
            ),
            tag("h2", words.t("dashboard.case.state")),
            tag(
                "dl",
                [
                    tag(
                        "div",
                        tag("dt", fact.label),
                        tag("dd", lines(fact.value), class_=_tone(fact.tone)),
                    )
                    for fact in page.facts
                    if fact.value
                ],
                class_="facts",
            ),
            *self._files(page),
            tag("h2", words.t("dashboard.case.diagram")),
            drawing(page.diagram, label=words.t("dashboard.case.diagram")),
            tag("p", words.t("dashboard.case.legend"), class_="hint"),
            tag("h2", words.t("card.history")),
            tag("p", words.n("card.history.earlier", page.earlier)) if page.earlier else None,
            tag(
                "ol",
                [
                    tag(
                        "li",
                        tag("span", one.when, class_="when"),
                        tag("span", one.told.text),
                        tag("blockquote", lines(one.told.quote)) if one.told.quote else None,
                    )
                    for one in page.history
                ],
                class_="history",
            ),
        ]
        return self.page(f"{page.id} {page.title}", body, here=None)

    def _files(self, page: CasePage) -> list[Html]:
        if not page.files:
            return []
        return [
            tag("h2", self.words.t("dashboard.case.files")),
            tag("ul", [tag("li", name) for name in page.files]),
            tag("p", self.words.t("dashboard.case.files.where", case=page.id), class_="hint"),
        ]

    # ------------------------------------------------------------------ parts

    def to(self, *path: str, **query: str) -> str:
        """Return the relative address of a page of the dashboard."""
        kept = {**query, **({"lang": self.language} if self.language else {})}
        way = f"{self.up}{'/'.join((DASHBOARD, *path))}"
        return f"{way}?{urlencode(kept)}" if kept else way

    def page(
        self,
        title: str,
        body: Inside,
        *,
        status: int = 200,
        headers: Mapping[str, str] | None = None,
        here: str | None = None,
        query: Mapping[str, str] | None = None,
        narrow: bool = False,
        head: Inside = None,
    ) -> Response:
        """Return a page in the frame of the dashboard; `here` is the part of it that is shown."""
        return frame(
            title,
            body if narrow else tag("div", body, class_="wide"),
            words=self.words,
            company=self.company,
            style=f"{self.up}{DASHBOARD}/style.css?{STYLES_TAG}",
            status=status,
            headers=headers,
            query=query,
            top=self._top(here) if self.name else None,
            head=head,
        )

    def _top(self, here: str | None) -> Inside:
        words = self.words
        parts = {"": words.t("dashboard.cases")}
        if self.figures:
            parts["figures"] = words.t("dashboard.figures")
        if self.alerts:
            parts["alerts"] = words.n("dashboard.alerts", self.alerts)
        found = [
            tag(
                "a",
                label,
                href=self.to(*filter(None, (part,))),
                aria_current="page" if part == here else None,
            )
            for part, label in parts.items()
        ]
        leave = tag(
            "form",
            _hidden("proof", self.proof),
            tag("button", words.t("dashboard.leave"), type="submit", class_="small"),
            method="post",
            action=self.to("logout"),
        )
        return [
            tag("a", words.t("dashboard.skip"), href="#main", class_="skip"),
            tag("nav", found, class_="parts", aria_label=words.t("dashboard.title")),
            tag("div", tag("span", self.name), leave, class_="me"),
        ]


def query_of(wanted: Wanted) -> dict[str, str]:
    """Return the parameters of the address of a list."""
    state = wanted.status or ("" if wanted.state is State.ANY else wanted.state.value)
    given = {
        "view": wanted.view.value,
        "process": wanted.process,
        "step": wanted.step,
        "state": state,
        "department": wanted.department,
        "text": wanted.text,
        "page": str(wanted.page) if wanted.page else "",
    }
    return {name: value for name, value in given.items() if value}


def _hidden(name: str, value: str) -> Html:
    return tag("input", type="hidden", name=name, value=value)


def _views(words: Translator, found: CaseList) -> list[tuple[str, str]]:
    return [(one.value, words.t(f"view.{one}.title")) for one in found.views]


def _states(words: Translator, *, team: bool) -> list[tuple[str, str]]:
    """Return the states that a list can be narrowed to; a team's list has open cases only."""
    states = [one for one in State if not (team and one is State.CLOSED)]
    ended = () if team else ENDED
    return [
        *((one.value, words.t(f"state.{one}")) for one in states),
        *((one.value, words.t(f"status.{one}")) for one in ended),
    ]


def _tone(tone: Tone) -> str | None:
    return None if tone is Tone.NEUTRAL else tone.value
