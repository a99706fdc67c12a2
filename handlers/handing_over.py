"""Hands over what somebody had who has left: the form, and what one press of it does.

For each kind of thing the manager chooses who takes it over, a process owner for what the leaver
had in its cases. Tasks follow the rules of transfers;
running cases get somebody in the place of their filer; whoever had the leaver as deputy is asked to
name another one. What the directory holds is changed in the people file, so the administrators are
asked for it. What cannot be handed over stays where it is and is named with the reason.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from handlers import casework
from handlers.answers import read_word, required_word
from handlers.cards.absences import ALONE
from handlers.cards.leavers import IN_DIRECTORY
from handlers.i18n import translator
from handlers.leaving import (
    KIND,
    MOST,
    Left,
    called,
    card_for,
    may_hand_all_over,
    people_to_tell,
    what_they_had,
)
from handlers.office import Office
from handlers.pages import Answer, Choice, Question, Tone
from handlers.reading.formatter import name_of
from handlers.refusals import say
from handlers.sheets import own_sheet, people_choices, person_question
from handlers.tokens import Token
from storage.unit import Tx
from workflows.actions.hand_over import HandOver
from workflows.actions.hand_over_case import HandOverCase
from workflows.case.effects import Lane, Post
from workflows.directory import Directory
from workflows.errors import FormInvalid, Refusal
from workflows.moments import iso

FILED, IN_PLACE, ABSENT = "filed_to", "roles_to", "principals"  # questions beside the tasks'


@dataclass(frozen=True, slots=True, kw_only=True)
class _Handing:
    """One press: who hands over what of whom, and the language of the answer."""

    tx: Tx
    office: Office
    directory: Directory
    person: str
    leaver: str
    via: str
    language: str

    def name(self, key: str) -> str:
        return name_of(self.directory.get(key), self.language)

    def listed(self, keys: Iterable[str]) -> str:
        return translator(self.language).t("name.separator").join(map(self.name, keys))

    def why(self, refusal: Refusal) -> str:
        return say(
            refusal, office=self.office, tx=self.tx, person=self.person, language=self.language
        )

    def post(self, posts: Iterable[Post]) -> None:
        self.tx.outbox.add([*posts], case_id=None, now=self.office.clock.now(), not_before={})


# ---------------------------------------------------------------------------- the form


def open_sheet(tx: Tx, office: Office, *, person: str, leaver: str, language: str) -> Answer:
    """Return the form: for each kind of thing that the leaver had, who gets it.

    Raises Refusal for whoever may not hand over, and when nothing is left.
    """
    directory = _require_leaver(tx, office, person=person, leaver=leaver)
    left = what_they_had(tx, office, directory, leaver, reader=person)
    if not left.anything:
        raise Refusal("nothing_to_hand_over")
    sheet = own_sheet(
        KIND,
        token=Token(verb=KIND, argument=leaver),
        language=language,
        questions=_questions(tx, office, directory, left, language),
    )
    return Answer(form=sheet)


def _questions(
    tx: Tx, office: Office, directory: Directory, left: Left, language: str
) -> Iterator[Question]:
    if left.tasks:
        yield person_question(KIND, language=language, directory=directory)
        items = (
            Choice(id=f"{case.id}_{task.id}", label=called(tx, office, case, task, language))
            for case, task in left.tasks[:MOST]
        )
        yield _all_of(items, id="items", label="sheet.handover.items", language=language)
    words, everybody = translator(language), people_choices(directory, language)
    if left.filed:
        yield Question(
            id=FILED,
            type="person",
            label=words.t("sheet.handover.filed_to"),
            hint=words.t("name.separator").join(left.filed[:MOST]),
            choices=everybody,
        )
    if left.in_directory:
        yield Question(
            id=IN_PLACE,
            type="person",
            label=words.t("sheet.handover.roles_to"),
            hint=words.t("sheet.handover.roles_to.hint"),
            choices=everybody,
        )
    if left.absences:
        people = dict.fromkeys(one.person for one in left.absences)
        absent = (
            Choice(id=key, label=name_of(directory.get(key), language)) for key in [*people][:MOST]
        )
        yield _all_of(absent, id=ABSENT, label="sheet.handover.principals", language=language)


def _all_of(choices: Iterable[Choice], *, id: str, label: str, language: str) -> Question:
    """Return a question for several of these, of which all are chosen at first."""
    found = tuple(choices)
    return Question(
        id=id,
        type="choices",
        label=translator(language).t(label),
        required=id == "items",
        choices=found,
        value=[choice.id for choice in found],
    )


def _require_leaver(tx: Tx, office: Office, *, person: str, leaver: str) -> Directory:
    directory = office.directory(tx)
    gone = directory.get(leaver)
    if gone is None or gone.active:
        raise Refusal("not_of_a_leaver")
    told = people_to_tell(tx, office, directory, leaver)
    if person not in told and not may_hand_all_over(directory, leaver, person=person):
        raise Refusal("may_not_hand_over")
    return directory


# ---------------------------------------------------------------------------- the press


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
    """Hand over everything that was chosen, and say what could not be, item by item.

    Raises FormInvalid, and Refusal for whoever may not hand over.
    """
    it = _Handing(
        tx=tx,
        office=office,
        directory=_require_leaver(tx, office, person=person, leaver=leaver),
        person=person,
        leaver=leaver,
        via=via,
        language=language,
    )
    left = what_they_had(tx, office, it.directory, leaver, reader=person)
    chosen = _read(raw, left, it.directory)
    done: list[str] = []
    refused: list[str] = []
    _tasks(it, left, chosen, done, refused)
    _cases(it, left, chosen, done, refused)
    _deputies(it, left, chosen, done)
    _roles(it, left, chosen, done)
    told = dict.fromkeys((person, *people_to_tell(tx, office, it.directory, leaver)))
    it.post(card_for(one, leaver, anew=False) for one in told)
    if refused:
        refused.insert(0, translator(language).t("answer.handover.not"))
    text = "\n".join((*done, *refused)) or translator(language).t("answer.handover.nothing")
    return Answer(text=text, tone=Tone.WARN if refused else Tone.GOOD)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Chosen:
    """The valid answers of the form; "" for nobody."""

    to: str
    items: frozenset[str]
    filed_to: str
    roles_to: str
    principals: frozenset[str]


def _read(raw: Mapping[str, object], left: Left, directory: Directory) -> _Chosen:
    items = frozenset(_several(raw.get("items")))
    problems: dict[str, Refusal] = {}
    to = required_word(raw.get("person"), "person") if left.tasks else ""
    filed_to = read_word(raw.get(FILED), FILED, problems)
    roles_to = read_word(raw.get(IN_PLACE), IN_PLACE, problems)
    for field, key in (("person", to), (FILED, filed_to), (IN_PLACE, roles_to)):
        if key and not directory.active(key):
            problems[field] = Refusal("person_unknown")
    if left.tasks and not any(f"{case.id}_{task.id}" in items for case, task in left.tasks):
        problems["items"] = Refusal("choice_required")
    if problems:
        raise FormInvalid(problems)
    return _Chosen(
        to=to,
        items=items,
        filed_to=filed_to,
        roles_to=roles_to,
        principals=frozenset(_several(raw.get(ABSENT))),
    )


def _several(raw: object) -> Iterator[str]:
    if isinstance(raw, list | tuple):
        yield from map(str, raw)
    elif raw:
        yield str(raw)


def _tasks(it: _Handing, left: Left, chosen: _Chosen, done: list[str], refused: list[str]) -> None:
    """Hand over the chosen tasks, each by the rules of a transfer."""
    count = 0
    for case, task in left.tasks:
        if f"{case.id}_{task.id}" not in chosen.items:
            continue
        command = HandOver(
            actor=it.person, via=it.via, task=task.id, leaver=it.leaver, to=chosen.to
        )
        try:
            casework.change(it.tx, it.office, command, case_id=case.id)
            count += 1
        except Refusal as refusal:
            item = called(it.tx, it.office, case, task, it.language)
            refused.append(f"{item}: {it.why(refusal)}")
    if count:
        words = translator(it.language)
        done.append(words.n("answer.handover", count, who=it.name(chosen.to)))


def _cases(it: _Handing, left: Left, chosen: _Chosen, done: list[str], refused: list[str]) -> None:
    """Give the running cases that the leaver filed to somebody in their place."""
    count = 0
    for case_id in left.filed if chosen.filed_to else ():
        command = HandOverCase(actor=it.person, via=it.via, leaver=it.leaver, to=chosen.filed_to)
        try:
            casework.change(it.tx, it.office, command, case_id=case_id)
            count += 1
        except Refusal as refusal:
            refused.append(f"{case_id}: {it.why(refusal)}")
    if count:
        words = translator(it.language)
        done.append(words.n("answer.handover.filed", count, who=it.name(chosen.filed_to)))


def _deputies(it: _Handing, left: Left, chosen: _Chosen, done: list[str]) -> None:
    """End what the leaver was deputy for, and notify those people that they have no deputy.

    They stay absent; only they, their managers and administrators name another deputy.
    """
    told: dict[str, None] = {}
    for one in left.absences:
        if one.person not in chosen.principals:
            continue
        it.tx.people.add_absence(replace(one, deputy=""), by=it.person)
        args = {"person": one.person, "by": it.person, "deputy": it.leaver}
        args |= {"first": iso(one.starts_at), "last": iso(one.ends_at)}
        slot = f"{ALONE}:{one.id}"
        it.post([Post(to=one.person, slot=slot, kind=ALONE, lane=Lane.TASK, args=args)])
        told[one.person] = None
    if told:
        words = translator(it.language)
        people = it.listed(told)
        done.append(words.t("answer.handover.deputies", people=people))


def _roles(it: _Handing, left: Left, chosen: _Chosen, done: list[str]) -> None:
    """Ask the administrators to give what the directory holds to somebody, in the people file."""
    admins = sorted(filter(it.directory.active, it.directory.admins))
    if not chosen.roles_to or not left.in_directory:
        return
    words = translator(it.language)
    args = {"who": it.leaver, "by": it.person, "to": chosen.roles_to}
    slot = f"{IN_DIRECTORY}:{it.leaver}"
    it.post(
        Post(to=admin, slot=slot, kind=IN_DIRECTORY, lane=Lane.TASK, args=args, anew=True)
        for admin in admins
    )
    asked = it.listed(admins)
    msgid = "answer.handover.roles" if asked else "answer.handover.roles.nobody"
    done.append(words.t(msgid, who=it.name(chosen.roles_to), admins=asked))
