"""Makes the message of an anonymous survey: asked, answered, closed, or not asked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from handlers.employee_surveys import published_in
from handlers.i18n import Translator, dates
from handlers.office import Office
from handlers.pages import Badge, Button, Card, Fact, Item, Line, Tone
from handlers.reading.formatter import Formatter, formatter
from handlers.survey_words import name_of_figure, range_of, written
from handlers.tokens import POLL, Token
from storage.unit import Tx
from workflows.moments import from_iso
from workflows.surveys import Published, SurveyFigure

Args = Mapping[str, str]


def survey_card(tx: Tx, office: Office, args: Args, language: str) -> Card:
    """Return the message for anybody: it says nothing of what its reader answered."""
    write = formatter(office, office.directory(tx), reader=None, language=language)
    state = args["state"]
    title = write.words.t(f"card.poll.{state}", process=args[f"name.{language}"], slot=args["slot"])
    if state == "few":
        text = write.words.t("poll.few", asked=args["asked"], least=args["least"])
        return Card(kind=POLL, title=title, text=text)
    if state == "closed":
        return _closed(write, published_in(args), title)
    return _asked(write, args, title)


def _asked(write: Formatter, args: Args, title: str) -> Card:
    words, answered = write.words, args["state"] == "answered"
    badge = None
    if answered:
        badge = Badge(text=words.t("survey.thanks"), tone=Tone.GOOD)
    elif "reminded" in args:
        badge = Badge(text=words.t("reminder.badge"), tone=Tone.WARN)
    until = dates.full(from_iso(args["closes"]), zone=write.zone, language=write.language)
    answer = Button(
        verb=POLL,
        label=words.t("button.poll"),
        token=str(Token(verb=POLL, argument=f"{args['slot'].lower()}_{args['process']}")),
        style="primary",
    )
    return Card(
        kind=POLL,
        title=title,
        badge=badge,
        text=words.t("poll.answered" if answered else "poll.asked"),
        facts=(Fact(label=words.t("poll.until"), value=until),),
        buttons=() if answered else (answer,),
        note=words.t("poll.anonymous", least=args["least"]),
    )


def _closed(write: Formatter, published: Published, title: str) -> Card:
    words = write.words
    asked = Fact(label=words.t("poll.count.asked"), value=f"{published.asked:,}")
    if published.withheld:
        said = (
            words.t("poll.lost")
            if published.lost
            else words.t("poll.withheld", least=published.threshold)
        )
        return Card(kind=POLL, title=title, text=said, facts=(asked,))
    assert published.response is not None, "what is published has a response rate"
    response = published.response
    answered = words.t(
        "poll.response",
        answered=published.answered,
        share=written(words, response, response.value),
        range=range_of(words, response),
    )
    return Card(
        kind=POLL,
        title=title,
        text=words.t("poll.closed"),
        facts=(
            asked,
            Fact(label=words.t("poll.count.answered"), value=answered),
            *(
                Fact(label=name_of_figure(words, one), value=_value(words, one))
                for one in published.figures
            ),
        ),
        lines_title=words.t("poll.groups") if published.groups else "",
        lines=tuple(_groups(write, published)),
        items_title=words.t("poll.comments") if published.comments else "",
        items=tuple(
            Item(text=words.t("poll.comment", number=number), detail="", quote=one)
            for number, one in enumerate(published.comments, start=1)
        ),
        note="" if published.comments else words.t("poll.no_comments", least=published.threshold),
    )


def _groups(write: Formatter, published: Published) -> Iterator[Line]:
    words = write.words
    for group in published.groups:
        figures = write.listed(
            words.t(
                "poll.group.figure",
                name=name_of_figure(words, one),
                value=written(words, one, one.value),
            )
            for one in group.figures
        )
        name = write.department(group.department)
        yield Line(when="", text=words.t("poll.group", name=name, n=group.n, figures=figures))
    if published.others:
        yield Line(
            when="", text=words.t("poll.others", n=published.others, least=published.threshold)
        )


def _value(words: Translator, figure: SurveyFigure) -> str:
    return words.t(
        "poll.value",
        value=written(words, figure, figure.value),
        range=range_of(words, figure),
        n=figure.n,
    )
