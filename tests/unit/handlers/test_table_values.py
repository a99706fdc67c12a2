"""Numbers of tables are set by the owner, from a date on, and facts name what they used."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from handlers.table_values import set_value, shown_values
from tests.office import Workplace
from tests.stories.test_facts import CASE, FACTS, bought, published
from workflows.errors import Refusal
from workflows.tables import TableValue

OWNER = "chen.jing"


async def setting(work: Workplace, *, by: str = OWNER, **changed: Any) -> TableValue:
    person = (await work.directory()).by_id(by)
    assert person is not None
    given: dict[str, Any] = {
        "process": "purchase",
        "table": "worth",
        "option": "used",
        "value": "0.25",
        "holds_from": None,
        **changed,
    }
    return await work.database.run(
        lambda tx: set_value(tx, work.office, person=person.key, **given)
    )


async def test_a_number_holds_from_its_date_and_the_fact_names_its_version(work: Workplace) -> None:
    await published(work)
    await setting(work, value="0.75", holds_from=date(2026, 3, 20))
    await setting(work)
    await bought(work)
    (fact,) = (await work.case(CASE)).facts
    assert (str(fact.amount), fact.tables) == ("9258.75", (("worth", 2),))

    shown = await work.database.read(lambda tx: [*shown_values(tx, work.office, "purchase")])
    assert [(one.option, one.value, one.version, one.held) for one in shown] == [
        ("new", Decimal(1), 0, True),
        ("used", Decimal("0.5"), 0, False),
        ("used", Decimal("0.75"), 1, False),
        ("used", Decimal("0.25"), 2, True),
    ]


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"by": "he.jun"}, "not_the_owner"),
        ({"process": "purchases"}, "process_unknown"),
        ({"table": "worths"}, "table_unknown"),
        ({"option": "old"}, "option_unknown"),
        ({"value": "7,2"}, "table_number"),
        ({"value": "1e400"}, "table_number"),
        ({"value": ""}, "table_number"),
    ],
)
async def test_what_cannot_be_set_is_refused_and_nothing_is_kept(
    work: Workplace, changed: dict[str, Any], code: str
) -> None:
    await published(work)
    with pytest.raises(Refusal) as refused:
        await setting(work, **changed)
    assert refused.value.code == code
    assert await work.database.read(lambda tx: tx.table_values.of("purchase")) == {}


async def test_a_table_that_a_fact_divides_by_is_never_zero(work: Workplace) -> None:
    await published(work)
    await setting(work, value="0")
    await published(work, FACTS.replace("count * worth", "count / worth"))
    with pytest.raises(Refusal) as refused:
        await setting(work, value="0.0")
    assert refused.value.code == "divides_by_zero"
    await bought(work, published_already=True)
    assert (await work.case(CASE)).facts == ()  # the zero of before the division
