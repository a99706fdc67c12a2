"""What a review says, in words: figures, proposals, and what was decided. For card and document."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta

from handlers.i18n import Translator, dates
from handlers.problem_words import kind_name
from handlers.reading.formatter import Formatter
from handlers.reports.numbers import DASH, range_of, value_of, written
from handlers.reports.source import metric_name
from handlers.reviews.posting import reviewed_in
from storage.reviews import ACCEPTED, ReviewDecision, StoredReview
from storage.unit import Tx
from workflows.durations import parse_span
from workflows.metrics.estimates import Range
from workflows.metrics.figures import Figure, unit_of
from workflows.metrics.proposals import Proposal, ProposalKind
from workflows.metrics.reviewing import Compared, Reviewed, Value
from workflows.model.definition import Definition
from workflows.model.measures import Metric
from workflows.moments import in_zone


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """A decision about a proposal, and the status of its change case, if there is one."""

    proposal: Proposal
    decision: ReviewDecision | None
    status: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewSource:
    """What the card and the document of a review are made of, in the reader's language."""

    stored: StoredReview
    review: Reviewed
    definition: Definition
    write: Formatter
    decided: tuple[Decided, ...]  # one for each proposal
    former: tuple[Decided, ...]  # those of the review before

    @property
    def words(self) -> Translator:
        """The texts in the reader's language."""
        return self.write.words

    @property
    def period(self) -> str:
        """The days of the period."""
        zone = self.write.zone
        first = in_zone(self.review.since, zone).date()
        last = in_zone(self.review.until, zone).date() - timedelta(days=1)
        low, high = (dates.calendar_day(day, language=self.write.language) for day in (first, last))
        return self.words.t("figures.between", low=low, high=high)

    def metric(self, one: Compared) -> str:
        """Return the name of a figure: that of its target, if it has one."""
        if one.target is not None and one.target < len(self.definition.targets):
            return self.write.text(self.definition.targets[one.target].name)
        return metric_name(self.write, self.definition, one.metric)

    def problems(self) -> str:
        """Return how many problems people reported, and where most; "" without one."""
        review, words = self.review, self.words
        if not review.problems:
            return ""
        most = review.problems[0]
        return words.n(
            "review.problems",
            sum(one.count for one in review.problems),
            cases=f"{review.with_problems:,}",
            whole=f"{review.cases:,}",
            step=self.node(most.node),
            kind=kind_name(words, most.kind),
            most=f"{most.count:,}",
        )

    # ------------------------------------------------------------------ proposals

    def title(self, one: Proposal) -> str:
        """Return what a proposal is about, in a few words."""
        return self.words.t(f"review.title.{_key(one)}", **self._facts(one))

    def evidence(self, one: Proposal) -> str:
        """Return what was seen, with its n."""
        return self.words.t(f"review.evidence.{_key(one)}", **self._facts(one))

    def gain(self, one: Proposal) -> str:
        """Return what it would save."""
        if one.gain is None and one.kind in _SAVES_TIME:
            return self.words.t("review.gain.unknown")
        return self.words.t(f"review.gain.{one.kind}", **self._facts(one))

    def risk(self, one: Proposal) -> str:
        """Return what speaks against it; of an approval what it looks at."""
        said = self.words.t(f"review.risk.{one.kind}")
        if not one.protects:
            return said
        looks = self.write.listed(self.name_of(name) for name in one.protects)
        return f"{self.words.t('review.protects', names=looks)}{said}"

    def forecast(self, one: Proposal) -> str:
        """Return what the period would have been with a draft that follows it; "" if not known."""
        found = one.forecast
        if found is None:
            return ""
        name = metric_name(self.write, self.definition, found.metric)
        figure = Figure(
            metric=found.metric,
            unit=unit_of(found.metric),
            value=found.after,
            range=Range(low=found.low, high=found.high),
            n=found.n,
            still_open=0,
        )
        said = self.words.t(
            "review.forecast",
            figure=self.words.t("whatif.median") if found.metric == Metric.HANDLING else name,
            before=written(self.words, found.metric, found.before),
            after=value_of(self.words, figure),
            range=range_of(self.words, figure),
            n=f"{found.n:,}",
        )
        if not found.limit:
            return self.words.t("review.forecast.without", said=said)
        limit = self.write.span(parse_span(found.limit))
        return self.words.t("review.forecast.limit", limit=limit, said=said)

    def name_of(self, name: str) -> str:
        """Return the label of a field or the name of a fact, or the name itself."""
        field = self.definition.named(name)
        if field is not None:
            return self.write.text(field.label)
        kept = self.definition.kept.get(name)
        return self.write.text(kept.name) if kept is not None else name

    def _facts(self, one: Proposal) -> Mapping[str, str]:
        def time(value: float | None) -> str:
            return written(self.words, Metric.STEP_TIME, value)

        return {
            "what": self._about(one),
            "other": self.node(one.other),
            "option": self._option(one),
            "n": f"{one.n:,}",
            "count": f"{one.count:,}",
            "share": written(self.words, Metric.REJECTED, one.share),
            "below": written(self.words, Metric.REJECTED, one.below),
            "waits": time(one.waits),
            "takes": time(one.takes),
            "gain": time(one.gain),
        }

    def _about(self, one: Proposal) -> str:
        if one.field:
            return self.name_of(one.field)
        clock = self.definition.clocks.get(one.clock)
        return self.write.text(clock.name) if clock is not None else self.node(one.node)

    def node(self, node: str) -> str:
        """Return the name of a step, or its id if the definition has it no more."""
        known = self.definition.has_node(node)
        return self.write.text(self.definition.node(node).name) if known else node

    def _option(self, one: Proposal) -> str:
        field = self.definition.named(one.field)
        return self.write.option(field, one.option) if field is not None else one.option

    # ------------------------------------------------------------------ decisions

    def decision(self, one: Decided) -> str:
        """Return what was decided, by whom, and what became of the change case; "" if nothing."""
        decided = one.decision
        if decided is None:
            return ""
        facts = {"who": self.write.name(decided.person), "at": self.write.at(decided.at)}
        if decided.decision == ACCEPTED:
            status = self.words.t(f"status.{one.status}") if one.status else DASH
            return self.words.t(
                "review.decided.accepted", case=decided.case_id or DASH, status=status, **facts
            )
        return self.words.t("review.decided.postponed", **facts)

    def reason(self, one: Decided) -> str:
        """Return why a proposal was postponed; "" if it was not."""
        if one.decision is None or one.decision.decision == ACCEPTED:
            return ""
        return one.decision.reason or self.words.t("content.erased")

    def decision_in_full(self, one: Decided) -> str:
        """Return a decision with its reason."""
        reason = self.reason(one)
        said = self.decision(one) or self.words.t("review.undecided")
        return (
            self.words.t("review.decided.reason", decided=said, reason=reason) if reason else said
        )


_SAVES_TIME = (ProposalKind.SLOWEST, ProposalKind.ALWAYS_APPROVED, ProposalKind.PING_PONG)


def _key(one: Proposal) -> str:
    """Return the kind as its texts are named."""
    if one.kind is ProposalKind.PING_PONG and one.between_people:
        return "between_people" if one.node == one.other else "between_people_and_steps"
    return "field_option" if one.option else one.kind


def every_of(period: str) -> str:
    """Return how often there is a review, by the name of its period: "2026-H1" is a half-year."""
    return "half_year" if "-H" in period else "quarter"


# ---------------------------------------------------------------------------- figures


def figure_of(metric: str, value: Value | None) -> Figure | None:
    """Return a stored figure as one that can be written."""
    if value is None:
        return None
    return Figure(
        metric=metric,
        unit=unit_of(metric),
        value=value.value,
        range=Range(low=value.low, high=value.high),
        n=value.n,
        still_open=value.still_open,
    )


def figure_text(words: Translator, metric: str, value: Value | None) -> str:
    """Return a figure with its range and its n."""
    figure = figure_of(metric, value)
    if figure is None:
        return DASH
    text = value_of(words, figure)
    if figure.range.low is not None:
        text = words.t("figures.recent.range", value=text, range=range_of(words, figure))
    return words.t("review.figure", figure=text, n=f"{figure.n:,}")


def goal_text(source: ReviewSource, one: Compared) -> str:
    """Return the target of a figure and whether it is reached; "" without one."""
    if one.goal is None or one.reached is None:
        return ""
    reached = source.words.t(f"figures.reached.{one.reached}")
    goal = written(source.words, one.metric, one.goal)
    return source.words.t("review.goal", goal=goal, reached=reached)


# ---------------------------------------------------------------------------- reading


def source_of(
    tx: Tx, stored: StoredReview, definition: Definition, write: Formatter
) -> ReviewSource:
    """Return what the card and the document of a review are made of."""
    former = tx.reviews.before(stored)
    return ReviewSource(
        stored=stored,
        review=reviewed_in(stored),
        definition=definition,
        write=write,
        decided=tuple(_decided(tx, stored)),
        former=tuple(_decided(tx, former)) if former is not None else (),
    )


def _decided(tx: Tx, stored: StoredReview) -> Iterator[Decided]:
    decisions = tx.reviews.decisions(stored.process, stored.period)
    for proposal in reviewed_in(stored).proposals:
        decision = decisions.get(proposal.rank)
        case_id = decision.case_id if decision is not None else None
        case = tx.cases.load(case_id, lock=False) if case_id else None
        yield Decided(
            proposal=proposal,
            decision=decision,
            status=case.status.value if case is not None else "",
        )
