"""The cards of "Change this": all steps, one step, one form, and what the draft changes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from textwrap import shorten

from handlers.changing.draft import CaseDraft, may_drop
from handlers.changing.questions import Asking
from handlers.changing.spots import DROP, PAGE, VIEW, Kind, Spot
from handlers.differences.wording import said
from handlers.draft_base import version_of
from handlers.interaction import Looking
from handlers.pages import Button, Card, Fact, FileLink, Item, Line
from handlers.reading.people_words import in_words
from handlers.tokens import Token
from workflows.model.definition import Definition
from workflows.model.nodes import ApprovalNode, TaskNode, WorkNode

_LINES = 20  # of differences on a card
_PAGE = 20  # items on a card
_LABELS = 60  # characters of the names of fields


def steps_card(it: Looking, draft: CaseDraft, asking: Asking, *, page: int = 1) -> Card:
    """Return a page of the card on which a step, a case clock or a form is chosen."""
    words = asking.words
    parts = tuple(_parts(it, draft.definition, asking))
    buttons = []
    if len(parts) > page * _PAGE:
        buttons.append(_named(it, f"{PAGE}{page + 1}", words.t("change.kind.others")))
    if page > 1:
        buttons.append(_named(it, "", words.t("change.kind.back")))
    if draft.file is not None:
        buttons.append(_named(it, VIEW, words.t("change.kind.view")))
    texts = [words.t("change.card.pick")]
    if draft.file is None and draft.current is not None:
        texts.insert(0, words.t("change.card.none", version=draft.current.version))
    return Card(
        kind="list",
        case_id=it.case.id,
        title=words.t("change.card.title", process=draft.definition.name.of(it.language)),
        text="\n".join(texts),
        facts=tuple(draft_facts(it, draft, asking)) if draft.file is not None else (),
        items_title=words.t("change.card.items"),
        items=parts[(page - 1) * _PAGE : page * _PAGE],
        buttons=tuple(buttons),
    )


def _parts(it: Looking, definition: Definition, asking: Asking) -> Iterator[Item]:
    for node in definition.nodes:
        step = Spot(kind=Kind.STEP, path=("nodes", node.id))
        if not isinstance(node, TaskNode | ApprovalNode):
            step = Spot(kind=Kind.NAME, path=step.path)
        facts = [*_of_step(node, asking)] if isinstance(node, TaskNode | ApprovalNode) else []
        yield _item(it, asking, step, asking.title(step), facts)
    for key in definition.clocks:
        clock = Spot(kind=Kind.CLOCK, path=("clocks", key))
        name = asking.words.t("change.card.clock", clock=asking.title(clock))
        limits = [asking.write.span(one.limit) for one in definition.clocks[key].within]
        yield _item(it, asking, clock, name, limits)
    for key, form in definition.forms.items():
        spot = Spot(kind=Kind.FORM, path=("forms", key))
        name = asking.words.t("change.card.form", form=asking.title(spot))
        fields = asking.write.listed(one.label.of(it.language) for one in form.written)
        yield _item(it, asking, spot, name, [shorten(fields, width=_LABELS, placeholder=" …")])


def step_card(it: Looking, spot: Spot, draft: CaseDraft, asking: Asking) -> Card:
    """Return the card with what can be changed at one step."""
    words, node = asking.words, draft.definition.work_node(spot.path[1])
    kinds = [Kind.LIMIT, Kind.PEOPLE, Kind.NAME, Kind.LADDER]
    buttons = [_button(it, asking, Spot(kind=kind, path=spot.path)) for kind in kinds]
    more = [Spot(kind=Kind.RUNGS, path=("ladders", one)) for one in dict.fromkeys(node.ladders)]
    if node.form is not None:
        more.append(Spot(kind=Kind.FORM, path=("forms", node.form)))
    buttons += [_button(it, asking, spot) for spot in more]
    return Card(
        kind="list",
        case_id=it.case.id,
        title=words.t("sheet.change.title", what=words.t("button.change"), part=asking.title(spot)),
        text=" · ".join(_of_step(node, asking)),
        facts=(Fact(label=words.t("change.rungs"), value=asking.rungs(node.ladder)),),
        buttons=(*buttons, _named(it, "", words.t("change.kind.back"))),
    )


def form_card(it: Looking, spot: Spot, draft: CaseDraft, asking: Asking) -> Card:
    """Return the card with the fields of one form."""
    words, key = asking.words, spot.path[1]
    add = Spot(kind=Kind.ADD, path=spot.path)
    items = []
    for field in draft.definition.forms[key].written:
        one = Spot(kind=Kind.FIELD, path=("forms", key, field.id))
        state = words.t("change.required" if field.required else "change.optional")
        items.append(_item(it, asking, one, asking.title(one), [state]))
    return Card(
        kind="list",
        case_id=it.case.id,
        title=words.t("change.card.form", form=asking.title(spot)),
        items_title=words.t("change.card.fields"),
        items=tuple(items),
        buttons=(_button(it, asking, add), _named(it, "", words.t("change.kind.back"))),
    )


def view_card(it: Looking, draft: CaseDraft, asking: Asking) -> Card:
    """Return the card with what the draft changes of the version in force."""
    words = asking.words
    lines = _lines(draft, asking)
    told = "" if lines else words.t("change.card.same" if draft.in_force else "change.card.new")
    shown = [Line(when="", text=one) for one in lines[:_LINES]]
    if len(lines) > _LINES:
        left = words.t("change.card.more", count=len(lines) - _LINES)
        shown.append(Line(when="", text=left))
    files: Iterable[FileLink] = ()
    if draft.file is not None:
        one = draft.file
        link = FileLink(id=one.id, name=one.name, media_type=one.media_type, size=one.size)
        files = (link,)
    return Card(
        kind="list",
        case_id=it.case.id,
        title=words.t("change.card.title", process=draft.definition.name.of(it.language)),
        text=told,
        facts=tuple(draft_facts(it, draft, asking)),
        lines_title=words.t("change.card.differs") if lines else "",
        lines=tuple(shown),
        files=tuple(files),
        buttons=(_drop(it, asking),) if may_drop(it, draft) else (),
    )


def _drop(it: Looking, asking: Asking) -> Button:
    button = _named(it, DROP, asking.words.t("change.kind.drop"))
    return replace(button, style="danger", confirm=asking.words.t("confirm.drop_draft"))


def draft_facts(it: Looking, draft: CaseDraft, asking: Asking) -> Iterator[Fact]:
    """Yield which draft it is: its hash, the version on which it is based, how much it changes."""
    words, base, current = asking.words, draft.loaded.based_on, draft.current
    yield Fact(label=words.t("change.card.hash"), value=draft.hash)
    handed = draft.handed
    if handed is not None and draft.file is not None and draft.file.id == handed.file:
        facts = {"period": handed.period, "number": handed.proposal}
        yield Fact(label=words.t("change.card.from"), value=words.t("review.origin", **facts))
    if current is None:
        return
    version = version_of(it.tx, base, current=current) if base else 0
    told = words.t("change.card.unknown")
    if version == current.version:
        told = words.t("change.card.version", version=version)
    elif version:
        told = words.t("change.card.older", version=version, current=current.version)
    yield Fact(label=words.t("change.card.base"), value=told)
    count = len(_lines(draft, asking))
    yield Fact(label=words.t("change.card.count"), value=str(count))


def _lines(draft: CaseDraft, asking: Asking) -> tuple[str, ...]:
    if draft.in_force is None:
        return ()
    return said(draft.in_force, draft.definition, asking.write)


def _of_step(node: WorkNode, asking: Asking) -> Iterator[str]:
    """Yield the limit and the people of a step, as they are now."""
    yield asking.write.span(node.due)
    expressions = [text for _, text in node.workers]
    who = (in_words(text, asking.definition, asking.write) for text in expressions)
    yield asking.write.listed(who)


def _item(it: Looking, asking: Asking, spot: Spot, text: str, details: Iterable[str]) -> Item:
    return Item(text=text, detail=" · ".join(details), button=_button(it, asking, spot))


def _button(it: Looking, asking: Asking, spot: Spot) -> Button:
    label = asking.words.t(f"change.kind.{spot.kind.name.lower()}")
    return _named(it, spot.argument, label)


def _named(it: Looking, argument: str, label: str) -> Button:
    token = Token(verb="change", case_id=it.case.id, task=it.token.task, argument=argument)
    return Button(verb="change", label=label, token=str(token))
