"""Lint of steps about certificates: approvals of each (`for_each`), and the renewal of one."""

from __future__ import annotations

from collections.abc import Iterator

from workflows.lint_graph import nearest
from workflows.mentions import Flaw
from workflows.model.definition import Definition
from workflows.model.nodes import ApprovalNode, TaskNode, WaitNode
from workflows.model.starts import listed_form
from workflows.regions import regions
from workflows.said import Saying, said
from workflows.toml_lines import Path

_ONE_TASK = said("one_task", "With for_each the approval is one task with a verdict for each")


def flaws(definition: Definition) -> Iterator[Flaw]:
    """Yield the flaws in what approvals check one by one."""
    for index, node in enumerate(definition.nodes):
        path: Path = ("nodes", index)
        if isinstance(node, TaskNode):
            yield from _alone(definition, node, path)
        if not isinstance(node, ApprovalNode):
            continue
        if node.for_each is None:
            yield from _idle(definition, node, path)
            continue
        wrong = _list_flaw(definition, node, node.for_each)
        if wrong is not None:
            yield Flaw(path=(*path, "for_each"), problem=wrong[0], hint=wrong[1])
        yield from _unfit(node, path)


def _alone(definition: Definition, node: TaskNode, path: Path) -> Iterator[Flaw]:
    """Yield `only` where the form of a task has no certificate."""
    form = definition.forms.get(node.form or "")
    if node.only is not None and (form is None or not form.certificates):
        problem = said("only_nothing", "the form of this step has no certificate")
        hint = said("only_of_form", "Name the form with the certificates, or take only away")
        yield Flaw(path=(*path, "only"), problem=problem, hint=hint)
    elif node.only is not None and not _has_subject(definition, node):
        problem = said(
            "only_without_subject",
            '"{node}" is not only in branches about a certificate',
            node=node.id,
        )
        hint = said("start_for_each", "Lead here only from starts with on_expiry_of or for_each")
        yield Flaw(path=(*path, "only"), problem=problem, hint=hint)


def _has_subject(definition: Definition, node: TaskNode) -> bool:
    """Return whether a step is in branches that began for a certificate, and in no others."""
    around = [one for one in regions(definition) if node.id in one.nodes]
    starts = [
        start
        for wait in definition.nodes
        for start in (wait.starts if isinstance(wait, WaitNode) else ())
        if any((one.fork, one.branch) == (wait.id, start.to) for one in around)
    ]
    return bool(starts) and all(start.of_form is not None for start in starts)


def _idle(definition: Definition, node: ApprovalNode, path: Path) -> Iterator[Flaw]:
    """Yield `refuse_expired` in a process without certificates."""
    if node.refuse_expired and not any(form.certificates for form in definition.forms.values()):
        problem = said("nothing_expires", "no form has a certificate that could expire")
        hint = said("drop_expired", "Take refuse_expired away, or give a form a certificate")
        yield Flaw(path=(*path, "refuse_expired"), problem=problem, hint=hint)


def _list_flaw(
    definition: Definition, node: ApprovalNode, text: str
) -> tuple[Saying, Saying] | None:
    """Return what is wrong with what an approval decides about, and what to do."""
    wrong = list_flaw(definition, text)
    if wrong is not None:
        return wrong
    form = str(node.checked_form)
    if not any(field.required for field in definition.forms[form].certificates):
        return (
            said(
                "list_may_be_empty",
                'no certificate of the form "{form}" is required, so there may be nothing to check',
                form=form,
            ),
            said("require_one", "Let one of them be required"),
        )
    return None


def list_flaw(definition: Definition, text: str) -> tuple[Saying, Saying] | None:
    """Return why a text is no list of the certificates of a form, and what to do."""
    forms = [key for key, form in definition.forms.items() if form.certificates]
    form = listed_form(text)
    if form is None:
        return (
            said("no_list", '"{text}" is no list of certificates', text=text),
            said("write_certificates", "Write certificates(…) with the name of a form"),
        )
    if form not in definition.forms:
        known = said("the_forms", "The forms are {known}", known=", ".join(definition.forms))
        return said("no_form", 'there is no form "{form}"', form=form), nearest(
            form, definition.forms, otherwise=known
        )
    if form not in forms:
        return (
            said("no_certificates", 'the form "{form}" asks for no certificate', form=form),
            said("give_certificate", "Give it a field of the type certificate"),
        )
    return None


def _unfit(node: ApprovalNode, path: Path) -> Iterator[Flaw]:
    """Yield the keys that cannot hold for an approval that decides about each certificate."""
    for key in ("signers", "low_risk", "signers_may_be_added"):
        if getattr(node, key):
            problem = said("not_for_each", '"{key}" does not go with for_each', key=key)
            yield Flaw(path=(*path, key), problem=problem, hint=_ONE_TASK)
    if node.editable:
        problem = said("changes_checked", "whoever checks certificates changes no other field")
        hint = said("ask_elsewhere", "Let it be changed in another step")
        yield Flaw(path=(*path, "access"), problem=problem, hint=hint)
    back = node.outcomes.get("return")
    if back is not None and len(back.to) > 1:
        problem = said("returned_apart", "certificates of one check go back to one step together")
        hint = said("one_step", "Name one step in to")
        yield Flaw(path=(*path, "outcomes", "return", "to"), problem=problem, hint=hint)
