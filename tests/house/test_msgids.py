"""Every text that code asks for is in the catalogues, with the facts it gets; none is left over."""

import ast
import re
from collections.abc import Iterator
from typing import get_args, get_type_hints

import pytest

from handlers import file_kinds
from handlers.briefings import Wish
from handlers.case_lists import State, View
from handlers.history import FLOW
from handlers.i18n import LANGUAGES, LOCALES, Message, read_catalogues, translator
from handlers.reading.why import Got, Moved
from handlers.registry import SENTENCES, VERBS
from handlers.services.piloting.words import AMOUNTS
from tests.house import source
from tests.house.change_texts import change_texts
from tests.house.comparing_texts import comparing_texts
from tests.house.figure_texts import figure_texts
from tests.house.review_texts import review_texts
from tests.house.specification_texts import specification_texts
from workflows.actions.problem import ProblemKind
from workflows.case.passed_over import Bar, Fallback
from workflows.case.status import Status
from workflows.case.task import ADMIN, TIMER, Joins, TaskStatus
from workflows.expressions import WORDS
from workflows.flow.by_rule import DecidedByRule
from workflows.flow.entering import TaskCompleted
from workflows.flow.other_cases import Why
from workflows.flow.outlook import Ahead
from workflows.flow.points import Spared
from workflows.model.clocks import Outside
from workflows.model.works import Found, Work
from workflows.periods import Every
from workflows.registry import EVENTS

OURS = (
    *("cards.po", "differences.po", "events.po", "figures.po", "pilots.po", "refusals.po"),
    *("specification.po", "views.po", "whatif.po", "why.po"),
)
ASKING = {"t", "n", "has", "done"}

# Refusals that only the clock or a program meets: nobody is told.
UNTOLD = {"nothing_due", "nothing_to_change"}
# What storage says, as far as a person can do something about it.
STORAGE = {"disk_full", "database_locked", "database_unreachable", "too_many_at_once"}

Asked = tuple[str, str, frozenset[str] | None]  # (where, msgid, facts; None: not to be seen)


def _calls(*folders: str) -> Iterator[tuple[str, ast.Call]]:
    for path in source.python_files(*folders):
        for node in ast.walk(source.tree(path)):
            if isinstance(node, ast.Call):
                yield f"{source.name(path)}:{node.lineno}", node


def _name(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def _facts(call: ast.Call) -> frozenset[str] | None:
    names = [keyword.arg for keyword in call.keywords]
    return None if None in names else frozenset(name for name in names if name is not None)


def _strings(node: ast.expr) -> Iterator[str]:
    """The texts that an expression can be: a constant, or one of two."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from _strings(node.body)
        yield from _strings(node.orelse)


def _constants() -> Iterator[Asked]:
    for where, call in _calls(*source.FOLDERS):
        if _name(call) not in ASKING or not call.args:
            continue
        facts = _facts(call)
        if _name(call) == "n" and facts is not None:
            facts |= {"count"}
        for msgid in _strings(call.args[0]):
            if re.fullmatch(r"[a-z]+(\.[\w-]+)+", msgid):
                yield where, msgid, facts if _name(call) != "has" else None


def _refusals() -> Iterator[Asked]:
    for where, call in _calls("workflows", "handlers"):
        if _name(call) == "Refusal" and call.args:
            for code in _strings(call.args[0]):
                facts = _facts(call)
                if code == "case_closed" and facts is not None:
                    facts |= {"status"}
                if code not in UNTOLD:
                    yield where, f"refusal.{code}", facts
    for code in STORAGE:
        yield "storage", f"refusal.{code}", frozenset()


def _rules() -> Iterator[Asked]:
    for rule in get_args(get_type_hints(DecidedByRule)["rule"]):
        yield "rule", f"rule.{rule}", frozenset({"who", "node"})
        yield "rule", f"rehearse.rule.{rule}", frozenset()
    for fallback in ("nobody", "owners_manager", "admin"):
        yield "fallback", f"step_in.{fallback}", frozenset({"node", "people"})
    for fallback in ("supervisor", "dept_head"):
        yield "fallback", f"card.task.{fallback}", frozenset()
    for rule in (TIMER, ADMIN):
        yield "rule", f"rule.{rule}", frozenset({"who", "node"})
    for status in ("done", "cancelled"):  # by authority.require_open
        yield "rule", f"refusal.administered_{status}", frozenset({"by", "at"})
    for kind in ("by_rule", "step_in", "voided", "reassigned", "timed_out"):
        yield "verdict", f"card.{kind}", frozenset({"node", "case"})


def _works() -> Iterator[Asked]:
    yield from specification_texts()
    for part in AMOUNTS:
        yield "pilots", f"pilot.amount.{part}", frozenset()
    for work in get_args(Work):
        yield "work", f"work.{work}", frozenset()
    for outcome in get_args(Found):
        yield "work", f"work.outcome.{outcome}", frozenset()


def _families() -> Iterator[Asked]:
    yield from _rules()
    for status in Status:
        yield "status", f"status.{status.value}", frozenset()
    for state in TaskStatus:
        yield "task", f"task.{state.value}", frozenset()
    for outcome in get_args(get_type_hints(TaskCompleted)["outcome"]):
        yield "outcome", f"outcome.{outcome}", frozenset()
    named_elsewhere = {"act", "score"}  # the definition names actions
    yield from _lists()
    yield from _digests()
    for texts in (change_texts, figure_texts, review_texts, comparing_texts):
        yield from texts()
    for verb in {*VERBS, "checks", "details", "manage", "why", "route"} - named_elsewhere:
        yield "button", f"button.{verb}", frozenset()
    for score in range(1, 6):
        yield "button", f"button.score.{score}", frozenset()
    for why in get_args(Bar):
        yield "bar", f"bar.{why}", frozenset()
    barring = ("filer", "own_work", "not_same_as", "same_as", "excepted", "signer")
    for why in barring:  # by offer.barred
        yield "refusal", f"refusal.may_not_{why}", frozenset()
        yield "refusal", f"refusal.transfer_to_{why}", frozenset()
        yield "refusal", f"refusal.added_{why}", frozenset({"person"})
    yield from _added()
    yield from _verdicts()
    yield from _signers()
    yield from _why()
    yield from _others()
    clocks = ("task", "wait.filer", "cap", "blocked", "start", "until", "begin", "visit", "work")
    for kind in clocks:
        yield "clock", f"clock.{kind}", frozenset({"node"})
    yield from _waiting()
    for answered in ("open", "done", "over"):
        yield "question", f"question.{answered}", frozenset()
    for why in get_args(Spared):
        yield "points", f"points.spared.{why}", frozenset()
    for kind in get_args(get_type_hints(Ahead)["kind"]):
        yield "ahead", f"ahead.{kind}", frozenset({"people", "clock"})
    named = ("tasks", "cases", "case", "why", "points", "watch", "unwatch", "away", "help")
    for name in (*named, "digest", "report", "import", "dashboard", "problem"):
        yield "command", f"command.{name}", frozenset()
        yield "command", f"command.{name}.hint", frozenset()
    yield from _sheets()
    for kind in file_kinds.KINDS:
        yield "uploads", f"file.kind.{kind}", frozenset()
    yield "sheet", "sheet.back.to", frozenset()
    yield "sheet", "sheet.reply_files.text", frozenset()
    yield "sheet", "sheet.copy_note.text", frozenset()
    yield "refusal", "refusal.task_done.you", frozenset({"by", "at"})


def _lists() -> Iterator[Asked]:
    for view in View:
        yield "list", f"view.{view}", frozenset()
        yield "list", f"view.{view}.title", frozenset()
    for state in State:
        yield "list", f"state.{state}", frozenset()


def _digests() -> Iterator[Asked]:
    for wish in Wish:
        yield "digest", f"digest.choice.{wish}", frozenset()
        yield "digest", f"digest.button.{wish}", frozenset()
    for view in (View.ALL, View.TEAM):
        yield "digest", f"digest.overdue.{view}", frozenset()
    yield "digest", "digest.stop", frozenset()
    for fact in ("since", "raise", "clear"):
        yield "alert", f"alert.{fact}", frozenset()
    for over in ("gone", "others"):
        yield "alert", f"alert.text.{over}", frozenset()
    yield "alert", "alert.text.before", frozenset({"since"})
    yield "alert", "alert.text.resolved", frozenset({"since", "until"})


def _why() -> Iterator[Asked]:
    of, people = frozenset({"of"}), frozenset({"people", "by", "when"})
    for word in WORDS:
        yield "people", f"who.{word}", frozenset()
    for pick in ("least_loaded", "round_robin"):
        yield "people", f"who.{pick}", of
    for fallback in get_args(Fallback):
        if fallback:
            yield "why", f"why.fallback.{fallback}", people
    for how in set(get_args(Got)) - {"named", "fallback"}:
        yield "why", f"why.got.{how}", people
    for why in get_args(get_type_hints(Moved)["why"]):
        yield "why", f"why.moved.{why}", frozenset({"when", "due"})
    for msgid in ("why.has_it", "why.offered"):
        yield "why", msgid, frozenset({"people"})
    for msgid in ("why.due.working", "why.due.wall"):
        yield "why", msgid, frozenset({"start", "span", "due"})
    for joins in get_args(Joins):
        yield "why", f"why.added.{joins or 'beside'}", frozenset({"by"})
    for label in ("me", "them"):
        yield "why", f"why.label.{label}", frozenset()
    for msgid in ("route.signers", "route.in_turn"):
        yield "route", msgid, frozenset({"count", "people"})


def _waiting() -> Iterator[Asked]:
    for party in get_args(Outside):
        yield "waiting", f"waiting.{party}", frozenset()
        yield "waiting", f"task.waiting.{party}", frozenset()
        yield "waiting", f"rehearsal.item.{party}", frozenset()
        yield "clock", f"clock.wait.{party}", frozenset({"node"})
    yield from _sheet("wait", "text", "on", "until", "until.hint")
    yield from _sheet("begin", "subject")
    yield from _started()


def _sheets() -> Iterator[Asked]:
    for verb in (
        "ask",
        "back",
        "comment",
        "copy",
        "reject",
        "reply",
        "return",
        "score",
        "takeback",
        *("waive", "withdraw", "revoke", "terminate", "movecase"),
    ):
        yield from _sheet(verb, "text")
    yield from _sheet("problem", "text", "kind", "step", "case")
    yield from _sheet("problems")
    for kind in ProblemKind:
        yield "problem", f"problem.kind.{kind}", frozenset()
    yield from _sheet("transfer", "text", "person")
    yield from _sheet("urge", "text", "tasks")
    yield from _sheet("handover", "person")
    for verb in ("reassign", "addperson"):
        yield from _sheet(verb, "text", "step", "person")
    for verb in ("jump", "reopen"):
        yield from _sheet(verb, "text", "node")
    yield from _sheet("skipstep", "text", "step", "outcome")
    yield from _sheet("cancelstep", "text", "step")
    yield from _sheet("merge", "text", "into", "copy")
    yield from _sheet("away", "person", "first", "last")
    yield from _sheet("batch", "items")


def _limits() -> Iterator[Asked]:
    for size, limit in (("small", "least"), ("large", "most")):  # by limits.check_limits
        yield "refusal", f"refusal.number_too_{size}", frozenset({limit})
        yield "refusal", f"refusal.number_too_{size}_by_field", frozenset({limit, "label"})
    for key in ("not_before", "not_after"):
        yield "rule", f"rule.{key}", frozenset({"rule"})
        yield "rule", f"rule.{key}.day", frozenset({"rule", "day"})
    for key in ("min", "max"):
        yield "rule", f"rule.{key}", frozenset({"label"})


def _others() -> Iterator[Asked]:
    for why in get_args(Why):
        yield "other", f"other.why.{why}", frozenset()


def _signers() -> Iterator[Asked]:
    for vote in ("approve", "reject", "return"):
        yield "ballot", f"ballot.{vote}", frozenset({"count"})
    for rule in ("all", "any", "any_approval", "in_turn"):
        yield "sign", f"sign.{rule}", frozenset()


def _added() -> Iterator[Asked]:
    for code in ("added_self", "person_unknown"):  # by adding.why_not
        yield "refusal", f"refusal.{code}", frozenset()
    for where in ("before", "after", "beside", "advice"):
        yield "added", f"added.{where}", frozenset({"who"})
        yield "added", f"added.by.{where}", frozenset({"who", "by", "state"})
        yield "added", f"card.task.added.{where}", frozenset({"who"})
    for where in ("before", "after", "beside"):
        yield "added", f"where.{where}", frozenset()
        yield "added", f"answer.added.{where}", frozenset({"names"})
    for outcome in ("outcome.advise", "document.outcome.advise"):
        yield "outcome", outcome, frozenset()
    yield from _sheet("addsigner", "text", "where", "people", "sign")
    yield from _sheet("unsigner", "who")
    yield from _sheet("delegate", "text", "person")
    yield from _sheet("advise", "text")


def _started() -> Iterator[Asked]:
    for every in get_args(Every):
        yield "start", f"why.start.{every}", frozenset({"node"})
        yield "start", f"diagram.every.{every}", frozenset()
    for part in ("waiting", "others"):
        yield "times", f"why.time.{part}", frozenset({"length"})


def _verdicts() -> Iterator[Asked]:
    for verdict in ("open", "approve", "reject", "return"):
        yield "verdict", f"verdict.{verdict}", frozenset()
    yield from _sheet("judge", "text", "verdict")


def _sheet(verb: str, *questions: str) -> Iterator[Asked]:
    facts = {
        "away": frozenset[str](),
        "batch": frozenset[str](),
        "problems": frozenset[str](),
        "score": frozenset({"case", "score"}),
        "judge": frozenset({"case", "subject"}),
        "begin": frozenset({"case", "start"}),
    }
    for part in ("title", "intro", "submit"):
        yield "sheet", f"sheet.{verb}.{part}", facts.get(verb, frozenset({"case"}))
    for question in questions:
        yield "sheet", f"sheet.{verb}.{question}", frozenset()


def _asked() -> list[Asked]:
    return [*_constants(), *_refusals(), *_families(), *_works(), *_limits()]


def test_the_scan_finds_what_it_looks_for() -> None:
    found = {msgid for _, msgid, _ in _asked()}
    assert {"card.task", "list.tasks", "refusal.urged_too_soon", "answer.claimed"} <= found
    assert len(found) > 200


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_that_code_asks_for_is_there(language: str) -> None:
    words = translator(language)
    lacking = {f"{where} {msgid}" for where, msgid, _ in _asked() if not words.has(msgid)}

    assert sorted(lacking) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_gets_the_facts_that_it_names(language: str) -> None:
    messages = translator(language).messages
    missing = {
        f"{where} {msgid}": sorted(messages[msgid].facts - facts)
        for where, msgid, facts in _asked()
        if facts is not None and msgid in messages and messages[msgid].facts - facts
    }

    assert missing == {}


def test_every_event_can_be_told() -> None:
    """`tests/unit/handlers/test_history.py` tells one of each; here nothing is left over."""
    told = {msgid.split(".")[1] for msgid in _ours() if msgid.startswith("event.")}
    told_by = {**FLOW, **SENTENCES}
    silent = {kind.stored for kind, sentence in told_by.items() if sentence is None}

    assert told | silent == set(EVENTS)


def test_no_text_is_there_in_vain() -> None:
    asked = {msgid for _, msgid, _ in _asked()}
    named = {
        node.value
        for path in source.python_files("handlers", "bot")
        for node in ast.walk(source.tree(path))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }

    left = {msgid for msgid in _ours() if not msgid.startswith("event.")} - asked - named
    assert sorted(left) == []


def _ours() -> dict[str, Message]:
    """The texts of the catalogues whose words this test looks after."""
    folder = source.ROOT / "handlers" / "i18n" / "locales" / LOCALES["en"]
    text = "".join((folder / name).read_text(encoding="utf-8") for name in OURS)
    everything = read_catalogues(folder)
    return {msgid: everything[msgid] for msgid in re.findall(r'(?m)^msgid "(.+)"$', text)}
