"""Makes the training card of a version, and takes the receipt of whoever has read it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from handlers import first_use
from handlers.i18n import translator
from handlers.interaction import Caller
from handlers.office import Office
from handlers.pages import Answer, Badge, Button, Card, Fact, Line, Tone
from handlers.reading.formatter import Formatter, formatter
from handlers.reading.pilots import helper_of_version
from handlers.reports.cases import working_day
from handlers.specification.source import Earlier, SpecificationSource
from handlers.tokens import TRAINING, Token
from handlers.training import wording
from storage.releases import ALL
from storage.trainings import TrainingCard
from storage.unit import Tx
from workflows.errors import DefinitionError, Refusal


def training_card(
    tx: Tx, office: Office, args: Mapping[str, str], *, reader: str, language: str
) -> Card:
    """Return the training card of a version for whoever got it."""
    process, version = args["process"], int(args["version"])
    training = tx.trainings.get(process, version, person=reader)
    assert training is not None, "a card that was enqueued is recorded"
    directory = office.directory(tx)
    write = formatter(office, directory, reader=directory.people[reader], language=language)
    source = _source(tx, office, training, replace(write, lasting=True))
    words, read = source.words, training.read_at
    return Card(
        kind=TRAINING,
        title=words.t("card.training", process=write.text(source.definition.name), version=version),
        badge=None if read is None else Badge(text=words.t("training.read"), tone=Tone.GOOD),
        text=wording.contents(source),
        facts=tuple(_facts(source, training, _helper(tx, office, training))),
        lines_title=words.t("training.steps"),
        lines=tuple(Line(when="", text=one) for one in wording.steps(source)),
        buttons=() if read is not None else (_button(source, training),),
        note=words.t("training.ask")
        if read is None
        else words.t("training.read_on", when=source.form.at(read)),
    )


def _source(tx: Tx, office: Office, card: TrainingCard, write: Formatter) -> SpecificationSource:
    stored = tx.definitions.version(card.process, card.version)
    assert stored is not None, "a version that was released is stored"
    definition = office.shelf.load(stored).definition
    return SpecificationSource(
        definition=definition,
        form=write,
        company=office.company.name_in(write.language),
        day=working_day(office),
        version=card.version,
        before=_before(tx, office, card),
    )


def _before(tx: Tx, office: Office, card: TrainingCard) -> Earlier | None:
    """Return the version that was in force before a version was first released."""
    history = tx.releases.history(card.process)
    first = next(one.number for one in history if one.version == card.version)
    former = [one for one in history if one.department == ALL and one.number < first]
    if not former:
        return None
    stored = tx.definitions.version(card.process, former[-1].version)
    assert stored is not None, "a version that was released is stored"
    try:
        definition = office.shelf.load(stored).definition
    except DefinitionError:
        return None
    return Earlier(version=stored.version, definition=definition)


def _facts(source: SpecificationSource, card: TrainingCard, helper: str) -> Iterator[Fact]:
    t, before = source.words.t, source.before
    parts = (
        (t("training.how"), wording.how(source, card.node)),
        (t("training.cautions"), wording.cautions(source, card.node)),
        (
            "" if before is None else t("training.changes", version=before.version),
            wording.changes(source),
        ),
    )
    for label, said in parts:
        if value := _lines(said):
            yield Fact(label=label, value=value)
    if helper:
        name = source.form.name(helper)
        asked = t("training.you") if helper == card.person else t("training.helper", name=name)
        yield Fact(label=t("training.questions"), value=asked)


def _lines(said: Iterable[str]) -> str:
    return "\n".join(said)


def _helper(tx: Tx, office: Office, card: TrainingCard) -> str:
    person = office.directory(tx).get(card.person)
    department = "" if person is None else person.department
    others = tuple(one.department for one in tx.releases.open_of(card.process))
    departments = (department, ALL, *others)
    return helper_of_version(tx, office, card.process, card.version, departments=departments)


def _button(source: SpecificationSource, card: TrainingCard) -> Button:
    token = Token(verb=TRAINING, argument=f"{card.version}_{card.process}")
    return Button(
        verb=TRAINING, label=source.words.t("button.training"), token=str(token), style="primary"
    )


def confirm(caller: Caller, token: Token) -> Answer:
    """Store the receipt of a reader, once.

    Raises Refusal `training_not_yours` for whoever got no such card.
    """
    tx, office, me = caller.tx, caller.office, caller.person.key
    number, _, process = token.argument.partition("_")
    version = int(number) if number.isdecimal() and len(number) < 9 else 0  # noqa: PLR2004 - a number of the database
    card = tx.trainings.get(process, version, person=me)
    if card is None:
        raise Refusal("training_not_yours")
    words = translator(caller.language)
    if not tx.trainings.read(process, version, person=me, at=office.clock.now()):
        write = formatter(office, caller.directory, reader=caller.person, language=caller.language)
        read = tx.trainings.get(process, version, person=me)
        assert read is not None, "it was there"
        assert read.read_at is not None, "and was read"
        return Answer(text=words.t("answer.training_again", when=write.at(read.read_at)))
    first_use.owe(tx, office, [card], anew=False)
    return Answer(text=words.t("answer.training"), tone=Tone.GOOD)
