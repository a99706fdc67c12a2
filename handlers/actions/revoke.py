"""Revoke: the button and the form for the filer of a completed case, while it may be revoked."""

from __future__ import annotations

from collections.abc import Iterator

from handlers.action_view import ActionView, Offered, Raw, Sentence, Verb
from handlers.answers import read_text
from handlers.buttons import button
from handlers.interaction import UNWRITTEN, Interaction, Looking
from handlers.pages import Answer
from handlers.reading.case import Reading
from handlers.sheets import text_question, verb_sheet
from workflows.actions.revoke import WHY, CaseReopened, Revoke, revocable_until
from workflows.case.task import ContentRef, Task


def _offer(reading: Reading) -> Iterator[Offered]:
    until = revocable_until(reading.case, reading.world)
    mine = reading.reader.key == reading.case.acting_filer
    if mine and until is not None and reading.now <= until:
        yield Offered(button=button(reading, "revoke", style="danger"))


def _notes(reading: Reading, task: Task) -> Iterator[str]:
    """Yield why the case is to be undone, for whoever decides on it."""
    revoke, why = reading.definition.revoke, dict(reading.case.forms).get(WHY)
    if revoke is not None and why is not None and task.node == revoke.to:
        filer = reading.name(reading.case.acting_filer)
        yield reading.words.t("note.revocation", filer=filer, why=reading.body_text(why))


def _revoke(it: Looking, ref: ContentRef) -> Revoke:
    return Revoke(actor=it.person, via=it.via, content=ref)


def _open(it: Looking) -> Answer:
    it.would(_revoke(it, UNWRITTEN))
    return Answer(form=verb_sheet(it, text_question("revoke", language=it.language)))


def _send(it: Interaction, raw: Raw) -> Answer:
    it.change(_revoke(it, it.keep_text("reason", read_text(raw.get("text")))))
    return it.done("answer.revoked", case=it.token.case_id)


VIEW = ActionView(
    name="revoke",
    rank=115,
    verbs={"revoke": Verb(opens=_open, sends=_send)},
    on_case=_offer,
    notes=_notes,
    sentences={CaseReopened: Sentence(activity="revoke")},
)
