"""Resubmit: the start form of a rejected or withdrawn case, filled in, for its filer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from handlers import start
from handlers.action_view import ActionView, Offered, Raw, Sentence, Verb
from handlers.buttons import button
from handlers.copying import filed_files
from handlers.i18n import translator
from handlers.interaction import Interaction, Looking
from handlers.pages import Answer
from handlers.reading.case import Reading
from workflows.actions.resubmit import ENDS, CaseFiledAgain, FileAgain
from workflows.model.fields import Form


def _offer(reading: Reading) -> Iterator[Offered]:
    case = reading.case
    ended = case.status in ENDS and not case.filed_again
    if ended and reading.reader.key == case.acting_filer:
        yield Offered(button=button(reading, "resubmit", style="primary"), main=True)


def _open(it: Looking) -> Answer:
    it.would(FileAgain(actor=it.person, via=it.via, as_case="unwritten"))
    loaded = start.started_by(it.tx, it.office, it.case.process, person=it.person)
    form = loaded.definition.forms[loaded.definition.start_form]
    filer = it.directory.get(it.person)
    assert filer is not None, "the caller is known"
    sheet = start.start_sheet(
        it.tx,
        it.office,
        loaded,
        filer=filer,
        language=it.language,
        values=_values(it, form),
        again=it.token,
    )
    gone = [one for one in filed_files(form, it.world) if it.tx.files.get(one) is None]
    if gone:
        text = translator(it.language).n("sheet.resubmit.gone", len(gone))
        sheet = replace(sheet, intro=f"{sheet.intro}\n{text}")
    return Answer(form=sheet)


def _values(it: Looking, form: Form) -> Mapping[str, object]:
    """Return the latest values of the start form."""
    known = it.world.values
    return {field.id: known[field.id] for field in form.fields if field.id in known}


def _send(it: Interaction, raw: Raw) -> Answer:
    it.would(FileAgain(actor=it.person, via=it.via, as_case="unwritten"))
    taken, left_out = _without_originals(it, raw)
    case = start.start_case(
        it.tx,
        it.office,
        process=it.case.process,
        person=it.person,
        via=it.via,
        raw=taken,
        again_of=it.case.id,
    )
    it.change(FileAgain(actor=it.person, via=it.via, as_case=case.id))
    answer = start.filed(case, language=it.language)
    if not left_out:
        return answer
    words = translator(it.language)
    names = words.t("name.separator").join(left_out)
    text = words.t("answer.files_left_out", names=names)
    return replace(answer, text=f"{answer.text}\n{text}")


def _without_originals(it: Looking, raw: Raw) -> tuple[Raw, list[str]]:
    """Return the values without files that could not be copied, and the names of these files."""
    filed = filed_files(_start_form(it), it.world)
    originals = {file_id: it.tx.files.get(file_id) for file_id in filed}
    names: list[str] = []
    taken: dict[str, object] = {}
    for name, value in raw.items():
        if isinstance(value, list | tuple):
            gone = [file for one in value if (file := originals.get(str(one))) is not None]
            names += [file.name for file in gone]
            taken[name] = [one for one in value if str(one) not in originals]
        else:
            taken[name] = value
    return taken, names


def _start_form(it: Looking) -> Form:
    loaded = start.started_by(it.tx, it.office, it.case.process, person=it.person)
    definition = loaded.definition
    return definition.forms[definition.start_form]


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
