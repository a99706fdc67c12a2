"""The pages of web forms in HTML: the form, the thanks with the number, and what went wrong.

They need no script, and nothing of another host. Addresses in them are relative, so that they work
below any public address.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from starlette.responses import Response

from bot.web.form_fields import FieldWriter, anchor
from bot.web.form_request import FIELD, ONCE, SEEN, TRAP
from bot.web.frame import STYLE_TAG, frame
from bot.web.markup import Html, Inside, lines, tag
from bot.web.problems import Problem
from handlers.i18n import Translator
from handlers.pages import FormSheet, Question
from workflows.model.fields import FieldType
from workflows.model.web_form import WebForm

FILED = "filed"  # in the address of the thanks: which page was submitted
_MINUTE_S, _HOUR_S = 60, 3600


@dataclass(frozen=True, slots=True, kw_only=True)
class FormPages:
    """Makes the pages in a language, with the name of the company at the top."""

    words: Translator
    company: str

    def form(
        self,
        sheet: FormSheet,
        *,
        once: str,
        fixed: Collection[str],
        problems: Mapping[str, str],
        further: Collection[str] = (),
        notice: str = "",
        trapped: bool = False,
        status: int = 200,
    ) -> Response:
        """Return the page with the form.

        Args:
            once: says that two submissions of the page are one.
            fixed: the ids of the fields that the link answers.
            problems: texts by the field's id and by the cell's name.
            further: the ids of the fields that were not on the page before.
            notice: what the customer reads first, if not the number of problems.
            trapped: whether the field for programs is shown, because it was filled in.
        """
        write = FieldWriter(words=self.words, problems=problems)
        questions = sheet.questions
        seen = " ".join(one.id for one in questions)
        rows = any(one.type == FieldType.ROWS for one in questions)
        form = tag(
            "form",
            _default_button() if rows else None,
            _hidden(ONCE, once),
            _hidden(SEEN, seen),
            [write.fixed(one) if one.id in fixed else write.write(one) for one in questions],
            self._trap(shown=trapped),
            tag("button", sheet.submit, type="submit", class_="first"),
            method="post",
            action=self._here(),
            enctype="multipart/form-data",
        )
        intro = tag("p", lines(sheet.intro), class_="intro") if sheet.intro else None
        new = {name: self.words.t("web_form.new") for name in further}
        head = self._summary(sheet, {**new, **problems}, notice or self._count(problems))
        body = [tag("h1", sheet.title), head or intro, form]
        title = self.words.t("web_form.title.wrong", title=sheet.title) if head else sheet.title
        return self._page(title, body, status=status)

    def thanks(self, web: WebForm, case: str, *, once: str) -> Response:
        """Return the page after a submission.

        Args:
            case: the number of the case, "" if it was erased.
            once: of the page that was submitted.
        """
        words = self.words
        said = web.thanks.of(words.language) if web.thanks is not None else words.t("web_form.done")
        number = tag(
            "div",
            tag("p", words.t("web_form.number"), class_="hint"),
            tag("p", case, class_="number"),
            tag("p", words.t("web_form.keep_number")),
            class_="receipt",
        )
        body = [
            tag("h1", web.title.of(words.language)),
            tag("p", lines(said), class_="good", role="status"),
            number if case else None,
            tag("p", tag("a", words.t("web_form.another"), href=self._here())),
        ]
        title = words.t("web_form.title.done", title=web.title.of(words.language))
        return self._page(title, body, query={FILED: once})

    def problem(self, problem: Problem) -> Response:
        """Return the page of a request that is refused."""
        words, facts = self.words, dict(problem.facts)
        if isinstance(left := facts.get("seconds"), int) and left:
            facts["wait"] = self._length(left)
        title = words.t(f"web_form.title.{problem.code}")
        text = words.t(f"web_form.{problem.code}", **facts)
        again = problem.code in _FRESH
        body = [
            tag("h1", title),
            tag("p", lines(text), role="alert"),
            tag("p", tag("a", words.t("web_form.another"), href=self._here())) if again else None,
        ]
        return self._page(title, body, status=problem.status, headers=problem.headers)

    # ------------------------------------------------------------------ parts

    def _page(
        self,
        title: str,
        body: Inside,
        *,
        status: int = 200,
        headers: Mapping[str, str] | None = None,
        query: Mapping[str, str] | None = None,
    ) -> Response:
        return frame(
            title,
            body,
            words=self.words,
            company=self.company,
            style=f"../form.css?{STYLE_TAG}",
            status=status,
            headers=headers,
            query=query,
        )

    def _here(self) -> str:
        return f"?{urlencode({'lang': self.words.language})}"

    def _count(self, problems: Mapping[str, str]) -> str:
        """Return how many fields are to be mended, "" if none is."""
        fields = sum("/" not in name for name in problems)
        return self.words.n("web_form.wrong", fields) if fields else ""

    def _summary(self, sheet: FormSheet, problems: Mapping[str, str], notice: str) -> Html | None:
        """Return the notice, with a link to each field that needs the customer; None without."""
        if not notice:
            return None
        found = [
            tag("li", tag("a", self._named(one, problems[one.id]), href=f"#{anchor(one.id)}"))
            for one in sheet.questions
            if one.id in problems
        ]
        said = [tag("p", notice), tag("ul", found) if found else None]
        return tag("div", said, class_="summary", role="alert", tabindex=-1, autofocus=True)

    def _named(self, question: Question, problem: str) -> str:
        return self.words.t("web_form.problem", label=question.label, problem=problem)

    def _trap(self, *, shown: bool) -> Html:
        """Return the field that programs fill in; people see it only after it was filled in."""
        name = FIELD.replace(".", "-") + TRAP
        inside = [
            tag("label", self.words.t("web_form.trap"), for_=name, class_="label"),
            tag("input", id=name, name=TRAP, type="text", autocomplete="off", tabindex=-1),
        ]
        return tag(
            "div",
            inside,
            class_="field" if shown else "trap",
            aria_hidden=None if shown else "true",
        )

    def _length(self, seconds: int) -> str:
        """Return a time to wait, rounded up to a unit that people use."""
        for unit, length in (("hours", _HOUR_S), ("minutes", _MINUTE_S)):
            if seconds > length:
                return self.words.n(f"web_form.{unit}", -(-seconds // length))
        return self.words.n("web_form.seconds", seconds)


_FRESH = ("sent_already", "sent_before")  # after these problems a new form helps


def _hidden(name: str, value: str) -> Html:
    return tag("input", type="hidden", name=name, value=value)


def _default_button() -> Html:
    """Return the button that Enter presses: the first of a form, which must not add a row."""
    return tag("button", type="submit", class_="trap", tabindex=-1, aria_hidden="true")
