"""What a decision writes travels together, and only if the version is the one that was read."""

import pytest
from sqlalchemy import bindparam, delete, insert, select, update

from storage import tables as t
from storage.at_once import AtOnce
from storage.prepared import Prepared
from storage.statements import upsert
from tests.contract import values as v

_PUT = Prepared(insert(t.settings))
_SLOT = Prepared(upsert(t.slots, update=("at",)))
_NO_SLOT = Prepared(
    delete(t.slots).where(t.slots.c.job == bindparam("of"), t.slots.c.slot == bindparam("which"))
)
_MOVE = Prepared(
    update(t.settings)
    .where(t.settings.c.name == bindparam("of"), t.settings.c.value == bindparam("was"))
    .values(value=bindparam("value"))
)
_SETTINGS = select(t.settings.c.name, t.settings.c.value).order_by(t.settings.c.name)
_SLOTS = select(t.slots.c.slot, t.slots.c.at).order_by(t.slots.c.slot)


def slots(*names):
    return [{"job": "j", "slot": name, "at": v.NOW} for name in names]


def write(*, was):
    """Move the setting `version` on; with it goes a setting, two slots come and two go."""

    def unit(tx):
        writes = AtOnce(tx.connection)
        writes.add(_PUT, [{"name": "more", "value": "x"}])
        writes.add(_SLOT, slots("c", "d"))
        writes.add(_NO_SLOT, [{"of": "j", "which": name} for name in "ab"])
        writes.add(_SLOT, [])
        return writes.send_if(_MOVE, {"of": "version", "was": was, "value": "2"})

    return unit


def look(tx):
    settings = [tuple(row) for row in tx.connection.execute(_SETTINGS)]
    return settings, [row.slot for row in tx.connection.execute(_SLOTS)]


@pytest.fixture
async def begun(database):
    await database.run(lambda tx: _PUT.each(tx.connection, [{"name": "version", "value": "1"}]))
    await database.run(lambda tx: _SLOT.each(tx.connection, slots("a", "b")))
    return database


async def test_everything_is_written_with_the_version(begun):
    assert await begun.run(write(was="1"))
    assert await begun.read(look) == ([("more", "x"), ("version", "2")], ["c", "d"])


async def test_nothing_is_inserted_where_the_version_is_another(begun):
    assert not await begun.run(write(was="0"))
    settings, there = await begun.read(look)
    assert settings == [("version", "1")]
    assert not {"c", "d"} & set(there)


async def test_a_statement_that_misses_a_value_is_a_defect(begun):
    with pytest.raises(AssertionError, match="was"):
        await begun.run(lambda tx: _MOVE.change(tx.connection, {"of": "version", "value": "2"}))
