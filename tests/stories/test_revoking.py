"""A completed case is opened again by its filer, to be undone."""

from __future__ import annotations

from tests.office import MONDAY, Workplace
from tests.unit.handlers import purchase
from workflows.loading import load_definition

REVOCATION = """
[revoke]
within = "15d"
to = "revocation"

[[nodes]]
id = "revocation"
kind = "approval"
name = { zh = "撤销采购确认", en = "Confirm the revocation" }
assignee = "person:he.jun"
due = "3wd"
ladder = "step"

[nodes.outcomes.approve]
to = "revoked"

[nodes.outcomes.reject]
to = "ordered"

[[nodes]]
id = "revoked"
kind = "end"
status = "withdrawn"
name = { zh = "已撤销", en = "Revoked" }
"""


async def bought(work: Workplace) -> None:
    """A printer for sun.yue that he.jun approved and xie.ting ordered."""
    loaded = load_definition(purchase.TEXT + REVOCATION, file="purchase.toml")
    await work.database.run(
        lambda tx: tx.definitions.publish(
            key="purchase", hash=loaded.hash, text=loaded.text, at=MONDAY, by="system"
        )
    )
    buyer, boss = work.person("sun.yue"), work.person("he.jun")
    await buyer.says("/purchase")
    await buyer.fills(what="打印机", price="1234.50", count="30", kind="used")
    await boss.presses("同意")
    await work.person("xie.ting").presses("完成")


async def test_the_filer_revokes_and_the_owner_confirms(in_both: Workplace) -> None:
    work = in_both
    await bought(work)
    buyer = work.person("sun.yue")
    await buyer.presses("撤销", kind="case")
    await buyer.fills(text="买错了型号")
    case = await work.case("P-2026-0001")
    assert (case.status, case.node) == ("running", "revocation")
    assert not {"撤销", "Revoke"} & await buyer.buttons()

    boss = work.person("he.jun")
    await boss.sees("买错了型号", kind="task")
    await boss.presses("同意")

    await buyer.sees("已撤销", kind="case")
    assert (await work.case("P-2026-0001")).status == "withdrawn"


async def test_the_time_to_revoke_ends_and_the_button_says_so(work: Workplace) -> None:
    await bought(work)
    buyer = work.person("sun.yue")
    old = await buyer.button("撤销", kind="case")
    await work.until("2026-03-18 10:00")

    assert "结束已久" in await buyer.forges(old.token)
