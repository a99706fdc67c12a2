"""Resubmit: the start form of a rejected or withdrawn case, filled in, for its filer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from handlers import start
from handlers.action_view import ActionView, Offered, Raw, Sentence, Verb
from handlers.buttons import button
from handlers.interaction import Interaction, Looking
from handlers.pages import Answer
from handlers.reading.case import Reading
from workflows.actions.resubmit import ENDS, CaseFiledAgain, FileAgain
from workflows.loading import Loaded
from workflows.model.fields import FieldType


def _offer(reading: Reading) -> Iterator[Offered]:
    case = reading.case
    ended = case.status in ENDS and not case.filed_again
    if ended and reading.reader.key == case.acting_filer:
        yield Offered(button=button(reading, "resubmit", style="primary"), main=True)


def _open(it: Looking) -> Answer:
    it.would(FileAgain(actor=it.person, via=it.via, as_case="unwritten"))
    loaded = start.current(it.tx, it.office, it.case.process)
    filer = it.directory.get(it.person)
    assert filer is not None, "the caller is known"
    sheet = start.start_sheet(
        it.tx,
        it.office,
        loaded,
        filer=filer,
        language=it.language,
        values=_values(it, loaded),
        again=it.token,
    )
    return Answer(form=sheet)


def _values(it: Looking, loaded: Loaded) -> Mapping[str, object]:
    """Return the latest values of the start form. Files belong to the ended case and stay there."""
    form = loaded.definition.forms[loaded.definition.start_form]
    known = it.world.values
    return {
        field.id: known[field.id]
        for field in form.fields
        if field.id in known and field.type is not FieldType.FILES
    }


def _send(it: Interaction, raw: Raw) -> Answer:
    it.would(FileAgain(actor=it.person, via=it.via, as_case="unwritten"))
    case = start.start_case(
        it.tx,
        it.office,
        process=it.case.process,
        person=it.person,
        via=it.via,
        raw=raw,
        again_of=it.case.id,
    )
    it.change(FileAgain(actor=it.person, via=it.via, as_case=case.id))
    return start.filed(case, language=it.language)


VIEW = ActionView(
    name="resubmit",
    rank=120,
    verbs={"resubmit": Verb(opens=_open, sends=_send)},
    on_case=_offer,
    everywhere=True,
    sentences={
        CaseFiledAgain: Sentence(facts=lambda _, b: {"copy": b.as_case}, activity="file again")
    },
)
