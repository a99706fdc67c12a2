"""The store of form drafts."""

from __future__ import annotations

from sqlalchemy import BigInteger, Connection, bindparam, delete, select, true

from storage import tables as t
from storage.prepared import Prepared
from storage.statements import upsert
from workflows.moments import Moment
from workflows.records import FormDraft

_draft = t.drafts.c
_FIELDS = tuple(FormDraft.__dataclass_fields__)
_ALL = select(*(_draft[name] for name in _FIELDS))
_THIS = (_draft.person == bindparam("of_person"), _draft.form == bindparam("of_form"))
_GET = _ALL.where(*_THIS)
_PUT = upsert(t.drafts, update=(name for name in _FIELDS if name not in ("person", "form")))
_DROP = Prepared(delete(t.drafts).where(*_THIS))
_OF = _ALL.where(_draft.person == bindparam("of_person")).order_by(_draft.at.desc(), _draft.form)
_SENT = _ALL.where(_draft.via == bindparam("of_via"), _draft.sent.is_(true()))
_SENT = _SENT.order_by(_draft.at, _draft.person, _draft.form)
_FORGET = delete(t.drafts).where(_draft.at < bindparam("before", type_=BigInteger))


class Drafts:
    """The store of form drafts: one per person and form, shared by all platforms."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, person: str, form: str) -> FormDraft | None:
        """Return the draft of a form, or None."""
        place = {"of_person": person, "of_form": form}
        row = self._connection.execute(_GET, place).mappings().first()
        return None if row is None else FormDraft(**row)

    def put(self, draft: FormDraft) -> None:
        """Store a draft, replacing the former one."""
        row = {name: getattr(draft, name) for name in _FIELDS}
        row |= {"values": dict(draft.values), "place": dict(draft.place)}
        self._connection.execute(_PUT.on(self._connection), row)

    def drop(self, person: str, form: str) -> None:
        """Delete a draft."""
        _DROP.change(self._connection, {"of_person": person, "of_form": form})

    def of(self, person: str) -> tuple[FormDraft, ...]:
        """Return a person's drafts, newest first."""
        rows = self._connection.execute(_OF, {"of_person": person}).mappings()
        return tuple(FormDraft(**row) for row in rows)

    def sent(self, *, via: str) -> tuple[FormDraft, ...]:
        """Return the submitted drafts of a platform that are not processed yet, oldest first."""
        rows = self._connection.execute(_SENT, {"of_via": via}).mappings()
        return tuple(FormDraft(**row) for row in rows)

    def forget(self, *, before: Moment) -> int:
        """Delete drafts that were not changed since `before`; return how many."""
        return self._connection.execute(_FORGET, {"before": before}).rowcount
