"""Makes the card of a review: figures, what was decided before, and proposals with buttons."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from handlers.i18n import translator
from handlers.interaction import Caller
from handlers.office import Office
from handlers.pages import Answer, Badge, Button, Card, Fact, Item, Line, Tone
from handlers.reading.formatter import formatter
from handlers.reports.numbers import value_of
from handlers.reviews.deciding import ADOPT, POSTPONE, may_review
from handlers.reviews.opened import review_links
from handlers.reviews.wording import (
    Decided,
    ReviewSource,
    figure_of,
    figure_text,
    goal_text,
    source_of,
)
from handlers.tokens import REVIEW, Token
from storage.reviews import ACCEPTED, StoredReview
from storage.unit import Tx
from workflows.directory import Person
from workflows.errors import Refusal
from workflows.metrics.reviewing import Compared, OfVersion, Trend
from workflows.model.measures import Metric

LINES_MOST = 8  # figures; the document has all
_VERSION_FIGURES = (Metric.HANDLING, Metric.GROSS, Metric.STEPS_ON_TIME, Metric.RETURNED)


def newest_review(caller: Caller, token: Token) -> Answer:
    """Return the card of the newest review of a process. Raises Refusal `review_closed`."""
    stored = caller.tx.reviews.newest(token.argument)
    if stored is None:
        raise Refusal("review_none")
    if not may_review(caller.tx, caller.office, stored, person=caller.person.key):
        raise Refusal("review_closed")
    return Answer(cards=(_card(caller.tx, caller.office, stored, caller.person, caller.language),))


def review_button(caller: Caller, process: str) -> Iterator[Button]:
    """Yield the button that shows the newest review, for whoever may decide about it."""
    stored = caller.tx.reviews.newest(process)
    if stored is not None and may_review(
        caller.tx, caller.office, stored, person=caller.person.key
    ):
        yield Button(
            verb=REVIEW,
            label=translator(caller.language).t("button.review", period=stored.period),
            token=str(Token(verb=REVIEW, argument=process)),
        )


def review_card(
    tx: Tx, office: Office, args: Mapping[str, str], *, reader: str, language: str
) -> Card:
    """Return the message about a review, as it is decided now."""
    stored = tx.reviews.get(args["process"], args["period"])
    assert stored is not None, "a review that was posted is stored"
    return _card(tx, office, stored, office.directory(tx).people[reader], language)


def _card(tx: Tx, office: Office, stored: StoredReview, reader: Person, language: str) -> Card:
    write = replace(
        formatter(office, office.directory(tx), reader=reader, language=language), lasting=True
    )
    definition = office.shelf.get(tx, stored.definition).definition
    source = source_of(tx, stored, definition, write)
    words, review = source.words, source.review
    empty = not review.cases
    return Card(
        kind=REVIEW,
        title=words.t("review.card", process=write.text(definition.name), period=review.period),
        badge=_badge(source),
        text=words.t(
            "review.empty" if empty else "review.text", days=source.period, before=review.before
        ),
        facts=(*_counts(source), *_problems(source), *_versions(source), *_former(source)),
        lines_title="" if empty else words.t("review.figures"),
        lines=() if empty else tuple(_lines(source)),
        items_title=words.t("review.proposals") if review.proposals else "",
        items=tuple(_item(source, one) for one in source.decided),
        buttons=tuple(_buttons(source)),
        files=review_links(stored, definition, language=language),
        note=words.t(_note(source)),
    )


def _note(source: ReviewSource) -> str:
    """Return the msgid of what accepting a proposal does."""
    proposals = source.review.proposals
    if any(one.forecast is not None for one in proposals):
        return "review.note.draft"
    return "review.note" if proposals else "review.note.none"


def _badge(source: ReviewSource) -> Badge | None:
    worse = sum(one.trend is Trend.WORSE for one in source.review.figures)
    if not worse:
        return None
    return Badge(text=source.words.n("review.worse", worse), tone=Tone.WARN)


def _counts(source: ReviewSource) -> Iterator[Fact]:
    words, review = source.words, source.review
    filed = words.t(
        "review.count.before", now=f"{review.cases:,}", before=f"{review.cases_before:,}"
    )
    yield Fact(label=words.t("figures.count.filed"), value=filed)
    if review.cases:
        yield Fact(label=words.t("figures.count.ended"), value=f"{review.ended:,}")
        yield Fact(label=words.t("figures.count.open"), value=f"{review.still_open:,}")


def _problems(source: ReviewSource) -> Iterator[Fact]:
    if said := source.problems():
        yield Fact(label=source.words.t("figures.section.problems"), value=said)


def _versions(source: ReviewSource) -> Iterator[Fact]:
    """Yield the main figures of each version, if there are several."""
    words, review = source.words, source.review
    for one in review.versions:
        label = words.t("review.version", version=one.version)
        yield Fact(label=label, value=words.t("rows.separator").join(_of_version(source, one)))


def _of_version(source: ReviewSource, one: OfVersion) -> Iterator[str]:
    words = source.words
    yield words.n("figures.recent.n", one.cases)
    names = {each.metric: source.metric(each) for each in source.review.figures}
    for metric, value in zip(source.review.measures, one.values, strict=True):
        if metric in _VERSION_FIGURES and value is not None:
            shown = value_of(words, figure_of(metric, value))
            yield words.t("review.named", name=names[metric], value=shown)


def _former(source: ReviewSource) -> Iterator[Fact]:
    """Yield what was decided about the proposals of the review before."""
    words, left = source.words, sum(one.decision is None for one in source.former)
    for one in source.former:
        if one.decision is not None:
            label = words.t("review.former", title=source.title(one.proposal))
            yield Fact(label=label, value=source.decision_in_full(one))
    if left:
        yield Fact(label=words.t("review.former.left"), value=f"{left}")


def _lines(source: ReviewSource) -> Iterator[Line]:
    """Yield the figures with a target and, as far as there is room, those that come first."""
    figures = source.review.figures
    aimed = sum(one.target is not None for one in figures)
    others = [one for one in figures if one.target is None][: max(LINES_MOST - aimed, 0)]
    for one in figures:
        if one.target is not None or one in others:
            yield _line(source, one)


def _line(source: ReviewSource, one: Compared) -> Line:
    words = source.words
    before = value_of(words, figure_of(one.metric, one.before))
    parts = (
        figure_text(words, one.metric, one.now),
        words.t("review.before", period=source.review.before, figure=before),
        goal_text(source, one),
        words.t(f"review.trend.{one.trend}"),
    )
    return Line(when=source.metric(one), text=words.t("review.parts").join(filter(None, parts)))


def _item(source: ReviewSource, one: Decided) -> Item:
    words, proposal = source.words, one.proposal
    said = (
        source.decision(one),
        source.evidence(proposal),
        words.t("review.gain", text=source.gain(proposal)),
        source.forecast(proposal),
        words.t("review.risk", text=source.risk(proposal)),
    )
    return Item(
        text=words.t("review.item", rank=proposal.rank, title=source.title(proposal)),
        quote=source.reason(one),
        detail="\n".join(filter(None, said)),
    )


def _buttons(source: ReviewSource) -> Iterator[Button]:
    """Yield the buttons of each proposal, by its number: an item has room for one button only."""
    for one in source.decided:
        if one.decision is None or one.decision.decision != ACCEPTED:
            yield _button(source, ADOPT, one.proposal.rank)
        if one.decision is None:
            yield _button(source, POSTPONE, one.proposal.rank)


def _button(source: ReviewSource, verb: str, rank: int) -> Button:
    stored = source.stored
    argument = f"{stored.period.lower()}_{rank}_{stored.process}"
    return Button(
        verb=verb,
        label=source.words.t(f"button.{verb}", rank=rank),
        token=str(Token(verb=verb, argument=argument)),
        style="primary" if verb == ADOPT else "default",
    )
