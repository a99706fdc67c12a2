"""The store of link codes: their digests, the attempts to use them, and the resulting notices."""

from __future__ import annotations

from typing import Any

from sqlalchemy import BigInteger, Connection, bindparam, case, delete, insert, or_, select

from storage import tables as t
from storage.columns import storable
from storage.statements import InEach
from workflows.moments import Moment
from workflows.records import LinkNotice, RedeemedCode

_codes, _tries, _notices = t.link_codes.c, t.link_tries.c, t.link_notices.c

_NO_MORE = delete(t.link_codes).where(_codes.person == bindparam("of_person"))
_OFFER = insert(t.link_codes)
_REDEEM = (
    delete(t.link_codes)
    .where(_codes.digest == bindparam("of_digest"))
    .returning(_codes.person, _codes.ends_at, _codes.by_operator)
)


def _try(insert: Any) -> Any:
    """Build the statement that counts an attempt; the count restarts when its period has ended."""
    statement = insert(t.link_tries)
    new = statement.excluded
    over = _tries.until <= bindparam("now", type_=BigInteger)
    counts = or_(over, _tries.tries < bindparam("most"))
    return statement.on_conflict_do_update(
        index_elements=[_tries.platform, _tries.account],
        set_={
            "tries": case((over, 1), else_=_tries.tries + 1),
            "until": case((counts, new.until), else_=_tries.until),
        },
    ).returning(_tries.tries)


_TRY = InEach(_try)
_NO_TRIES = delete(t.link_tries).where(
    _tries.platform == bindparam("on_platform"), _tries.account == bindparam("of_account")
)
_OLD_TRIES = delete(t.link_tries).where(_tries.until < bindparam("before", type_=BigInteger))
_NOTE = insert(t.link_notices)
_NOTED = select(t.link_notices).where(_notices.id == bindparam("of_id"))
_NOT_NOTED = delete(t.link_notices).where(_notices.id == bindparam("of_id"))
_OLD_NOTICES = delete(t.link_notices).where(_notices.at < bindparam("before", type_=BigInteger))


class LinkCodes:
    """The store of link codes, each valid for a short time and to be used once."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def offer(
        self, *, digest: str, person: str, ends_at: Moment, by_operator: bool = False
    ) -> None:
        """Store the digest of a new code; an older code of this person becomes invalid."""
        self._connection.execute(_NO_MORE, {"of_person": person})
        row = {"digest": digest, "person": person, "ends_at": ends_at, "by_operator": by_operator}
        self._connection.execute(_OFFER, row)

    def redeem(self, digest: str, *, now: Moment) -> RedeemedCode | None:
        """Use up a code and return whose it is, or None when it is unknown or expired."""
        row = self._connection.execute(_REDEEM, {"of_digest": digest}).first()
        if row is None or row.ends_at <= now:
            return None
        return RedeemedCode(person=row.person, by_operator=row.by_operator)

    def count_try(
        self, *, platform: str, account: str, now: Moment, until: Moment, most: int
    ) -> int:
        """Count an attempt of an account and return the number of attempts until `until`.

        Attempts beyond `most` do not extend the period.
        """
        row = {
            "platform": platform,
            "account": storable(account),
            "tries": 1,
            "until": until,
            "now": now,
            "most": most,
        }
        return int(self._connection.execute(_TRY.on(self._connection), row).scalar_one())

    def forget_tries(self, *, platform: str, account: str) -> None:
        """Reset the attempts of an account."""
        place = {"on_platform": platform, "of_account": storable(account)}
        self._connection.execute(_NO_TRIES, place)

    def note(self, notice: LinkNotice) -> None:
        """Store a notice of a link, so that the former owner of the account can object."""
        row = {name: getattr(notice, name) for name in LinkNotice.__dataclass_fields__}
        self._connection.execute(_NOTE, row)

    def noted(self, notice_id: str) -> LinkNotice | None:
        """Return the notice with this id, or None."""
        row = self._connection.execute(_NOTED, {"of_id": notice_id}).mappings().first()
        return None if row is None else LinkNotice(**row)

    def drop_notice(self, notice_id: str) -> None:
        """Delete a notice."""
        self._connection.execute(_NOT_NOTED, {"of_id": notice_id})

    def forget(self, *, before: Moment) -> int:
        """Delete notices and attempts older than `before`; return the number of notices."""
        self._connection.execute(_OLD_TRIES, {"before": before})
        return self._connection.execute(_OLD_NOTICES, {"before": before}).rowcount
