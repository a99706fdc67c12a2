"""Goals and scope: what the process is for, who may start it, and what a case is about."""

from __future__ import annotations

from collections.abc import Iterator

from handlers.rendering.model import Block, DocumentSection
from handlers.reports.numbers import written
from handlers.reports.source import metric_name
from handlers.specification.source import SpecificationSource
from workflows.metrics.targets import aim_of
from workflows.model.schedules import Schedule


def goals_of(source: SpecificationSource) -> DocumentSection:
    """Return purpose and targets."""
    definition, form, words = source.definition, source.form, source.words
    blocks: list[Block] = [source.paragraph(form.text(definition.purpose))]
    rows = []
    for target in definition.targets:
        aim = aim_of(target, day=source.day)
        numbers = (written(words, aim.metric, one) for one in (aim.baseline, aim.goal))
        metric = metric_name(form, definition, aim.metric)
        rows.append((form.text(target.name), metric, *numbers))
    if rows:
        blocks.append(source.table({"target": 3, "metric": 3, "baseline": 2, "goal": 2}, rows))
    return DocumentSection(title=words.t("spec.section.goals"), blocks=tuple(blocks))


def scope_of(source: SpecificationSource) -> DocumentSection:
    """Return who may start a case, what it is about, and until when it may be taken back."""
    facts = source.facts((*_begins(source), *_ends(source)))
    return DocumentSection(title=source.words.t("spec.section.scope"), blocks=(facts,))


def _begins(source: SpecificationSource) -> Iterator[tuple[str, str]]:
    definition, form, t = source.definition, source.form, source.words.t
    anybody = definition.started_by is None
    starters = t("spec.everybody") if anybody else source.people(definition.started_by)
    yield "departments", form.listed(map(form.department, definition.departments))
    yield "started_by", t("spec.starts", people=starters, command=f"/{definition.command}")
    for schedule in definition.schedules:
        yield "schedule", _scheduled(source, schedule)
    if (web := definition.web_form) is not None:
        title, people = form.text(web.title), source.people(web.files_for)
        yield "web_form", t("spec.web_form", title=title, people=people)
    about = form.text(definition.forms[definition.start_form].name)
    yield "about", t("spec.about", form=about, prefix=definition.case_prefix)
    if definition.admins:
        yield "admins", source.people(*definition.admins)
    own = [node for node in definition.nodes if getattr(node, "calendar", None) is not None]
    named = (
        t("spec.calendar.node", node=form.text(one.name), calendar=getattr(one, "calendar", ""))
        for one in own
    )
    yield "calendar", source.joined((t("spec.calendar"), *named))


def _scheduled(source: SpecificationSource, schedule: Schedule) -> str:
    t, after = source.words.t, schedule.after
    later = "" if after is None else t("spec.schedule.after", span=source.form.span(after))
    people = source.people(schedule.filed_by)
    return source.joined((t(f"spec.schedule.{schedule.every}", people=people), later))


def _ends(source: SpecificationSource) -> Iterator[tuple[str, str]]:
    definition, t = source.definition, source.words.t
    if definition.business_end is not None:
        yield "business_end", t("spec.business_end", node=source.node(definition.business_end))
    until = definition.withdraw_until
    plain = until in ("end", "first_decision")
    yield (
        "withdraw",
        t(f"spec.withdraw.{until}") if plain else t("spec.withdraw.node", node=source.node(until)),
    )
    if (revoke := definition.revoke) is not None:
        span, node = source.form.span(revoke.within), source.node(revoke.to)
        yield "revoke", t("spec.revoke", span=span, node=node)
    if (register := definition.listing) is not None:
        name, people = source.form.text(register.name), source.people(register.read_by)
        yield "register", t("spec.register", name=name, people=people)
