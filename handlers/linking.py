"""Linking an account of a chat platform to a person: by a one-time code, or by e-mail address.

A code is shown on one side and typed on the other, within ten minutes, once. Only its digest is
kept. An account belongs to one person and a person has one account on a platform. Whoever types
codes has five tries in ten minutes. Who was linked before hears of the new account on their other
accounts, and can object there: then it is unlinked and the administrators are told.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from handlers.i18n import Typed, translator
from handlers.office import Office
from handlers.pages import Answer, Tone
from handlers.reading.formatter import name_of
from handlers.tokens import Token, find_token
from storage.unit import Tx
from workflows.case.effects import ACCOUNT, Lane, Post
from workflows.directory import Directory, Person
from workflows.errors import Refusal
from workflows.records import LinkNotice

CODE_LASTS = timedelta(minutes=10)
TRIES, WITHIN = 5, timedelta(minutes=10)
OBJECTION_LASTS = timedelta(days=30)
OBJECT = "notme"  # the verb of the button

_DIGITS = 8  # shown in two groups of four; a guess is right once in 10⁸
_CODE = re.compile(r"[0-9]{8}")


class LinkOutcome(StrEnum):
    """What became of a code or an objection, as it stands in the log and the metrics."""

    LINKED = "account_linked"
    TAKEN_OVER = "account_taken_over"  # the person had another account on this platform
    KNOWN = "code_from_known_account"
    WRONG = "link_code_wrong"
    LIMITED = "link_code_limited"
    OBJECTED = "link_objected"


@dataclass(frozen=True, slots=True, kw_only=True)
class Linking:
    """What to tell whoever typed a code or objected, and what became of it."""

    answer: Answer
    outcome: LinkOutcome
    person: str = ""  # key of whom it is about


def offer_code(tx: Tx, office: Office, *, person: str, by_operator: bool = False) -> str:
    """A new code for this person; an older one does not work any more."""
    number = int(office.ids.salt(), 16) % 10**_DIGITS
    code = f"{number:0{_DIGITS}d}"
    ends_at = office.clock.now() + CODE_LASTS
    tx.codes.offer(digest=_digest(code), person=person, ends_at=ends_at, by_operator=by_operator)
    return code


def spell_code(code: str) -> str:
    """A code as it is read out: 1234-5678."""
    return f"{code[:4]}-{code[4:]}"


def read_code(text: str) -> str:
    """The code in what somebody typed; "" when it cannot be one."""
    digits = re.sub(r"[\s-]", "", text)
    return digits if _CODE.fullmatch(digits) else ""


def code_answer(
    tx: Tx, office: Office, *, person: Person, language: str, typed: Typed | None = None
) -> Answer:
    """What `/link` answers to somebody who is known: a code for their other platform.

    Refusal `link_by_operator` for an administrator: a code that anybody could read over their
    shoulder would give everything away.
    """
    if person.key in office.directory(tx).admins:
        raise Refusal("link_by_operator", person=person.id)
    code = spell_code(offer_code(tx, office, person=person.key))
    words, minutes = translator(language).typing(typed), int(CODE_LASTS.total_seconds() // 60)
    return Answer(
        text=words.t("answer.link_code", code=code, minutes=minutes),
        stays=True,
        again=words.t("answer.link_code_shown"),
    )


# ---------------------------------------------------------------------------- typing a code


def redeem(
    tx: Tx,
    office: Office,
    *,
    platform: str,
    account: str,
    code: str,
    language: str,
    typed: Typed | None = None,
) -> Linking:
    """Link an account by what was typed. Never raises for what a person can do wrong.

    An account that is somebody's is told so whatever it typed: the code is not even looked at.
    """
    words = translator(language)
    directory = office.directory(tx)
    owner = directory.by_account(platform, account)
    if owner is not None and owner.active:
        text = words.t("answer.account_known", who=name_of(owner, language))
        return _refused(text, LinkOutcome.KNOWN, person=owner.key)
    now = office.clock.now()
    tries = tx.codes.count_try(
        platform=platform, account=account, now=now, until=now + WITHIN, most=TRIES
    )
    if tries > TRIES:
        minutes = int(WITHIN.total_seconds() // 60)
        text = words.t("answer.link_limited", most=TRIES, minutes=minutes)
        return _refused(text, LinkOutcome.LIMITED)
    person = _whose(tx, office, directory, code)
    if person is None:
        return _refused(words.t("answer.link_code_wrong"), LinkOutcome.WRONG)
    tx.codes.forget_tries(platform=platform, account=account)
    former = person.accounts.get(platform, "")
    tx.people.link(person.key, platform=platform, account=account, by=person.key, how="code")
    _tell_others(tx, office, person, platform=platform, account=account)
    spoken = office.company.language_of(person)
    told = translator(spoken).typing(typed).t("answer.linked", who=name_of(person, spoken))
    return Linking(
        answer=Answer(text=told, tone=Tone.GOOD),
        outcome=LinkOutcome.TAKEN_OVER if former else LinkOutcome.LINKED,
        person=person.key,
    )


def _refused(text: str, outcome: LinkOutcome, *, person: str = "") -> Linking:
    return Linking(answer=Answer(text=text, tone=Tone.WARN), outcome=outcome, person=person)


def _whose(tx: Tx, office: Office, directory: Directory, typed: str) -> Person | None:
    """Whose code it is, if it may be used; it is used up."""
    read = read_code(typed)
    redeemed = tx.codes.redeem(_digest(read), now=office.clock.now()) if read else None
    person = directory.get(redeemed.person) if redeemed is not None else None
    if redeemed is None or person is None or not person.active:
        return None
    if person.key in directory.admins and not redeemed.by_operator:
        return None  # they became one since
    return person


# ---------------------------------------------------------------------------- objecting


def _tell_others(tx: Tx, office: Office, person: Person, *, platform: str, account: str) -> None:
    """Tell every account that the person had of the new one."""
    now = office.clock.now()
    notice = LinkNotice(
        id=office.ids.new("l"),
        person=person.key,
        platform=platform,
        account=account,
        former=person.accounts.get(platform, ""),
        at=now,
    )
    args = {
        "notice": notice.id,
        "who": person.key,
        "platform": platform,
        "at": now.isoformat(),
        "language": office.company.language_of(person),  # the new account may speak another
    }
    posts = [
        Post(
            to=f"{ACCOUNT}{name}:{other}",
            slot=f"linked:{notice.id}",
            kind="linked",
            lane=Lane.ESCALATION,
            args=args,
        )
        for name, other in sorted(person.accounts.items())
    ]
    if posts:
        tx.codes.note(notice)
        tx.outbox.add(posts, case_id=None, now=now, not_before={})


def objected(
    tx: Tx, office: Office, *, token: str, platform: str, account: str, language: str
) -> Linking | None:
    """An account that is nobody's any more pressed a button; None when it may not object to it."""
    read = find_token(token)
    if read is None or read.verb != OBJECT:
        return None
    notice = tx.codes.noted(read.argument)
    if notice is None or (platform, account) != (notice.platform, notice.former):
        return None
    return _undo(tx, office, notice, language=language)


def press_object(tx: Tx, office: Office, *, token: Token, person: Person, via: str) -> Linking:
    """Somebody who is known pressed the button on another platform than the new account's."""
    notice = tx.codes.noted(token.argument)
    if notice is None or notice.person != person.key or via == notice.platform:
        raise Refusal("button_unknown")
    return _undo(tx, office, notice, language=office.company.language_of(person))


def _undo(tx: Tx, office: Office, notice: LinkNotice, *, language: str) -> Linking:
    """Unlink the new account, if it still is the person's, and tell the administrators."""
    directory, now = office.directory(tx), office.clock.now()
    tx.codes.drop_notice(notice.id)
    person = directory.get(notice.person)
    if person is not None and person.accounts.get(notice.platform) == notice.account:
        tx.people.unlink(notice.person, platform=notice.platform, by=notice.person)
    args = {"who": notice.person, "platform": notice.platform, "at": notice.at.isoformat()}
    tx.outbox.add(
        [
            Post(
                to=admin,
                slot=f"objected:{notice.id}",
                kind="objected",
                lane=Lane.ESCALATION,
                args=args,
            )
            for admin in sorted(directory.admins)
        ],
        case_id=None,
        now=now,
        not_before={},
    )
    answer = Answer(text=translator(language).t("answer.link_objected"), tone=Tone.GOOD)
    return Linking(answer=answer, outcome=LinkOutcome.OBJECTED, person=notice.person)


# ---------------------------------------------------------------------------- who is who


def by_address(directory: Directory, platform: str, email: str) -> Person | None:
    """The one active person with this address who has no account on the platform yet."""
    address = email.strip().casefold()
    found = [
        one
        for one in directory.people.values()
        if address and one.active and one.email.strip().casefold() == address
    ]
    if len(found) != 1 or platform in found[0].accounts:
        return None
    return found[0]


def _digest(code: str) -> str:
    return hashlib.sha256(code.encode()).hexdigest()
