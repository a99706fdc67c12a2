"""`closeloop process new`: writes a draft of a process, from answers or from a template."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from bot.cli.deployment import Deployment, deployed, look
from bot.cli.options import ConfigOption, LanguageOption, spoken
from bot.cli.output import Code, say, show_findings, show_table, show_text

if TYPE_CHECKING:
    from bot.new_process import Answers, Asked
    from handlers.i18n import Translator
    from workflows.directory import Directory, Person
    from workflows.errors import Finding
    from workflows.loading import Loaded

MOST_HOURS = 400
KEY = re.compile(r"[a-z][a-z0-9_-]{0,39}")


def register(family: typer.Typer) -> None:
    """Add this command."""
    family.command("new")(new)


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """The options, None where one was not given."""

    id: str | None
    name_zh: str | None
    name_en: str | None
    command: str | None
    prefix: str | None
    owner: str | None
    department: str | None
    fields: tuple[str, ...]
    decides: tuple[str, ...]
    hours: int
    document: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Company:
    """What a draft is checked against, and where it is written."""

    words: Translator
    directory: Directory
    others: tuple[Loaded, ...]
    folder: Path
    deployed: bool = True  # or the playground is there

    @property
    def owner(self) -> Person | None:
        """Who answers for a new process: an administrator, or the head of a department.

        Somebody with a manager, who then decides on the owner's own cases, if there is one.
        """
        people, admins = self.directory.people, self.directory.admins
        heads = [one.head for one in self.directory.departments.values()]
        known = [people[key] for key in (*sorted(admins), *heads, *people) if key in people]
        managed = (one for one in known if one.active and one.manager)
        return next(managed, next(iter(known), None))

    @property
    def prefixes(self) -> tuple[str, ...]:
        """The letters that other processes have before their numbers."""
        return tuple(one.definition.case_prefix for one in self.others)


def new(
    *,
    template: Annotated[str | None, typer.Option("--template", metavar="NAME")] = None,
    listing: Annotated[bool, typer.Option("--list")] = False,
    id: Annotated[str | None, typer.Option("--id")] = None,
    name_zh: Annotated[str | None, typer.Option("--name-zh")] = None,
    name_en: Annotated[str | None, typer.Option("--name-en")] = None,
    command: Annotated[str | None, typer.Option("--command")] = None,
    prefix: Annotated[str | None, typer.Option("--prefix")] = None,
    owner: Annotated[str | None, typer.Option("--owner", metavar="PEOPLE")] = None,
    department: Annotated[str | None, typer.Option("--department")] = None,
    fields: Annotated[list[str] | None, typer.Option("--field", metavar="ZH|EN|TYPE")] = None,
    decides: Annotated[list[str] | None, typer.Option("--decides", metavar="PEOPLE")] = None,
    hours: Annotated[int, typer.Option("--hours", min=1, max=MOST_HOURS)] = 8,
    document: Annotated[bool, typer.Option("--document/--no-document")] = True,
    who: Annotated[list[str] | None, typer.Option("--who", metavar="ROLE=PEOPLE")] = None,
    out: Annotated[Path | None, typer.Option("--out", "-o", metavar="FILE")] = None,
    config: ConfigOption = None,
    language: LanguageOption = None,
) -> None:
    """Write a commented draft of a process; asks unless a template or an id is given."""
    if listing:
        _list(spoken(language))
        return
    given = Given(
        id=id,
        name_zh=name_zh,
        name_en=name_en,
        command=command,
        prefix=prefix,
        owner=owner,
        department=department,
        fields=tuple(fields or ()),
        decides=tuple(decides or ()),
        hours=hours,
        document=document,
    )
    company = company_of(config, language)
    if template is not None:
        key, text = _from_template(template, given, company, who or ())
    else:
        answers = _asked(given, company) if id is None else _unasked(given, company)
        from bot.new_process import drafted

        key, text = answers.key, drafted(answers)
    path = out or company.folder / f"{key}.toml"
    write_new(path, text, company.words)
    judge(path, text, company)


# ------------------------------------------------------------------------------ the company


def company_of(config: Path | None, language: LanguageOption) -> Company:
    """Return the company of the deployment or the playground; the sample where there is neither."""
    from bot.published import drafted_directory, sample_drafts

    if not deployed(config):
        words = spoken(language)
        drafts = sample_drafts(words=words)
        return Company(
            words=words,
            directory=drafted_directory(drafts.people),
            others=drafts.processes,
            folder=Path(),
            deployed=False,
        )
    from bot.cli.rehearse import people_to_rehearse

    found: list[tuple[Directory, tuple[Loaded, ...]]] = []

    async def task(it: Deployment) -> None:
        stored = await it.database.read(lambda tx: tx.definitions.current())
        others = tuple(it.office.shelf.load(one) for one in stored)
        found.append((await people_to_rehearse(it), others))

    setting = look(task, config=config, language=language, quietly=True)
    ((directory, others),) = found
    folder = Path() if setting.playground else setting.config.processes.path
    return Company(words=setting.words, directory=directory, others=others, folder=folder)


# ------------------------------------------------------------------------------ a template


def _list(words: Translator) -> None:
    from bot import sample
    from workflows.loading import load_definition

    rows = []
    for name in sample.templates():
        path = sample.TEMPLATES / f"{name}.toml"
        definition = load_definition(path.read_text(encoding="utf-8"), file=name).definition
        spoken_ = words.language
        rows.append((name, definition.name.of(spoken_), definition.purpose.of(spoken_)))
    show_table([words.t(f"cli.column.{one}") for one in ("template", "name", "purpose")], rows)


def _from_template(
    template: str, given: Given, company: Company, who: tuple[str, ...] | list[str]
) -> tuple[str, str]:
    from bot import sample
    from bot.new_process import adapted, quoted, texts

    words = company.words
    if template not in sample.templates():
        known = ", ".join(sample.templates())
        refuse(words.t("cli.new.no_template", template=template, known=known))
    roles: dict[str, str] = {}
    for one in who:
        role, _, roles[role] = one.partition("=")
        if not roles[role]:
            refuse(words.t("cli.new.bad_who", given=one))
    if (given.name_zh is None) != (given.name_en is None):
        refuse(words.t("cli.new.both_names"))
    plain = {"key": given.id, "command": given.command, "case_prefix": given.prefix}
    top = {name: quoted(value) for name, value in plain.items() if value is not None}
    if given.owner is not None:
        top["owner"] = quoted(given.owner)
    if given.name_zh is not None and given.name_en is not None:
        top["name"] = texts(given.name_zh, given.name_en)
    if given.department is not None:
        top["departments"] = f"[{quoted(given.department)}]"
    return given.id or template, adapted(template, top=top, roles=roles)


# ------------------------------------------------------------------------------ answers


def _unasked(given: Given, company: Company) -> Answers:
    """Return the answers that the options give, with what is usual for the rest."""
    from bot.new_process import LINE_MANAGER, Answers, Asked, prefix_of

    words = company.words
    key = given.id or ""
    if not KEY.fullmatch(key):
        refuse(words.t("cli.new.bad_id", given=key))
    if given.name_zh is None or given.name_en is None:
        refuse(words.t("cli.new.both_names"))
    owner = company.owner
    return Answers(
        key=key,
        zh=given.name_zh or "",
        en=given.name_en or "",
        command=given.command or key.replace("_", "-"),
        prefix=given.prefix or prefix_of(key, taken=company.prefixes),
        owner=given.owner or ("" if owner is None else f"person:{owner.id}"),
        department=given.department or ("" if owner is None else owner.department),
        fields=tuple(_field(one, words) for one in given.fields)
        or (Asked(zh="事由", en="Reason", kind="long_text"),),
        deciders=given.decides or (LINE_MANAGER,),
        hours=given.hours,
        document=given.document,
    )


def _field(text: str, words: Translator) -> Asked:
    from bot.new_process import KINDS, field_of

    try:
        return field_of(text)
    except ValueError:
        refuse(words.t("cli.new.bad_field", given=text, kinds=", ".join(KINDS)))


def _asked(given: Given, company: Company) -> Answers:
    """Ask for everything that no option gives; a wrong answer is asked for again."""
    words = company.words
    say(words.t("cli.new.intro"))
    key = _ask(words.t("cli.new.ask.id"))
    while not KEY.fullmatch(key):
        say(words.t("cli.new.bad_id", given=key))
        key = _ask(words.t("cli.new.ask.id"))
    zh = given.name_zh or _ask(words.t("cli.new.ask.name_zh"))
    en = given.name_en or _ask(words.t("cli.new.ask.name_en"))
    it = _unasked(replace(given, id=key, name_zh=zh, name_en=en), company)
    if given.command is None:
        it = _right(
            it, company, "command", it.command, lambda one, told: replace(one, command=told)
        )
    if given.owner is None:
        it = _right(it, company, "owner", it.owner, lambda one, told: replace(one, owner=told))
    if not given.fields:
        it = replace(it, fields=_questions(words) or it.fields)
    if not given.decides:
        it = _deciders(it, company)
    hours = _ask(words.t("cli.new.ask.hours"), default=str(it.hours))
    while not (hours.isdecimal() and 1 <= int(hours) <= MOST_HOURS):
        say(words.t("cli.new.bad_hours", most=MOST_HOURS))
        hours = _ask(words.t("cli.new.ask.hours"), default=str(it.hours))
    document = typer.confirm(words.t("cli.new.ask.document"), default=True, err=True)
    return replace(it, hours=int(hours), document=document)


def _ask(text: str, *, default: str | None = None) -> str:
    told: str = typer.prompt(text, default=default, show_default=bool(default), err=True)
    return told.strip()


def _right(
    it: Answers,
    company: Company,
    name: str,
    default: str | None,
    changed: Callable[[Answers, str], Answers],
) -> Answers:
    """Ask for something until the draft with it has no findings; return the answers with it."""
    from bot.new_process import drafted

    while True:
        told = _ask(company.words.t(f"cli.new.ask.{name}"), default=default)
        if name == "decides" and not told:
            return it
        more = changed(it, told)
        found = _check(drafted(more), name, company)
        if not found:
            return more
        for one in found[:1]:
            say(f"{_told(one.problem, company.words)} → {_told(one.hint, company.words)}")


def _questions(words: Translator) -> tuple[Asked, ...]:
    """Ask for the questions of the form, until an empty answer."""
    from bot.new_process import KINDS, field_of

    say(words.t("cli.new.fields", kinds=", ".join(KINDS)))
    found: list[Asked] = []
    while told := _ask(words.t("cli.new.ask.field", number=len(found) + 1), default=""):
        try:
            found.append(field_of(told))
        except ValueError:
            say(words.t("cli.new.bad_field", given=told, kinds=", ".join(KINDS)))
    return tuple(found)


def _deciders(it: Answers, company: Company) -> Answers:
    """Ask who decides, one after another, until an empty answer."""
    say(company.words.t("cli.new.deciders"))
    it = _right(
        it,
        company,
        "first_decides",
        it.deciders[0],
        lambda one, told: replace(one, deciders=(told,)),
    )
    while True:
        more = _right(
            it,
            company,
            "decides",
            "",
            lambda one, told: replace(one, deciders=(*one.deciders, told)),
        )
        if more is it:
            return it
        it = more


# ------------------------------------------------------------------------------ writing


def write_new(path: Path, text: str, words: Translator) -> None:
    """Write a file that is not there yet."""
    if path.exists():
        refuse(words.t("cli.new.there", file=str(path)))
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except OSError as error:
        say(words.t("cli.cannot_write", file=error.filename or path, why=error.strerror))
        raise typer.Exit(Code.UNUSABLE) from error


def judge(path: Path, text: str, company: Company) -> None:
    """Say what is written and what is next; print findings and exit with 1 if there are any."""
    words = company.words
    found = _check(text, str(path), company)
    show_text(str(path))
    if found:
        say(words.t("cli.new.written"))
        show_findings(found, words=words)
        raise typer.Exit(Code.REFUSED)
    msgid = "cli.new.next" if company.deployed else "cli.new.next_playground"
    say(words.t(msgid, file=str(path), folder=str(path.parent)))


def _check(text: str, file: str, company: Company) -> tuple[Finding, ...]:
    from handlers.clashes import clashes
    from workflows.lint import check
    from workflows.loading import load_definition

    found = check(text, file=file, directory=company.directory)
    if found:
        return found
    return tuple(clashes([*company.others, load_definition(text, file=file)]))


def _told(text: str, words: Translator) -> str:
    from handlers.i18n.sayings import told

    return told(text, words=words)


def refuse(text: str) -> NoReturn:
    say(text)
    raise typer.Exit(Code.REFUSED)
