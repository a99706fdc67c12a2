"""decide: state + command + world → events, or a Refusal. The rules of `features.md` §5 live here.

Every accepted command leaves at least one event; a command that would change nothing is refused,
so that the person who gave it hears why.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

from workflows import commands as cmd
from workflows import events as ev
from workflows.engine import authority, firing, flow, ladders, offer, offering, talk
from workflows.engine.draft import Draft
from workflows.errors import Refusal
from workflows.state import Case, ClockStatus, Task
from workflows.world import World

MAX_HOPS = 3  # how often a task may be handed over (features §5, transfer)


def decide(case: Case | None, command: cmd.Command, world: World) -> tuple[ev.Event, ...]:
    """What happens because of a command. Raises Refusal; never changes its arguments."""
    draft = Draft(case, command, world)
    if isinstance(command, cmd.StartCase):
        assert case is None, "a case starts once"
        _start(draft, command)
    else:
        assert case is not None, "every other command is about a case"
        _DECIDE[type(command)](draft, command)
    assert draft.events, f"{type(command).__name__} was accepted and left no event"
    return tuple(draft.events)


def _start(draft: Draft, command: cmd.StartCase) -> None:
    definition = draft.world.definition
    draft.emit(
        ev.CaseStarted(
            case=command.case_id,
            process=definition.key,
            definition=command.definition,
            filer=command.actor,
            content=command.content,
        )
    )
    starters = definition.started_by
    if starters is not None and command.actor not in draft.people(starters):
        raise Refusal("may_not_start")
    ladders.start_case_clocks(draft)
    flow.enter(draft, definition.start)


def _claim(draft: Draft, command: cmd.ClaimTask) -> None:
    task = authority.require_open(draft, command.task)
    if task.assignee is not None:
        if task.assignee == command.actor:
            raise Refusal("already_yours")
        raise Refusal("already_claimed", by=task.assignee)
    task = offering.follow_directory(draft, task)
    principal = authority.require_standing(draft, task)
    if task.assignee is None:
        on_behalf_of = principal if principal != command.actor else None
        draft.emit(ev.TaskClaimed(task=task.id, by=principal), on_behalf_of=on_behalf_of)


def _complete(draft: Draft, command: cmd.CompleteTask) -> None:
    task, principal = authority.require_owner(draft, command.task)
    node = draft.world.definition.work_node(task.node)
    offered = ("complete",) if node.kind == "task" else tuple(node.outcomes)
    if command.outcome not in offered:
        raise Refusal("outcome_not_offered")
    if command.outcome in ("reject", "return") and command.content is None:
        raise Refusal("reason_missing")
    missing = [action for action in node.requires if action not in draft.case.actions]
    if missing:
        raise Refusal("action_missing", action=missing[0])
    draft.emit(
        ev.TaskCompleted(task=task.id, outcome=command.outcome, content=command.content),
        on_behalf_of=principal,
    )
    flow.close_task_clocks(draft, task, why="done")
    ladders.regrade(draft)
    flow.leave(draft, draft.task(task.id), command.outcome)


def _return(draft: Draft, command: cmd.ReturnTask) -> None:
    task, principal = authority.require_owner(draft, command.task)
    flow.require_return_target(draft, task, command.to)
    draft.emit(
        ev.TaskReturned(task=task.id, to=command.to, content=command.content),
        on_behalf_of=principal,
    )
    flow.close_task_clocks(draft, task, why="cancelled")
    flow.cancel_others(draft, reason="returned")
    flow.enter(draft, command.to)


def _transfer(draft: Draft, command: cmd.TransferTask) -> None:
    task, principal = authority.require_owner(draft, command.task)
    if not draft.world.directory.active(command.to):
        raise Refusal("person_unknown")
    if command.to in (command.actor, task.assignee):
        raise Refusal("transfer_to_self")
    place = offer.Place.of(task, case=draft.case, world=draft.world)
    why = offer.barred(place, way="handed").get(command.to)
    if why is not None:
        raise Refusal(f"transfer_to_{why}")
    if task.hops >= MAX_HOPS:
        raise Refusal("too_many_transfers", most=MAX_HOPS)
    _hand_over(
        draft,
        task,
        to=command.to,
        why="transfer",
        content=command.content,
        on_behalf_of=principal,
    )


def _take_over(draft: Draft, command: cmd.TakeOver) -> None:
    task = authority.require_open(draft, command.task)
    if command.actor not in task.rescuers:
        raise Refusal("not_escalated_to_you")
    if task.assignee == command.actor:
        raise Refusal("already_yours")
    authority.require_unbarred(draft, task, command.actor, way="handed")
    _hand_over(draft, task, to=command.actor, why="take_over")


def _hand_over(
    draft: Draft,
    task: Task,
    *,
    to: str,
    why: Literal["transfer", "take_over", "left"],
    content: ev.ContentRef | None = None,
    on_behalf_of: str | None = None,
) -> None:
    people = tuple((name, to) for name in flow.names_of(draft, task))
    offering.hand_over(
        draft, task, to=to, why=why, people=people, content=content, on_behalf_of=on_behalf_of
    )


def _record_action(draft: Draft, command: cmd.RecordAction) -> None:
    task, principal = authority.require_owner(draft, command.task)
    action = draft.world.definition.actions.get(command.action)
    if action is None or task.node not in action.nodes:
        raise Refusal("action_not_offered")
    draft.emit(
        ev.ActionRecorded(task=task.id, action=command.action, content=command.content),
        on_behalf_of=principal,
    )
    for key, clock in draft.world.definition.clocks.items():
        if clock.until == command.action:
            ladders.stop(draft, key, why="done")
    ladders.regrade(draft)


def _withdraw(draft: Draft, command: cmd.Withdraw) -> None:
    authority.require_running(draft)
    if command.actor != draft.case.filer:
        raise Refusal("only_the_filer")
    milestone = draft.world.definition.withdraw_until
    decided = any(task.outcome is not None for task in draft.case.tasks)
    if milestone == "first_decision" and decided:
        raise Refusal("too_late_to_withdraw")
    if milestone not in ("first_decision", "end") and draft.case.visits(milestone):
        raise Refusal("too_late_to_withdraw")
    draft.emit(ev.CaseClosed(status="withdrawn", content=command.content))
    flow.stop_all_clocks(draft, why="cancelled")
    flow.cancel_others(draft, reason="withdrawn")


def _answer_survey(draft: Draft, command: cmd.AnswerSurvey) -> None:
    survey = draft.case.survey
    if survey is None or survey.to != command.actor:
        raise Refusal("survey_not_yours")
    if survey.score is not None:
        raise Refusal("survey_answered", score=survey.score)
    if not 1 <= command.score <= 5:  # noqa: PLR2004 — the scale of P1.9
        raise Refusal("score_out_of_range")
    draft.emit(ev.SurveyAnswered(score=command.score, content=command.content))


def _fire(draft: Draft, command: cmd.FireTimers) -> None:
    firing.fire(draft, command.clock)


def _offer_to_deputies(draft: Draft, command: cmd.OfferToDeputies) -> None:
    authority.require_running(draft)
    for task in draft.case.open_tasks:
        offering.offer_to_deputies(draft, task)
    if not draft.events:
        raise Refusal("nothing_to_change")


def _replace_leavers(draft: Draft, command: cmd.ReplaceLeavers) -> None:
    authority.require_running(draft)
    directory = draft.world.directory
    for task in draft.case.open_tasks:
        if task.blocked or any(directory.active(owner) for owner in task.owners):
            continue
        found = offering.succeed(draft, task)
        if found is not None:
            to = directory.present_first(found.people, at=draft.world.now)[0]
            _hand_over(draft, task, to=to, why="left")
    if not draft.events:
        raise Refusal("nothing_to_change")


def _follow_directory(draft: Draft, command: cmd.FollowDirectory) -> None:
    authority.require_running(draft)
    for task in draft.case.open_tasks:
        asked = task.question
        if asked is not None and not draft.world.directory.active(asked.to):
            ladders.lapse(draft, task, why="left")
        task = offering.follow_directory(draft, draft.task(task.id))  # noqa: PLW2901
        offering.offer_to_deputies(draft, task)
    if not draft.events:
        raise Refusal("nothing_to_change")


def _replan(draft: Draft, command: cmd.Replan) -> None:
    authority.require_running(draft)
    for clock in draft.case.clocks:
        if clock.status is ClockStatus.RUNNING:
            ladders.replan(draft, clock)
    if not draft.events:
        raise Refusal("nothing_to_change")


_DECIDE: dict[type, Callable[[Draft, Any], None]] = {
    cmd.ClaimTask: _claim,
    cmd.CompleteTask: _complete,
    cmd.ReturnTask: _return,
    cmd.TransferTask: _transfer,
    cmd.TakeOver: _take_over,
    cmd.RecordAction: _record_action,
    cmd.AskFiler: talk.ask,
    cmd.AnswerQuestion: talk.answer,
    cmd.AddComment: talk.comment,
    cmd.Urge: talk.urge,
    cmd.Withdraw: _withdraw,
    cmd.CopyIn: talk.copy_in,
    cmd.Watch: talk.watch,
    cmd.AnswerSurvey: _answer_survey,
    cmd.FireTimers: _fire,
    cmd.OfferToDeputies: _offer_to_deputies,
    cmd.ReplaceLeavers: _replace_leavers,
    cmd.FollowDirectory: _follow_directory,
    cmd.Replan: _replan,
    cmd.RecordErasure: talk.record_erasure,
}
