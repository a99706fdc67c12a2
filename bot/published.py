"""Drafts in files, and the versions published to the database.

`people.toml` and `processes/*.toml` are drafts. The bot uses the versions in the database, which
are written when a deployment is set up and afterwards only by `process publish` and `people
import`. Drafts are validated together, processes against people, before any is published.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bot import sample
from bot.config import Config
from bot.findings import Findings, Unreadable, finding, read_text, read_toml, shown
from bot.people_file import PeopleFile, read_people
from bot.people_import import ImportSummary, plan_import
from bot.settings_values import is_web_address
from handlers.clashes import clashes, require_apart
from handlers.draft_base import require_base
from handlers.i18n import Translator
from storage.unit import Tx
from workflows.case.events import SYSTEM
from workflows.directory import Directory
from workflows.errors import ConfigError, DefinitionError, Finding, Refusal
from workflows.lint import check
from workflows.lint_targets import against_others
from workflows.loading import Loaded, load_definition
from workflows.model.definition import Definition
from workflows.moments import Moment
from workflows.ports import Ids
from workflows.records import StoredDefinition
from workflows.rehearsal.scenario import SUFFIX
from workflows.releases import Release


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedDrafts:
    """Drafts without findings, ready to be published."""

    people: PeopleFile
    processes: tuple[Loaded, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """A published definition; `new` when this call published it.

    `ended` are the releases to departments that this has ended.
    """

    stored: StoredDefinition
    new: bool
    ended: tuple[Release, ...] = ()


def read_drafts(config: Config, *, words: Translator, file: Path | None = None) -> CheckedDrafts:
    """Read and validate the drafts that a configuration names.

    `file` is the path of the configuration. Where people come from another directory their file
    is not read. Raises ConfigError with all findings of all files, or Unreadable when a file does
    not exist.
    """
    pile = _Pile(words=words)
    from_file = config.people.source == "file"
    people = pile.people(config.people.file) if from_file else None
    if people is not None and file is not None:
        pile.admins(config, people, file)
    processes = pile.processes(config.processes.path, people, config.company.calendars)
    if people is not None and file is not None and not pile.found:
        pile.systems(config, people, processes, file)
        pile.forms(config, processes, file)
    pile.throw()
    if not from_file:
        people = PeopleFile(people=(), departments=None)
    assert people is not None, "what cannot be read leaves a finding"
    return CheckedDrafts(people=people, processes=processes)


def sample_drafts(*, words: Translator) -> CheckedDrafts:
    """Return the sample company and the shipped processes."""
    pile = _Pile(words=words)
    people = pile.people(sample.PEOPLE)
    processes = pile.processes(sample.PROCESSES, people, ())
    pile.throw()
    assert people is not None, "what cannot be read leaves a finding"
    return CheckedDrafts(people=people, processes=processes)


def definition_files(folder: Path) -> list[Path]:
    """Return the definitions in a folder, without the scenarios beside them."""
    return sorted(path for path in folder.glob("*.toml") if not path.name.endswith(SUFFIX))


def read_process(
    path: Path, *, directory: Directory, calendars: Collection[str], words: Translator
) -> Loaded:
    """Read a draft of a process and validate it against people and calendars of the company.

    Raises Unreadable when the file does not exist, ConfigError when it is not UTF-8, and
    DefinitionError with all findings.
    """
    text = read_text(path, words=words)
    found = check(text, file=shown(path), directory=directory, calendars=calendars)
    if found:
        raise DefinitionError(found)
    return load_definition(text, file=shown(path))


# ------------------------------------------------------------------------------ putting in force


def put_people_in_force(
    tx: Tx, file: PeopleFile, *, ids: Ids, accept: bool = False
) -> ImportSummary:
    """Replace the directory in the database by a draft and return what changed.

    The draft is the complete list: people who are not in it become inactive. Raises Refusal
    `many_leave` with their ids when these are more than a tenth of the people and more than two,
    unless `accept` is given.
    """
    plan = plan_import(tx.people.directory(), file, ids)
    if plan.many_leave and not accept:
        left = plan.summary.left
        raise Refusal("many_leave", count=len(left), names=", ".join(left))
    if plan.departments_changed or not plan.summary.nothing:
        tx.people.replace(plan.people, plan.departments)
    return plan.summary


def publish(
    tx: Tx, loaded: Loaded, *, at: Moment, by: str = SYSTEM, beside: Iterable[Loaded] = ()
) -> Published:
    """Publish a definition as a new version; does nothing when its text is already in force.

    The version on which a draft says that it is based must be in force.

    Args:
        beside: definitions that are published in the same transaction; their start forms are
            used instead of those that are in force.

    Raises:
        DefinitionError: another process uses the same command or case prefix, or a process that
            it starts does not exist or does not accept the values.
        Refusal: `newer_in_force`.
    """
    definition = loaded.definition
    for stored in tx.definitions.current():
        if stored.key == definition.key:
            if stored.hash == loaded.hash:
                return Published(stored=stored, new=False)
            require_base(tx, loaded.based_on, current=stored, file=loaded.source.file)
    require_apart(tx, loaded, beside=beside)
    before = tx.releases.open_of(definition.key)
    stored = tx.definitions.publish(
        key=definition.key, hash=loaded.hash, text=loaded.text, at=at, by=by
    )
    left = {one.number for one in tx.releases.open_of(definition.key)}
    ended = tuple(one for one in before if one.department and one.number not in left)
    return Published(stored=stored, new=True, ended=ended)


def put_first_in_force(tx: Tx, drafts: CheckedDrafts, *, ids: Ids, at: Moment) -> bool:
    """Publish drafts where no people or no processes are published yet; return whether any were.

    Where people come from another directory the draft has none.
    """
    needed = False
    if drafts.people.people and not tx.people.directory().people:
        put_people_in_force(tx, drafts.people, ids=ids)
        needed = True
    if not tx.definitions.current():
        for loaded in drafts.processes:
            publish(tx, loaded, at=at, beside=drafts.processes)
        needed = True
    return needed


def drafted_directory(file: PeopleFile) -> Directory:
    """Return the directory that a draft describes, to validate processes against."""
    return plan_import(Directory(), file, _Numbers()).directory


# ------------------------------------------------------------------------------ judging


@dataclass(slots=True, kw_only=True)
class _Pile:
    """The findings of several files; `missing` when one of them does not exist."""

    words: Translator
    found: list[Finding] = field(default_factory=list)
    missing: bool = False

    def people(self, path: Path) -> PeopleFile | None:
        try:
            return read_people(path, words=self.words)
        except ConfigError as error:
            self._take(error)
            return None

    def admins(self, config: Config, people: PeopleFile, file: Path) -> None:
        known = {person.id for person in people.people}
        findings = Findings(source=read_toml(file, words=self.words), words=self.words)
        for index, admin in enumerate(config.company.admins):
            if admin not in known:
                findings.add("unknown_person", ("company", "admins", index), value=admin)
        self.found.extend(findings.found)

    def systems(
        self, config: Config, people: PeopleFile, processes: Sequence[Loaded], file: Path
    ) -> None:
        """Add a finding for whatever a token may be used for and does not exist."""
        findings = Findings(source=read_toml(file, words=self.words), words=self.words)
        known = {
            "person": {person.id for person in people.people},
            "department": {one.id for one in people.departments or ()},
            "role": {role for person in people.people for role in person.roles},
            "process": {loaded.definition.key for loaded in processes},
        }
        for index, token in enumerate(config.api.tokens):
            system = token.system()
            at: tuple[str | int, ...] = ("api", "tokens", index)
            for one in system.audiences:
                if one.name and one.name not in known[one.kind]:
                    findings.add(f"unknown_{one.kind}", (*at, "may_file_for"), value=one.name)
            for number, process in enumerate(system.processes):
                if process not in known["process"]:
                    findings.add("unknown_process", (*at, "processes", number), value=process)
        self.found.extend(findings.found)

    def forms(self, config: Config, processes: Sequence[Loaded], file: Path) -> None:
        """Add a finding for what a web form of a process needs and the configuration lacks."""
        findings = Findings(source=read_toml(file, words=self.words), words=self.words)
        wanted = [one.definition.key for one in processes if one.definition.web_form is not None]
        if wanted and not config.web_forms.keys:
            findings.add("no_form_key", ("web_forms", "keys"), process=wanted[0])
        if wanted and not is_web_address(config.http.public_url):
            findings.add("no_form_address", ("http", "public_url"), process=wanted[0])
        self.found.extend(findings.found)

    def processes(
        self, folder: Path, people: PeopleFile | None, calendars: Collection[str]
    ) -> tuple[Loaded, ...]:
        directory = None if people is None else drafted_directory(people)
        paths = definition_files(folder)
        if not paths:
            there = folder.is_dir()
            self.missing = self.missing or not there
            code = "no_processes" if there else "no_folder"
            self.found.append(finding(code, words=self.words, file=shown(folder)))
        loaded = []
        for path in paths:
            try:
                text = read_text(path, words=self.words)
            except ConfigError as error:
                self._take(error)
                continue
            found = check(text, file=shown(path), directory=directory, calendars=calendars)
            self.found.extend(found)
            if not found:
                loaded.append(load_definition(text, file=shown(path)))
        self.found.extend(clashes(loaded))
        if len(loaded) == len(paths):  # else a process that one starts may be among the others
            targets = _by_key(loaded)
            for one in loaded:
                self.found.extend(against_others(one, targets))
        return tuple(loaded)

    def throw(self) -> None:
        if self.found:
            raise (Unreadable if self.missing else ConfigError)(self.found)

    def _take(self, error: ConfigError) -> None:
        self.found.extend(error.findings)
        self.missing = self.missing or isinstance(error, Unreadable)


def _by_key(several: Iterable[Loaded]) -> dict[str, Definition]:
    return {loaded.definition.key: loaded.definition for loaded in several}


class _Numbers:
    """Ids for a directory that nobody keeps."""

    def __init__(self) -> None:
        self._given = 0

    def new(self, kind: str) -> str:
        self._given += 1
        return f"{kind}_{self._given}"

    def salt(self) -> str:
        raise AssertionError("people have no salt")
