"""What people of the sample company do with a supplier, by the process as it is shipped."""

from __future__ import annotations

from importlib.resources import files

from tests.office import MONDAY, Workplace
from tests.person import Colleague
from workflows.loading import Loaded, load_definition

PDF = b"%PDF-1.4\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n"
CASE = "S-2026-0001"
BUYER, SUPERVISOR = "xie.ting", "deng.kai"
INSPECTOR, QUALITY = "yu.jia", "pan.rui"


def shipped() -> Loaded:
    """Return the process as it is shipped."""
    text = files("workflows.processes").joinpath("supplier.toml").read_text(encoding="utf-8")
    return load_definition(text, file="supplier.toml")


async def in_force(work: Workplace) -> None:
    """Put the process in force."""
    loaded = shipped()
    await work.database.run(
        lambda tx: tx.definitions.publish(
            key="supplier", hash=loaded.hash, text=loaded.text, at=MONDAY, by="system"
        )
    )


async def asked(work: Workplace, *, iso_until: str = "2027-09-30", **values: object) -> Colleague:
    """The buyer asks for the admission of a supplier."""
    await in_force(work)
    buyer = work.person(BUYER)
    await buyer.says("/supplier")
    given: dict[str, object] = {
        "supplier": "恒信零部件",
        "credit_code": "91310000MA1K3X0001",
        "contact": "王经理 138 0000 0000",
        "goods": "part",
        "reason": "现有供应商产能不足",
        "license": [await buyer.uploads("营业执照.pdf", PDF)],
        "iso9001": [await buyer.uploads("ISO9001.pdf", PDF)],
        "iso9001_expires": iso_until,
        "safety": [await buyer.uploads("安全许可.pdf", PDF)],
        "safety_expires": "2031-12-31",
    }
    await buyer.fills(**given | values)
    await work.settle()
    return buyer


async def judges(person: Colleague, number: int, verdict: str, finding: str = "清晰有效") -> None:
    """Press the button of a line of the check, and send the form."""
    card = [one for one in await person.cards() if one.kind == "task"][-1]
    line = next(one for one in card.items if one.text.startswith(f"{number}. "))
    assert line.button is not None
    await person.forges(line.button.token)
    await person.fills(**{"verdict-of": verdict, "finding": finding})


async def approves(person: Colleague, word: str = "同意", **values: object) -> None:
    await person.presses(word, kind="task")
    if values:
        await person.fills(**values)


async def admitted(work: Workplace, *, iso_until: str = "2027-09-30") -> None:
    """Everything was in order, and the contract is signed."""
    await asked(work, iso_until=iso_until)
    inspector = work.person(INSPECTOR)
    await inspector.presses("全部通过", kind="task")
    await work.settle()
    for person in (SUPERVISOR, QUALITY):
        await approves(work.person(person), opinion="同意准入")
    await signs(work, start="2026-04-01", end="2027-06-30")


async def signs(work: Workplace, *, start: str, end: str) -> None:
    """The buyer signs a contract, or renews it."""
    buyer = work.person(BUYER)
    await buyer.presses("提交", kind="task")
    contract = await buyer.uploads("合同.pdf", PDF)
    await buyer.fills(contract_start=start, contract_end=end, contract_file=[contract])
    await work.settle()


async def scores(work: Workplace, number: int | str) -> None:
    """Quality and purchasing fill in their scorecards, with this number everywhere."""
    inspector, buyer = work.person(INSPECTOR), work.person(BUYER)
    await inspector.presses("提交", kind="task")
    await inspector.fills(quality=str(number))
    await buyer.presses("提交", kind="task")
    await buyer.fills(delivery=str(number), price=str(number), service=str(number))
    await work.settle()


def words(work: Workplace, zh: str, en: str) -> str:
    """The label of a button in the language of the workplace."""
    return en if work.language == "en" else zh


async def to_contract(work: Workplace) -> None:
    """Everything was in order; the contract is to be signed."""
    await asked(work)
    await work.person(INSPECTOR).presses(words(work, "全部通过", "Approve all"), kind="task")
    await work.settle()
    for person in (SUPERVISOR, QUALITY):
        await work.person(person).presses(words(work, "同意", "Approve"), kind="task")
        await work.person(person).fills(opinion="可以")


async def admitted_in(work: Workplace) -> None:
    """As `admitted`, in the language of the workplace."""
    await to_contract(work)
    buyer = work.person(BUYER)
    await buyer.presses(words(work, "提交", "Submit"), kind="task")
    contract = await buyer.uploads("合同.pdf", PDF)
    await buyer.fills(
        contract_start="2026-04-01", contract_end="2027-06-30", contract_file=[contract]
    )
    await work.settle()
