"""The web form of a process: what a customer is asked, and the case that is filed of the answers.

A customer has no account, so the filer is an employee whom the definition names (`files_for`). The
answers are those of the customer, what the link says and what the definition fills in; they are
checked as those of every start form are.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from handlers.answers import take_form
from handlers.casework import world_of
from handlers.drafts import prefilled, settled
from handlers.filing import FiledCase, Filing, file_in
from handlers.form_links import FormLink
from handlers.i18n import translator
from handlers.office import Office
from handlers.pages import FormSheet
from handlers.sheets import form_sheet
from handlers.start import current, started_by
from handlers.table_values import people_of_process, process_owners
from handlers.tokens import Token
from storage.unit import Tx
from workflows.case.world import World
from workflows.errors import FormInvalid, Refusal
from workflows.loading import Loaded
from workflows.model.fields import FieldType, Form
from workflows.model.web_form import WebForm

_NOT_IN_A_LINK = (FieldType.FILES, FieldType.ROWS)


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerForm:
    """The web form of a process in force, behind a link. It is valid inside the transaction."""

    loaded: Loaded
    web: WebForm
    form: Form
    world: World
    link: FormLink
    filer: str  # the key of the person for whom it is filed; "" if nobody is there

    def whole(self, raw: Mapping[str, object]) -> dict[str, object]:
        """Return the answers of a customer with those that are fixed, by the field's id."""
        asks = self._asks()
        given = {name: value for name, value in raw.items() if name in asks}
        return {**given, **_listed(self.web.values), **self.link.values}

    def sheet(self, tx: Tx, raw: Mapping[str, object], *, language: str) -> FormSheet:
        """Return the form as the customer sees it with these answers.

        It has the questions that the answers lead to, with the limits of each in its hint, and the
        files among the answers that were uploaded for the link.
        """
        whole = form_sheet(
            self.form,
            token=Token(verb="start", argument=self.loaded.definition.key),
            language=language,
            world=self.world,
            title=self.web.title.of(language),
            intro=self.web.intro.of(language) if self.web.intro is not None else "",
            submit=translator(language).t("web_form.send"),
            values=self.whole(raw),
        )
        sheet, asks = settled(prefilled(tx, whole, person=self.link.via)), self._asks()
        types = {one.id: one.type for one in self.form.fields}  # a chat asks for e-mail as text
        questions = (replace(q, type=types[q.id].value) for q in sheet.questions if q.id in asks)
        return replace(sheet, questions=tuple(questions))

    def problems(self, raw: Mapping[str, object]) -> Mapping[str, Refusal]:
        """Return why these answers of a customer cannot be filed, by the field's id."""
        taken = take_form(self.form, self.whole(raw), world=self.world)
        return {**taken.problems, **taken.missing}

    def _asks(self) -> frozenset[str]:
        """Return the ids of the fields that the customer sees once they are asked."""
        return self.loaded.definition.with_expiries(self.web.fields)


def customer_form(tx: Tx, office: Office, link: FormLink) -> CustomerForm:
    """Return the form behind a link, of the version that the filer's department starts.

    Raises:
        Refusal: `no_web_form` if the process has none; as `start.current` and `start.started_by`.
    """
    loaded = current(tx, office, link.process)
    filer = _filer(tx, office, loaded, _web(loaded))
    if filer:
        loaded = started_by(tx, office, link.process, person=filer)
    definition = loaded.definition
    return CustomerForm(
        loaded=loaded,
        web=_web(loaded),
        form=definition.forms[definition.start_form],
        world=world_of(tx, office, None, loaded),
        link=link,
        filer=filer,
    )


def _web(loaded: Loaded) -> WebForm:
    """Return the web form of a definition. Raises Refusal `no_web_form` without one."""
    definition = loaded.definition
    if definition.web_form is None:
        raise Refusal("no_web_form", process=definition.name)
    return definition.web_form


def check_link(tx: Tx, office: Office, link: FormLink) -> None:
    """Check the answers that a new link fixes.

    Raises:
        Refusal: as `customer_form`; `no_such_field` for a field that the start form lacks, or that
            a link cannot fill, such as files.
        FormInvalid: with the problem of each answer that is not valid.
    """
    asked = customer_form(tx, office, link)
    known = [field.id for field in asked.form.fields if field.type not in _NOT_IN_A_LINK]
    for name in link.values:
        if name not in known:
            raise Refusal("no_such_field", field=name[:60], known=", ".join(known))
    taken = take_form(asked.form, asked.whole({}), world=asked.world)
    wrong = {name: taken.problems[name] for name in link.values if name in taken.problems}
    if wrong:
        raise FormInvalid(wrong)


def file_for_customer(
    tx: Tx, office: Office, filing: Filing, *, link: FormLink, raw: Mapping[str, object]
) -> FiledCase:
    """File the case of a customer's answers in this transaction, once for each key.

    Files among the answers were uploaded for the link, see `FormLink.via`.

    Raises:
        FormInvalid: with the problem of every field that is not valid; nothing is stored.
        Refusal: `nobody_answers` if nobody is there to be the filer; as `customer_form` and
            `filing.file_in`.
    """
    asked = customer_form(tx, office, link)
    if not asked.filer:
        raise Refusal("nobody_answers", process=asked.loaded.definition.name)
    return file_in(tx, office, filing, filer=asked.filer, raw=asked.whole(raw), files_of=link.via)


def _filer(tx: Tx, office: Office, loaded: Loaded, web: WebForm) -> str:
    """Return the key of the first who is not away, or of an owner of the process, or ""."""
    definition, directory = loaded.definition, office.directory(tx)
    people = people_of_process(web.files_for, definition, directory)
    people = people or process_owners(definition, directory)
    now, process = office.clock.now(), definition.key
    return next(iter(directory.present_first(people, at=now, process=process)), "")


def _listed(values: Mapping[str, object]) -> dict[str, object]:
    return {
        name: list(value) if isinstance(value, tuple) else value for name, value in values.items()
    }
