"""Comment: a text on a case, from a form or typed in the conversation about it."""

from __future__ import annotations

from collections.abc import Iterator

from handlers.action_view import ActionView, Offered, Raw, Sentence, Standing, Verb
from handlers.answers import read_ids, read_text
from handlers.buttons import button
from handlers.interaction import UNWRITTEN, Interaction, Looking
from handlers.pages import Answer
from handlers.reading.case import Reading
from handlers.sheets import text_question, verb_sheet
from handlers.uploads import attach
from workflows.actions.comment import AddComment, Commented
from workflows.case.task import ContentRef, Task


def _on_task(reading: Reading, task: Task, standing: Standing) -> Iterator[Offered]:
    if standing is not Standing.READER:
        comment = button(reading, "comment", task=task.id)
        yield Offered(button=comment, main=standing is Standing.RESCUER)


def _on_case(reading: Reading) -> Iterator[Offered]:
    yield Offered(button=button(reading, "comment"))


def _comment(it: Looking, ref: ContentRef) -> AddComment:
    task = it.token.task or None
    return AddComment(actor=it.person, via=it.via, content=ref, task=task)


def _open(it: Looking) -> Answer:
    it.would(_comment(it, UNWRITTEN))
    return Answer(form=verb_sheet(it, text_question("comment", language=it.language)))


def _send(it: Interaction, raw: Raw) -> Answer:
    """Store a comment, which has a text, files, or both."""
    files = read_ids(raw.get("files"))
    text = read_text(raw.get("text"), required=not files)
    if files:
        attach(it.tx, files, person=it.person, case_id=it.case.id)
    it.change(_comment(it, it.keep_text("comment", text, files=list(files))))
    return it.done("answer.commented")


VIEW = ActionView(
    name="comment",
    rank=80,
    verbs={"comment": Verb(opens=_open, sends=_send)},
    on_task=_on_task,
    on_case=_on_case,
    sentences={Commented: Sentence(kind="comment", activity="comment")},
)
