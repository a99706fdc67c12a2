"""The draft of a change case: the file in its field `draft`, or the version in force without one.

While a task asks for the file, its assignee's draft of the task's form has it: what they change in
the chat is attached when they complete the task, as a file that they upload is.

Files are read outside transactions (`read_draft_of`), and the definition in a draft is then kept on
the shelf by the hash of its file, so that a form about it can be made in a transaction.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from handlers import casework
from handlers.action_view import Offered, Standing
from handlers.buttons import button
from handlers.changing.handed import Handed, handed_in, is_outdated, is_usable
from handlers.changing.spots import VIEW
from handlers.draft_base import version_of
from handlers.i18n import Translator, translator
from handlers.i18n.sayings import told
from handlers.interaction import Looking
from handlers.office import Office
from handlers.pages import Fact
from handlers.process_names import key_named
from handlers.reading.case import Reading
from handlers.table_values import may_own
from handlers.tokens import Token
from storage.unit import Database, Tx
from workflows.case.state import Case
from workflows.case.status import Status
from workflows.case.task import Task
from workflows.case.world import World
from workflows.errors import DefinitionError, Refusal
from workflows.loading import Loaded, load_definition, with_base
from workflows.model.definition import Definition
from workflows.model.fields import FieldType
from workflows.model.nodes import ApprovalNode, TaskNode
from workflows.ports import Files
from workflows.records import FormDraft, StoredDefinition, StoredFile

PROCESS = "process-change"  # the process whose cases change others
TARGET = "process"  # the field of its start form that names the process that it changes
FIELD = "draft"  # the field with the file of the draft
DIGITS = 12  # of a hash, as it is shown


@dataclass(frozen=True, kw_only=True)
class CaseDraft:
    """The draft of a case: its definition, its file, and the version in force.

    `file` is None before the first change; the definition is then the version in force. `current`
    and `in_force` are None for a new process. `handed` is what a proposal of a review handed over.
    """

    loaded: Loaded
    file: StoredFile | None
    current: StoredDefinition | None
    in_force: Definition | None
    handed: Handed | None = None

    @property
    def definition(self) -> Definition:
        """The definition as the draft has it."""
        return self.loaded.definition

    @cached_property
    def text(self) -> str:
        """The text of the draft, with the version on which it is based if it says that."""
        base = self.loaded.based_on
        if self.file is None and self.current is not None:
            base = self.current.hash
        return with_base(self.loaded.text, base) if base else self.loaded.text

    @property
    def hash(self) -> str:
        """The first digits of the hash of its file; "" without one."""
        return "" if self.file is None else self.file.sha256[:DIGITS]


def asks_for_draft(definition: Definition, node_id: str) -> bool:
    """Return whether the form of a task asks for the file of the draft."""
    node = definition.node(node_id)
    if not isinstance(node, TaskNode) or node.form is None:
        return False
    fields = definition.forms[node.form].fields
    return any(field.id == FIELD and field.type is FieldType.FILES for field in fields)


def offers(reading: Reading, task: Task, standing: Standing) -> Iterator[Offered]:
    """Yield the buttons about the draft on the card of a task of a change case."""
    node = reading.definition.work_node(task.node)
    if standing is Standing.ASSIGNEE and asks_for_draft(reading.definition, node.id):
        yield Offered(button=button(reading, "change", task=task.id), main=True)
        handed, tx = handed_to(reading), reading.pilots.tx
        seen = handed is not None and is_usable(tx, handed, tx.definitions.in_force(handed.process))
    else:
        signs = isinstance(node, ApprovalNode) and FIELD in node.material
        seen = signs and bool(reading.world.values.get(FIELD))
    if seen:
        label = reading.words.t("change.kind.view")
        view = button(reading, "change", task=task.id, argument=VIEW, label=label)
        yield Offered(button=view, main=True)


def note(reading: Reading, task: Task) -> Iterator[str]:
    """Yield which draft an approval is about, by its hash."""
    node = reading.definition.work_node(task.node)
    ids = reading.world.values.get(FIELD)
    if not isinstance(node, ApprovalNode) or FIELD not in node.material or not ids:
        return
    file = reading.files.get(str(ids[-1])) if isinstance(ids, list) else None
    if file is not None:
        yield reading.words.t("change.note", hash=file.sha256[:DIGITS], file=file.name)


def handed_to(reading: Reading) -> Handed | None:
    """Return what a proposal of a review handed to a case, until a draft is handed in."""
    if reading.case.status is not Status.RUNNING or reading.world.values.get(FIELD):
        return None
    return handed_in(reading.contents)


def handed_facts(reading: Reading, task: Task | None = None, *, full: bool) -> Iterator[Fact]:
    """Yield the draft that a proposal handed to a case, or why there is none.

    Args:
        task: that of a step that asks for a draft; its card says what can be done.
        full: whether what the draft changes is said.
    """
    handed, words = handed_to(reading), reading.words
    if handed is None:
        return
    tx = reading.pilots.tx
    current = tx.definitions.in_force(handed.process)
    said = [_handed_state(tx, handed, current, words)]
    if is_usable(tx, handed, current):
        said += handed.lines.get(reading.language, ()) if full else ()
        said += [words.t("change.handed.how")] if task is not None else []
    yield Fact(label=words.t("change.handed"), value="\n".join(said))


def _handed_state(
    tx: Tx, handed: Handed, current: StoredDefinition | None, words: Translator
) -> str:
    """Return from where a draft is, or why there is none."""
    facts = {"period": handed.period, "number": handed.proposal}
    if current is None:
        return words.t("change.handed.unmade", **facts)
    base = version_of(tx, handed.definition, current=current)
    if is_outdated(tx, handed, current):
        return words.t("change.handed.newer", base=base, version=current.version, **facts)
    return words.t(
        "change.handed.is" if handed.file else "change.handed.unmade", base=base, **facts
    )


def begun(it: Looking) -> Mapping[str, object]:
    """Return the draft that a proposal handed over as a value of the form of a task that asks."""
    task = it.case.task(it.token.task)
    if task is None or not asks_for_draft(it.definition, task.node) or it.world.values.get(FIELD):
        return {}
    process = key_named(it.tx, it.office, str(it.world.values.get(TARGET, "")))
    file = _handed_file(it.tx, it.case, process)
    return {} if file is None else {FIELD: [file.id]}


def form_of(token: Token) -> str:
    """Return the name of the form with which the task of a token is completed."""
    return str(Token(verb="complete", case_id=token.case_id, task=token.task))


def keep_file(it: Looking, file: str) -> None:
    """Put a file into the person's draft of the form of their task; with "" it has none."""
    form, now = form_of(it.token), it.office.clock.now()
    kept = it.tx.drafts.get(it.person, form)
    values = {} if kept is None else dict(kept.values)
    it.tx.drafts.put(
        FormDraft(
            person=it.person,
            form=form,
            values={**values, FIELD: [file] if file else []},
            place={} if kept is None else kept.place,
            via=it.via if kept is None else kept.via,
            at=now,
        )
    )


def draft_of(it: Looking) -> CaseDraft:
    """Return the draft of the case of a token.

    Raises Refusal: `process_unknown`; `draft_moved_on` if its file was not read before;
    `draft_of_other`.
    """
    tx, shelf = it.tx, it.office.shelf
    process = key_named(tx, it.office, str(it.world.values.get(TARGET, "")))
    stored = tx.definitions.in_force(process)
    current = None if stored is None else shelf.load(stored)
    file = _file(tx, it.world, it.case, process, person=it.person, token=it.token)
    loaded = current if file is None else shelf.draft(file.sha256)
    if loaded is None and file is None:
        raise Refusal("process_unknown", process=process)
    if loaded is None:
        raise Refusal("draft_moved_on")
    if file is not None and loaded.definition.key != process:
        key = loaded.definition.key
        raise Refusal("draft_of_other", file=file.name, draft=key, process=process)
    handed = handed_in(tx.contents.forms_of(it.case.id))
    return CaseDraft(
        loaded=loaded,
        file=file,
        current=stored,
        in_force=None if current is None else current.definition,
        handed=handed if handed is not None and handed.process == process else None,
    )


def require_changer(it: Looking, draft: CaseDraft) -> None:
    """Raise Refusal if the task is not theirs, or the process that it changes."""
    _, node = it.own_task()
    if not asks_for_draft(it.definition, node.id):
        raise Refusal("no_draft_here")
    target = draft.in_force or draft.definition
    if not may_own(target, it.directory, it.person):
        raise Refusal("not_your_process", process=target.name)


def may_drop(it: Looking, draft: CaseDraft) -> bool:
    """Return whether the person may drop the draft: their task has it, and the case has none."""
    if draft.file is None or draft.current is None or it.world.values.get(FIELD):
        return False
    try:
        require_changer(it, draft)
    except Refusal:
        return False
    return True


def _file(
    tx: Tx, world: World, case: Case, process: str, *, person: str, token: Token
) -> StoredFile | None:
    """Return the file that the task of a token works on, else that of the case, or None.

    Without one it is the draft that a proposal handed over, unless the person dropped it.
    """
    task, kept = case.task(token.task), None
    if task is not None and asks_for_draft(world.definition, task.node):
        kept = tx.drafts.get(person, form_of(token))
        file = None if kept is None else _last(tx, kept.values.get(FIELD))
        if file is not None and (file.case_id == case.id or file.owner == person):
            return file
    file = _last(tx, world.values.get(FIELD))
    is_dropped = kept is not None and not kept.values.get(FIELD, True)
    return file if file is not None or is_dropped else _handed_file(tx, case, process)


def _handed_file(tx: Tx, case: Case, process: str) -> StoredFile | None:
    """Return the draft of a process that a proposal handed over, if it can be published."""
    handed = handed_in(tx.contents.forms_of(case.id))
    if handed is None or handed.process != process:
        return None
    usable = is_usable(tx, handed, tx.definitions.in_force(process))
    return tx.files.get(handed.file) if usable else None


def _last(tx: Tx, ids: object) -> StoredFile | None:
    return tx.files.get(str(ids[-1])) if isinstance(ids, list | tuple) and ids else None


async def read_draft_of(
    database: Database, files: Files, office: Office, *, person: str, token: Token, language: str
) -> None:
    """Read the file of the draft of a case and keep its definition on the shelf.

    `language` is that of the refusal; "" for the company's. Raises Refusal: `case_unknown`;
    `no_draft_here`; `file_unknown` if its bytes are gone; `draft_faulty`.
    """

    def unread(tx: Tx) -> StoredFile | None:
        case = casework.find(tx, token.case_id, lock=False)
        if case.process != PROCESS:
            raise Refusal("no_draft_here")
        world = casework.world_of(tx, office, case, office.shelf.of(tx, case))
        process = key_named(tx, office, str(world.values.get(TARGET, "")))
        file = _file(tx, world, case, process, person=person, token=token)
        return None if file is None or office.shelf.draft(file.sha256) is not None else file

    file = await database.read(unread)
    if file is None:
        return
    try:
        text = (await files.read(file.id)).decode()
        office.shelf.put_draft(file.sha256, load_definition(text, file=file.name))
    except FileNotFoundError:
        raise Refusal("file_unknown") from None
    except UnicodeDecodeError:
        raise Refusal("draft_faulty", file=file.name, why="UTF-8") from None
    except DefinitionError as error:
        why = told(error.findings[0].problem, words=translator(language or office.company.language))
        raise Refusal("draft_faulty", file=file.name, why=why) from None
