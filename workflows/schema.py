"""The JSON Schema of a definition file, for completion and help in editors.

It is generated from the model, so that it is always up to date. It checks less than `lint.py` (no
schema can require that a node is reachable), but everything that it refuses is refused by loading
as well.
"""

from __future__ import annotations

from typing import Any

from workflows.model.definition import Definition

DIALECT = "https://json-schema.org/draft/2020-12/schema"

_PEOPLE = (
    "filer, owner, role:…, role:…@department, members(…), manager(…), managers(…), head(…), "
    "person:…"
)

# The help on each key; "Table.key" where a key has another meaning in one table.
_HELP = {
    "Action.form": "The form in which the action is recorded.",
    "Action.nodes": "The steps in which the action is offered.",
    "Definition.key": "The name of the process in links, files and commands; never changes.",
    "FactRule.options": "What the fact can be, where it is noted on the way instead of calculated.",
    "FactRule.count": "A condition over another fact: how often it holds in its history.",
    "Scorecard.items": "The fields that count, with weights that sum to 100.",
    "Scorecard.grades": "The grades, each from a score on; the lowest from 0.",
    "GatewayNode.score": "The scorecard that is worked out here, before the route is chosen.",
    "FactRule.value": "Numbers, fields, tables and other facts with + - * / and parentheses.",
    "Start.after": "So many days or working days after the end of the period.",
    "Start.at": 'On the day of a date field, or days before or after: "contract_end + 1d".',
    "Start.before": "So many days or working days before the end of the period.",
    "Start.every": "Each quarter of the company, or each year since the wait began.",
    "Start.first": "Whether the first quarter is the current one, or the first full one.",
    "Start.for_each": 'The button asks for which: "certificates(form)".',
    "Start.ladder": "Who is told before a certificate expires.",
    "Start.label": "The words on the button.",
    "Start.note": "What it puts on record when it is due.",
    "Start.note_if_required": "What it puts on record besides, where the certificate is required.",
    "Start.on_expiry_of": 'For each certificate that has expired: "certificates(form)".',
    "Start.started_by": f"Who has a button that starts it: {_PEOPLE}.",
    "Start.to": "The first node of the branch.",
    "WaitNode.exclusive": "Nodes; while a branch is open that came to one of them, none starts.",
    "WaitNode.starts": "What opens branches while the case rests here.",
    "WaitNode.until": 'The day: a date field, or one and days, "launch_date - 5wd".',
    "ProcessNode.outcomes": "The node that follows when the other case is completed, rejected, …",
    "ProcessNode.values": "What is passed on: a field of its start form = a field or fact of here.",
    "Form.fields": "The questions, in order.",
    "FormField.when": 'Asked only where this is true of earlier answers: kind == "device".',
    "Branch.to": "The first step of the branch.",
    "Outcome.to": "The node to which this outcome leads; a return may offer several.",
    "Pause.due": "By when something should come.",
    "Pause.ladder": "Who is reminded while nothing comes.",
    "Pause.on": "For whom a step may wait: filer, customer, supplier.",
    "Route.to": "The node to which this route leads.",
    "Register.columns": "Fields, facts and certificates, in the order of the columns.",
    "Register.command": "The chat command that shows it, without the stroke.",
    "Register.only": "Only cases whose facts have these options now.",
    "Section.facts": "The facts shown in this part, by name.",
    "Section.fields": "The fields shown in this part, by id.",
    "Schedule.after": "How many working days after the first of the period.",
    "Schedule.every": "Each day, week, month, quarter or year.",
    "Schedule.filed_by": f"Who is the filer; the first of these people: {_PEOPLE}.",
    "Schedule.values": "The answers of the start form, by field.",
    "Table.values": "A number for each option; decimal numbers in quotes.",
    "accept": "The kinds of files that may be uploaded; empty: all.",
    "access": 'What its people may do with fields of other forms: "read", "edit" or "hide".',
    "actions": "Steps inside a task that are recorded, such as answering the customer.",
    "assignee": f"Who does it: {_PEOPLE}, field:…, or a name that a gateway sets.",
    "approvals": "Who may decide: the rules of every approval that gives none itself.",
    "at": "When the rung fires: a share of the limit, or an offset from start or due.",
    "at_most": "How often this return may be chosen before the case goes elsewhere.",
    "average": "The fact whose results are averaged.",
    "baseline": 'Where it stands today: "10d", "70%", "4".',
    "branches": "The first steps of what runs side by side; several may have a condition.",
    "button": "The words on the button.",
    "candidates": f"Whom the task is offered to; one of them claims it: {_PEOPLE}.",
    "calendar": "The calendar by which this counts, named in the configuration.",
    "cap": "When the clocks go on although nothing has come.",
    "case_prefix": "One to four capital letters before the number of a case: C-2026-0042.",
    "cc": "Who is told when the case comes here.",
    "chart": "The fact with numbers whose history is drawn.",
    "clocks": "Time limits on the whole case.",
    "columns": "The columns of rows: fields of type text, number, money, date or choice.",
    "command": "The chat command that starts a case, without the stroke.",
    "currency": "The currency of an amount of money: CNY, USD, EUR.",
    "departments": "The departments that take part.",
    "document": "The document that a finished case leaves.",
    "due": "The time limit: m, h, d by the wall; wm, wh, wd in working time.",
    "en": "The text in English.",
    "escalate": f"Who is told that it is late: {_PEOPLE}, assignee.",
    "every": "How far apart a repeated reminder is.",
    "expires": "Whether the day on which the certificate expires must be given.",
    "facts": "Results that are kept: calculated from forms, or noted on the way.",
    "field": "A field of type number with min = 0 and max = 100.",
    "first": "The option that is noted when the case is filed.",
    "filed_by": f"Who files the other case; the first of these people: {_PEOPLE}.",
    "find_by": "The fields of type text in which words are searched.",
    "for_each": "What gets a verdict each, in one task: certificates(form).",
    "form": "The form that is filled here.",
    "from": "The least score that has this grade.",
    "forms": "The forms of the process, by name.",
    "goal": 'Where it shall stand: "2d", "95%", or a change such as "-30%".',
    "hint": "A line of help below the question.",
    "id": "How the rest of the file speaks of this; small letters.",
    "in_a_row": "Count from the latest result back, up to the first that does not hold.",
    "join": "The node that follows when all branches have come to it.",
    "kind": "What happens here.",
    "label": "What people read.",
    "ladder": "Who is reminded and told when this is late.",
    "ladders": "Reminders and escalations, by name.",
    "limit": "The time limit: m, h, d by the wall; wm, wh, wd in working time.",
    "list": "A list that the product keeps.",
    "low_risk": "A rung of the ladder may decide it, as the system, where nobody does.",
    "main": "Takes the text that was written after the command.",
    "max": "The most characters, or the greatest number: a number, or a number field.",
    "material": "Fields whose change makes this approval void.",
    "max_files": "How many files may be uploaded.",
    "max_rows": "The most rows.",
    "may_take_over": "Those who are told may take the task over.",
    "measure": "What is measured.",
    "min": "The least number: a number, or a number field.",
    "min_rows": "The fewest rows.",
    "name": "What people read.",
    "next": "The node that follows.",
    "nobody": f"Where nobody is named: process_owner, reject, pass, or {_PEOPLE}.",
    "nodes": "The steps of the process.",
    "not_after": 'The latest day: "today", a date field, either "+ 20wd" or "- 5d".',
    "not_before": 'The earliest day: "today", a date field, either "+ 20wd" or "- 5d".',
    "note": 'Facts with options that this way notes: { standing = "active" }.',
    "of": "The choice for whose options there is a number each.",
    "not_same_as": "Nodes whose deciders may not decide here, nor their deputies.",
    "of_last": "Only the latest so many results; without it, all.",
    "on_reject": "Whether a reject ends the step at once, or after all have signed.",
    "on_return": "Whether a return ends the step at once, or after all have signed.",
    "options": "What can be chosen.",
    "outcomes": "Where each decision leads: approve, reject, return.",
    "Penalties.most": "The most points of one task.",
    "Rung.outcome": "Decides a step with low_risk when nobody has: approve, reject, complete.",
    "Rung.points": "Points for each overdue working day, to whoever has the task at its close.",
    "only": '"subject": of the form, only the certificate for which the branch was started.',
    "owner": "Who answers for the process: a role, or person:…",
    "waived_by": f"Who may waive points, with a reason: {_PEOPLE}.",
    "penalties": "What points for lateness are called, and how many one task gives at most.",
    "pause": "What happens while a step waits for the filer, the customer or a supplier.",
    "pauses": "Stands still while a step waits.",
    "process": "The key of the process of which a case is started.",
    "purpose": "Why there is this process, in one sentence.",
    "question": "What is asked after closing.",
    "refuse_expired": "An expired or missing certificate cannot be approved.",
    "reassign": f"Who gets the late task, the first who may have it: {_PEOPLE}, assignee.",
    "remind": f"Who is reminded: assignee, or {_PEOPLE}.",
    "repeated": "Whether a person who approved before is asked again.",
    "required": "Must be filled.",
    "required_when": 'Must be filled where this is true of earlier answers: goods != "service".',
    "revoke": "The filer may revoke a completed case; somebody confirms it.",
    "resume": "After a return: take every step again, or jump back to the approval.",
    "requires": "Actions that are recorded before the task can be completed.",
    "channel": "The name of a channel or group that is shown each task here, in short.",
    "read_by": f"Who may read it, beside the owner and administrators: {_PEOPLE}.",
    "register": "A list of what the cases are now, such as all suppliers.",
    "return_to": "Earlier steps to which the task may be returned, with a reason.",
    "routes": "Tried in order: the first whose condition holds is taken; the last has none.",
    "rungs": "In the order in which they fire.",
    "same_as": "The node whose decider alone may decide here.",
    "scorecards": "Scores and grades that gateways work out from numbers of forms.",
    "schedules": "Cases that are filed by the calendar.",
    "sections": "The parts of the document, in order.",
    "self_approval": "Who decides where the filer would.",
    "set": "People fixed for later steps, by name.",
    "signers_may_be_added": "Whether whoever decides may add signers, and ask for advice.",
    "shows": "Facts that stand on the card, each with its latest results.",
    "sign": "How many have to approve: all, any, any_approval, in_turn, a share or a number.",
    "signers": f"Who signs: people, a seat for each, or a list, a seat for each entry: {_PEOPLE}.",
    "start": "The first node.",
    "start_form": "The form with which a case is filed.",
    "started_by": f"Who may file a case; without it, everybody: {_PEOPLE}.",
    "status": "How the case ends.",
    "sum": "The column whose sum is kept, as the name of the field with _sum.",
    "survey": "A score from 1 to 5 after closing.",
    "tables": "A number for each option of a choice, such as rates of currencies.",
    "targets": "Measurable goals of the process.",
    "then": "The node to which the case goes when the returns are used up.",
    "times": "How often it reminds.",
    "title": "The heading of this part.",
    "to": f"Who is meant: {_PEOPLE}.",
    "type": "What kind of answer is asked for.",
    "unique": "No other open case of the process has the same text.",
    "until": 'The action that stops the clock, or "end".',
    "visit_due": "Until when all signers together have decided, counted from when they are asked.",
    "visit_ladder": "Who is reminded and told when the signers together are late.",
    "weight": "Its share of the score, in percent.",
    "when": 'A condition over fields: grade == "urgent" and amount > 1000.',
    "with_history": "The message carries the whole history of the case.",
    "withdraw_until": 'Until when the filer may withdraw: "first_decision", "end" or a node.',
    "Revocation.within": "How long after closing: m, h, d by the wall; wm, wh, wd in working time.",
    "Revocation.to": "The task or approval that confirms it.",
    "within": "Limits, tried in order: the first whose condition holds; the last has none.",
    "zh": "The text in Chinese.",
}


def definition_schema() -> dict[str, Any]:
    """Return the schema of a definition file, draft 2020-12, with help on every key."""
    schema = Definition.model_json_schema()
    parts = {"Definition": schema, **schema["$defs"]}
    for name, part in parts.items():
        for key, value in part.get("properties", {}).items():
            part["properties"][key] = _for_editors(value) | {
                "description": _HELP.get(f"{name}.{key}") or _HELP[key]
            }
    return {"$schema": DIALECT, **schema, "title": "closeloop process definition"}


def _for_editors(value: dict[str, Any]) -> dict[str, Any]:
    """Return a property without null, which TOML does not have, and with closed tables."""
    kept = {key: part for key, part in value.items() if key != "default" or part is not None}
    choices = [choice for choice in kept.pop("anyOf", []) if choice != {"type": "null"}]
    if choices:
        (only,) = choices
        kept |= only
    if "patternProperties" in kept:
        kept["additionalProperties"] = False
    return kept
