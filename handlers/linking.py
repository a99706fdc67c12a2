"""Links an account of a chat platform to a person, by a one-time code or by e-mail address.

A code is shown on one platform and typed on another, once, within `CODE_LASTS`. Only its digest is
stored. An account belongs to one person, and a person has one account on a platform. An account may
try `TRIES` codes within `WITHIN`. The person's other accounts, and the one that is replaced, are
notified of a new account and can object within `OBJECTION_LASTS`: then the new account is unlinked
and the administrators are notified.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
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
from workflows.moments import DAY, MINUTE, SECOND, iso
from workflows.records import LinkNotice

CODE_LASTS = 10 * MINUTE
TRIES, WITHIN = 5, 10 * MINUTE
OBJECTION_LASTS = 30 * DAY
OBJECT = "notme"  # the verb of the button that objects

_DIGITS = 8  # shown in two groups of four; a guess is right with probability 10⁻⁸
_CODE = re.compile(r"[0-9]{8}")


class LinkOutcome(StrEnum):
    """The result of a code or an objection, as named in the log and the metrics."""

    LINKED = "account_linked"
    TAKEN_OVER = "account_taken_over"  # the person had another account on this platform
    KNOWN = "code_from_known_account"
    WRONG = "link_code_wrong"
    LIMITED = "link_code_limited"
    OBJECTED = "link_objected"


@dataclass(frozen=True, slots=True, kw_only=True)
class Linking:
    """The answer to a code or an objection, and its result."""

    answer: Answer
    outcome: LinkOutcome
    person: str = ""  # the key of the person concerned, if there is one


def offer_code(tx: Tx, office: Office, *, person: str, by_operator: bool = False) -> str:
    """Return a new code of a person; an older one becomes invalid.

    Args:
        by_operator: whether it is created on the command line, which administrators need.
    """
    number = int(office.ids.salt(), 16) % 10**_DIGITS
    code = f"{number:0{_DIGITS}d}"
    ends_at = office.clock.now() + CODE_LASTS
    tx.codes.offer(digest=_digest(code), person=person, ends_at=ends_at, by_operator=by_operator)
    return code


def spell_code(code: str) -> str:
    """Return a code as it is shown: 1234-5678."""
    return f"{code[:4]}-{code[4:]}"


def read_code(text: str) -> str:
    """Return the digits of a typed code; "" if it cannot be one."""
    digits = re.sub(r"[\s-]", "", text)
    return digits if _CODE.fullmatch(digits) else ""


def code_answer(
    tx: Tx, office: Office, *, person: Person, language: str, typed: Typed | None = None
) -> Answer:
    """Return the answer to `/link`: a code for an account on another platform.

    The text contains the code and is not repeated for a second delivery (`Answer.again`).

    Raises:
        Refusal: `link_by_operator` for an administrator, whose code is created on the command line.
    """
    if person.key in office.directory(tx).admins:
        raise Refusal("link_by_operator", person=person.id)
    code = spell_code(offer_code(tx, office, person=person.key))
    words, minutes = translator(language).typing(typed), int(CODE_LASTS / SECOND // 60)
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
    """Link an account by a typed code. A wrong code is an answer, not an exception.

    If the account is already linked, the answer says so and the code is not used.

    Args:
        language: "zh" or "en", for an account that is not linked.
        typed: how commands are typed on the platform, if not as a slash and the name.
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
        minutes = int(WITHIN / SECOND // 60)
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
    """Return the person of a valid code, or None; the code becomes invalid."""
    read = read_code(typed)
    redeemed = tx.codes.redeem(_digest(read), now=office.clock.now()) if read else None
    person = directory.get(redeemed.person) if redeemed is not None else None
    if redeemed is None or person is None or not person.active:
        return None
    if person.key in directory.admins and not redeemed.by_operator:
        return None  # they became an administrator after the code was shown
    return person


# ---------------------------------------------------------------------------- objecting


def _tell_others(tx: Tx, office: Office, person: Person, *, platform: str, account: str) -> None:
    """Notify every former account of the person of the new one."""
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
        "at": iso(now),
        "language": office.company.language_of(person),  # the new account may have another
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
    """Handle an objection of an account that was unlinked; return None if it may not object."""
    read = find_token(token)
    if read is None or read.verb != OBJECT:
        return None
    notice = tx.codes.noted(read.argument)
    if notice is None or (platform, account) != (notice.platform, notice.former):
        return None
    return _undo(tx, office, notice, language=language)


def press_object(tx: Tx, office: Office, *, token: Token, person: Person, via: str) -> Linking:
    """Handle an objection from another platform than that of the new account.

    Raises:
        Refusal: `button_unknown` if it is not their notice, or if it has ended.
    """
    notice = tx.codes.noted(token.argument)
    if notice is None or notice.person != person.key or via == notice.platform:
        raise Refusal("button_unknown")
    return _undo(tx, office, notice, language=office.company.language_of(person))


def _undo(tx: Tx, office: Office, notice: LinkNotice, *, language: str) -> Linking:
    """Unlink the new account, if it is still linked, and notify the administrators."""
    directory, now = office.directory(tx), office.clock.now()
    tx.codes.drop_notice(notice.id)
    person = directory.get(notice.person)
    if person is not None and person.accounts.get(notice.platform) == notice.account:
        tx.people.unlink(notice.person, platform=notice.platform, by=notice.person)
    args = {"who": notice.person, "platform": notice.platform, "at": iso(notice.at)}
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
    """Return the only active person with this address who has no account on the platform."""
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
