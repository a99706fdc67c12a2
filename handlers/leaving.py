"""Lets managers hand over what people had who have left: the card, its form, and the answer.

Open tasks go to the fallback at once (`timers.replace_leavers`). The manager gets a card with it
and hands it to somebody else, all or item by item, by the rules of transfers.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from handlers import casework
from handlers.answers import required_word
from handlers.i18n import translator
from handlers.office import Office
from handlers.pages import Answer, Badge, Button, Card, Choice, Fact, Line, Question, Tone
from handlers.reading.formatter import formatter, name_of
from handlers.refusals import say
from handlers.sheets import own_sheet, person_question
from handlers.tokens import Token
from storage.unit import Tx
from workflows.actions.hand_over import HandOver, line_above, was_with
from workflows.case.effects import Lane, Post
from workflows.case.state import Case
from workflows.case.status import Status
from workflows.case.task import Task
from workflows.directory import Directory
from workflows.errors import FormInvalid, Refusal
from workflows.records import CaseQuery

KIND = "handover"  # of the card; also the verb of its button
SEEN = "leavers.seen"  # the setting with those who were announced
MOST = 50  # items on a card and in a form
_CASES_MOST = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Left:
    """What a person who has left had."""

    tasks: tuple[tuple[Case, Task], ...]  # open ones, with whoever has them now
    filed: tuple[str, ...]  # cases that run
    roles: tuple[str, ...]
    principals: tuple[str, ...]  # people who are absent and named them as deputy

    @property
    def anything(self) -> bool:
        """Whether there is something to be handed over or to be cared for."""
        return bool(self.tasks or self.filed or self.roles or self.principals)


# ---------------------------------------------------------------------------- announcing


def somebody_left(tx: Tx, office: Office) -> bool:
    """Return whether people have left, or come back, since the last announcement. Only reads."""
    return tx.settings.get(SEEN) != _written(_gone(office.directory(tx)))


def announce(tx: Tx, office: Office) -> None:
    """Tell the managers of people who have left since the last time.

    Somebody without a manager is announced to the administrators. Who had left before the first
    time is announced only if there is an open task of theirs.
    """
    directory = office.directory(tx)
    gone, kept = _gone(directory), tx.settings.get(SEEN)
    for key in sorted(gone - set(json.loads(kept or "[]"))):
        left = what_they_had(tx, office, directory, key)
        if left.tasks or (kept and left.anything):
            _tell(tx, office, directory, key)
    tx.settings.put(SEEN, _written(gone))


def _gone(directory: Directory) -> set[str]:
    return {key for key, person in directory.people.items() if not person.active}


def _written(people: set[str]) -> str:
    return json.dumps(sorted(people))


def _tell(tx: Tx, office: Office, directory: Directory, leaver: str) -> None:
    above = line_above(directory, leaver)[:1] or tuple(sorted(directory.admins))
    posts = [_post(person, leaver) for person in above if directory.active(person)]
    tx.outbox.add(posts, case_id=None, now=office.clock.now(), not_before={})


def _post(to: str, leaver: str, *, anew: bool = True) -> Post:
    return Post(
        to=to, slot=f"{KIND}:{leaver}", kind=KIND, lane=Lane.TASK, args={"who": leaver}, anew=anew
    )


def what_they_had(tx: Tx, office: Office, directory: Directory, leaver: str) -> Left:
    """Return what a person had who has left."""
    query = CaseQuery(participant=leaver, status=Status.RUNNING.value, limit=_CASES_MOST)
    cases = [casework.find(tx, row.id, lock=False) for row in tx.cases.find(query)]
    now, person = office.clock.now(), directory.get(leaver)
    return Left(
        tasks=tuple(
            (case, task) for case in cases for task in case.open_tasks if was_with(task, leaver)
        ),
        filed=tuple(case.id for case in cases if case.filer == leaver),
        roles=tuple(person.roles) if person is not None else (),
        principals=tuple(
            dict.fromkeys(
                one.person
                for one in directory.absences
                if one.deputy == leaver and now < one.ends_at and directory.active(one.person)
            )
        ),
    )


# ---------------------------------------------------------------------------- the card


def card(tx: Tx, office: Office, *, reader: str, leaver: str, language: str) -> Card:
    """Return the manager's card: what the leaver had, who has it now, and the button."""
    directory, words = office.directory(tx), translator(language)
    write = formatter(office, directory, reader=directory.get(reader), language=language)
    left = what_they_had(tx, office, directory, leaver)
    waiting = [one for one in left.tasks if not _handed(one[1], reader)]
    facts = (
        ("handover.filed", ", ".join(left.filed[:MOST])),
        ("handover.roles", ", ".join(left.roles)),
        ("handover.deputises", write.names(left.principals)),
    )
    token = Token(verb=KIND, argument=leaver)
    button = Button(verb=KIND, label=words.t("button.handover"), token=str(token), style="primary")
    return Card(
        kind=KIND,
        title=words.t("card.handover", who=name_of(directory.get(leaver), language)),
        badge=Badge(text=words.t("task.open"), tone=Tone.WARN)
        if waiting
        else Badge(text=words.t("task.done"), tone=Tone.GOOD),
        text=words.n("handover.text", len(left.tasks)),
        facts=tuple(Fact(label=words.t(label), value=value) for label, value in facts if value),
        lines=tuple(
            Line(
                when="",
                text=words.t(
                    "handover.line",
                    item=_called(tx, office, case, task, language),
                    who=write.names(task.owners) or words.t("task.nobody"),
                ),
            )
            for case, task in left.tasks[:MOST]
        ),
        buttons=(button,) if left.tasks else (),
        note=words.n("list.more", len(left.tasks) - MOST) if len(left.tasks) > MOST else "",
    )


def _handed(task: Task, reader: str) -> bool:
    """Return whether somebody other than the reader of the card has the task for good."""
    return task.assignee is not None and task.assignee != reader and len(task.former) > 1


def _called(tx: Tx, office: Office, case: Case, task: Task, language: str) -> str:
    definition = office.shelf.get(tx, case.definition).definition
    return f"{case.id} · {definition.node(task.node).name.of(language)}"


# ---------------------------------------------------------------------------- handing over


def open_sheet(tx: Tx, office: Office, *, person: str, leaver: str, language: str) -> Answer:
    """Return the form: to whom, and which items; all are chosen. Raises Refusal."""
    directory = _require_leaver(tx, office, person=person, leaver=leaver)
    left = what_they_had(tx, office, directory, leaver)
    if not left.tasks:
        raise Refusal("nothing_to_hand_over")
    choices = tuple(
        Choice(id=f"{case.id}_{task.id}", label=_called(tx, office, case, task, language))
        for case, task in left.tasks[:MOST]
    )
    items = Question(
        id="items",
        type="choices",
        label=translator(language).t("sheet.handover.items"),
        required=True,
        choices=choices,
        value=[choice.id for choice in choices],
    )
    sheet = own_sheet(
        KIND,
        token=Token(verb=KIND, argument=leaver),
        language=language,
        questions=(person_question(KIND, language=language, directory=directory), items),
    )
    return Answer(form=sheet)


def _require_leaver(tx: Tx, office: Office, *, person: str, leaver: str) -> Directory:
    directory = office.directory(tx)
    gone = directory.get(leaver)
    if gone is None or gone.active:
        raise Refusal("not_of_a_leaver")
    if person not in (*line_above(directory, leaver), *directory.admins):
        raise Refusal("may_not_hand_over")
    return directory


def send(
    tx: Tx,
    office: Office,
    raw: Mapping[str, object],
    *,
    person: str,
    leaver: str,
    via: str,
    language: str,
) -> Answer:
    """Hand over the chosen items, each by the rules of a transfer; say which could not be.

    Those stay with whoever has them. Raises FormInvalid, and Refusal for whoever may not hand over.
    """
    directory = _require_leaver(tx, office, person=person, leaver=leaver)
    to = required_word(raw.get("person"), "person")
    if not directory.active(to):
        raise FormInvalid({"person": Refusal("person_unknown")})
    left = what_they_had(tx, office, directory, leaver)
    chosen = set(_several(raw.get("items")))
    done, refused = 0, []
    for case, task in left.tasks:
        if f"{case.id}_{task.id}" not in chosen:
            continue
        command = HandOver(actor=person, via=via, task=task.id, leaver=leaver, to=to)
        try:
            casework.change(tx, office, command, case_id=case.id)
            done += 1
        except Refusal as refusal:
            why = say(refusal, office=office, tx=tx, person=person, language=language)
            refused.append(f"{_called(tx, office, case, task, language)}: {why}")
    if not done and not refused:
        raise FormInvalid({"items": Refusal("choice_required")})
    posts = [_post(person, leaver, anew=False)]
    tx.outbox.add(posts, case_id=None, now=office.clock.now(), not_before={})
    words, name = translator(language), name_of(directory.get(to), language)
    lines = [words.n("answer.handover", done, who=name)]
    if refused:
        lines += [words.t("answer.handover.not"), *refused]
    return Answer(text="\n".join(lines), tone=Tone.WARN if refused else Tone.GOOD)


def _several(raw: object) -> Iterator[str]:
    if isinstance(raw, list | tuple):
        yield from map(str, raw)
    elif raw:
        yield str(raw)
