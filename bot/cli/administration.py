"""Cases: reassign, skip, jump, cancel, add, terminate, reopen, merge (rules: administration)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from bot.cli.deployment import Deployment, work
from bot.cli.options import ConfigOption, JsonOption, LanguageOption
from bot.cli.output import Code, refusal_text, say, show_json, show_text

if TYPE_CHECKING:
    from storage.unit import Tx
    from workflows.case.command import Command
    from workflows.case.state import Case
    from workflows.case.task import ContentRef

    Make = Callable[[Tx, Case, str, ContentRef], Command]

VIA = "cli"
CaseArgument = Annotated[str, typer.Argument(metavar="ID")]
AsOption = Annotated[str, typer.Option("--as", metavar="PERSON")]
ReasonOption = Annotated[str, typer.Option("--reason", metavar="TEXT")]
StepOption = Annotated[str, typer.Option("--step", metavar="STEP")]
NodeOption = Annotated[str, typer.Option("--to", metavar="NODE")]
PersonOption = Annotated[str, typer.Option("--to", metavar="PERSON")]
KeyOption = Annotated[str, typer.Option("--key", metavar="KEY")]


def register(family: typer.Typer) -> None:
    """Add these commands."""
    family.command("reassign")(reassign)
    family.command("skip")(skip)
    family.command("jump")(jump)
    family.command("cancel")(cancel)
    family.command("add")(add)
    family.command("terminate")(terminate)
    family.command("reopen")(reopen)
    family.command("merge")(merge)


def reassign(
    case_id: Annotated[str, typer.Argument(metavar="[ID]")] = "",
    *,
    to: PersonOption,
    person: AsOption,
    reason: ReasonOption,
    step: StepOption = "",
    source_person: Annotated[str, typer.Option("--from", metavar="PERSON")] = "",
    key: KeyOption = "",
    as_json: JsonOption = False,
    config: ConfigOption = None,
    language: LanguageOption = None,
) -> None:
    """Give an open task to somebody else, or all that a person has."""
    from workflows.actions.reassign import ReassignTask

    if bool(case_id) is bool(source_person):
        raise typer.BadParameter("ID", param_hint="ID | --from PERSON")

    def make(it: Deployment) -> Make:
        from handlers.administering import open_step

        return lambda tx, case, actor, ref: ReassignTask(
            actor=actor,
            via=VIA,
            task=open_step(case, step).id,
            to=it.person(tx, to).key,
            content=ref,
        )

    async def task(it: Deployment) -> int:
        return await _all_of(it, source_person, to, person, reason, as_json=as_json)

    if source_person:
        work(task, config=config, language=language)
    else:
        _act(make, case_id, person, reason, key, as_json=as_json, config=config, language=language)


def skip(
    case_id: CaseArgument,
    *,
    person: AsOption,
    reason: ReasonOption,
    outcome: Annotated[
        Literal["approve", "reject", "complete"] | None, typer.Option("--outcome")
    ] = None,
    step: StepOption = "",
    key: KeyOption = "",
    as_json: JsonOption = False,
    config: ConfigOption = None,
    language: LanguageOption = None,
) -> None:
    """Leave an open step by an outcome."""

    def make(it: Deployment) -> Make:
        from handlers.administering import open_step
        from workflows.actions.skip import SkipStep

        return lambda _, case, actor, ref: SkipStep(
            actor=actor,
            via=VIA,
            task=open_step(case, step).id,
            outcome=outcome or "complete",
            content=ref,
        )

    _act(make, case_id, person, reason, key, as_json=as_json, config=config, language=language)


def jump(
    case_id: CaseArgument,
    *,
    node: NodeOption,
    person: AsOption,
    reason: ReasonOption,
    near: Annotated[str, typer.Option("--near", metavar="TASK")] = "",
    key: KeyOption = "",
    as_json: JsonOption = False,
    config: ConfigOption = None,
    language: LanguageOption = None,
) -> None:
    """Let a case go on from another step."""

    def make(it: Deployment) -> Make:
        from workflows.actions.jump import Jump

        return lambda _, __, actor, ref: Jump(actor=actor, via=VIA, to=node, near=near, content=ref)

    _act(make, case_id, person, reason, key, as_json=as_json, config=config, language=language)


def cancel(
    case_id: CaseArgument,
    *,
    person: AsOption,
    reason: ReasonOption,
    step: StepOption = "",
    key: KeyOption = "",
    as_json: JsonOption = False,
    config: ConfigOption = None,
    language: LanguageOption = None,
) -> None:
    """End one open step while others go on."""

    def make(it: Deployment) -> Make:
        from handlers.administering import open_step
        from workflows.actions.cancel import CancelStep

        return lambda _, case, actor, ref: CancelStep(
            actor=actor, via=VIA, task=open_step(case, step).id, content=ref
        )

    _act(make, case_id, person, reason, key, as_json=as_json, config=config, language=language)


def add(
    case_id: CaseArgument,
    *,
    to: PersonOption,
    person: AsOption,
    reason: ReasonOption,
    step: StepOption = "",
    key: KeyOption = "",
    as_json: JsonOption = False,
    config: ConfigOption = None,
    language: LanguageOption = None,
) -> None:
    """Give an open approval one more signer."""

    def make(it: Deployment) -> Make:
        from handlers.administering import open_step
        from workflows.actions.add_signer import AddSigners

        return lambda tx, case, actor, ref: AddSigners(
            actor=actor,
            via=VIA,
            task=open_step(case, step).id,
            to=(it.person(tx, to).key,),
            where="beside",
            content=ref,
        )

    _act(make, case_id, person, reason, key, as_json=as_json, config=config, language=language)


def terminate(
    case_id: CaseArgument,
    *,
    person: AsOption,
    reason: ReasonOption,
    key: KeyOption = "",
    as_json: JsonOption = False,
    config: ConfigOption = None,
    language: LanguageOption = None,
) -> None:
    """End a running case."""

    def make(it: Deployment) -> Make:
        from workflows.actions.terminate import Terminate

        return lambda _, __, actor, ref: Terminate(actor=actor, via=VIA, content=ref)

    _act(make, case_id, person, reason, key, as_json=as_json, config=config, language=language)


def reopen(
    case_id: CaseArgument,
    *,
    node: NodeOption,
    person: AsOption,
    reason: ReasonOption,
    key: KeyOption = "",
    as_json: JsonOption = False,
    config: ConfigOption = None,
    language: LanguageOption = None,
) -> None:
    """Let an ended case go on from a step."""

    def make(it: Deployment) -> Make:
        from workflows.actions.reopen import Reopen

        return lambda _, __, actor, ref: Reopen(actor=actor, via=VIA, node=node, content=ref)

    _act(make, case_id, person, reason, key, as_json=as_json, config=config, language=language)


def merge(
    case_id: CaseArgument,
    *,
    into: Annotated[str, typer.Option("--into", metavar="ID")],
    person: AsOption,
    reason: ReasonOption,
    copy_filer: Annotated[bool, typer.Option("--copy-filer")] = False,
    key: KeyOption = "",
    as_json: JsonOption = False,
    config: ConfigOption = None,
    language: LanguageOption = None,
) -> None:
    """End a duplicate, and link it with the case that goes on."""

    async def task(it: Deployment) -> None:
        from handlers.answers import read_text
        from handlers.merging import merge as merged

        why = read_text(reason)

        def unit(tx: Tx) -> None:
            if _done_before(tx, key):
                return
            merged(
                tx,
                it.office,
                duplicate=case_id.upper(),
                into=into.upper(),
                person=it.person(tx, person).key,
                via=VIA,
                reason=why,
                copy_filer=copy_filer,
            )
            _remember(it, tx, key, case_id.upper())

        await it.database.run(unit)
        await _print(it, case_id.upper(), as_json=as_json)

    work(task, config=config, language=language)


def _act(
    make: Callable[[Deployment], Make],
    case_id: str,
    person: str,
    reason: str,
    key: str,
    *,
    as_json: bool,
    config: ConfigOption,
    language: LanguageOption,
) -> None:
    """Carry out one command on a case, once for each key, and print the case."""

    async def task(it: Deployment) -> None:
        from handlers.administering import administer
        from handlers.answers import read_text

        why, number, build = read_text(reason), case_id.upper(), make(it)

        def unit(tx: Tx) -> None:
            if _done_before(tx, key):
                return
            actor = it.person(tx, person).key
            administer(
                tx,
                it.office,
                case_id=number,
                person=actor,
                reason=why,
                make=lambda case, ref: build(tx, case, actor, ref),
            )
            _remember(it, tx, key, number)

        await it.database.run(unit)
        await _print(it, number, as_json=as_json)

    work(task, config=config, language=language)


def _done_before(tx: Tx, key: str) -> bool:
    """Return whether a command with this key was carried out; without one, that it was not."""
    return bool(key) and tx.inbox.seen(source=VIA, key=key) is not None


def _remember(it: Deployment, tx: Tx, key: str, number: str) -> None:
    """Note that the command with this key was carried out; nothing without one."""
    if key:
        answer = {"text": number, "tone": "good", "case": number}
        tx.inbox.remember(source=VIA, key=key, answer=answer, at=it.office.clock.now())


async def _all_of(
    it: Deployment, source: str, to: str, person: str, reason: str, *, as_json: bool
) -> int:
    """Reassign all open tasks of a person, each in a unit of its own; return the exit code."""
    from bot.cli.deployment import person_named
    from handlers.administering import administer, tasks_of
    from handlers.answers import read_text
    from workflows.actions.reassign import ReassignTask
    from workflows.errors import Refusal

    why = read_text(reason)

    def find(tx: Tx) -> tuple[tuple[str, str], ...]:
        given = person_named(it.office.directory(tx), source, left_too=True).key
        return tasks_of(tx, it.office, given, by=it.person(tx, person).key)

    found = await it.database.read(find)
    done: list[dict[str, str]] = []
    for case_id, task_id in found:
        row = {"case": case_id, "task": task_id, "refused": ""}

        def unit(tx: Tx, case_id: str = case_id, task_id: str = task_id) -> None:
            actor, receiver = it.person(tx, person).key, it.person(tx, to).key
            administer(
                tx,
                it.office,
                case_id=case_id,
                person=actor,
                reason=why,
                make=lambda _, ref: ReassignTask(
                    actor=actor, via=VIA, task=task_id, to=receiver, content=ref
                ),
            )

        try:
            await it.database.run(unit)
        except Refusal as refusal:
            row["refused"] = refusal_text(refusal, words=it.words)
            say(it.words.t("cli.reassign.refused", case=case_id, task=task_id, why=row["refused"]))
        done.append(row)
    count = sum(not row["refused"] for row in done)
    if as_json:
        show_json(done)
    say(it.words.n("cli.reassign.done", count, left=len(done) - count))
    return Code.GOOD if count == len(done) else Code.REFUSED


async def _print(it: Deployment, case_id: str, *, as_json: bool) -> None:
    if not as_json:
        show_text(case_id)
        return
    from handlers.reading.record import case_facts

    show_json(await it.database.read(lambda tx: case_facts(tx, it.office, case_id=case_id)))
