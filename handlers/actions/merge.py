"""Merge: the form in which an administrator says of which case this one is a duplicate."""

from __future__ import annotations

from handlers import merging
from handlers.action_view import ActionView, Raw, Sentence, Verb
from handlers.administering import choice_question, require, why_question
from handlers.answers import read_text, required_word
from handlers.interaction import Interaction, Looking
from handlers.pages import Answer, Choice, Question
from handlers.reading.case import Reading
from handlers.sheets import verb_sheet
from handlers.spoken import case_number
from workflows.actions.merge import CaseMerged
from workflows.errors import FormInvalid, Refusal
from workflows.model.fields import FieldType

# What is refused because of the number that was typed; the rest of the form is kept then.
OF_THE_NUMBER = ("case_unknown", "case_of_other_process", "merged_into_itself")


def _open(it: Looking) -> Answer:
    require(it)
    into = Question(
        id="into",
        type=FieldType.TEXT.value,
        label=it.words.t("sheet.merge.into"),
        required=True,
        max=40,
    )
    yes_no = tuple(Choice(id=one, label=it.words.t(f"cli.{one}")) for one in ("yes", "no"))
    copy = choice_question(it, "merge", "copy", yes_no)
    return Answer(form=verb_sheet(it, into, copy, why_question(it, "merge")))


def _send(it: Interaction, raw: Raw) -> Answer:
    into = case_number(required_word(raw.get("into"), "into"))
    try:
        merging.merge(
            it.tx,
            it.office,
            duplicate=it.case.id,
            into=into,
            person=it.person,
            via=it.via,
            reason=read_text(raw.get("text")),
            copy_filer=required_word(raw.get("copy"), "copy") == "yes",
        )
    except Refusal as refusal:
        if refusal.code in OF_THE_NUMBER:
            raise FormInvalid({"into": refusal}) from None
        raise
    return it.done("answer.merged", into=into)


def _told(_: Reading, body: CaseMerged) -> dict[str, object]:
    return {"into": body.into}


VIEW = ActionView(
    name="merge",
    rank=205,
    verbs={"merge": Verb(opens=_open, sends=_send)},
    sentences={CaseMerged: Sentence(facts=_told, activity="merge")},
)
