"""Steps that many stories take."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import docx
import pymupdf

if TYPE_CHECKING:
    from storage.unit import Tx
    from tests.office import Workplace
    from tests.person import Colleague

ONE_PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d4944415478da63fccff0bf1e000584027f00e1b4e3"
    "0000000049454e44ae426082"
)


async def events(work: Workplace) -> int:
    """How much has happened in the first case."""
    return len(await work.event_types())


async def file_complaint(filer: Colleague, **more: object) -> None:
    """File a complaint about a wet box."""
    await filer.says("/complaint 包装破损，箱子是湿的")
    values: dict[str, object] = {
        "customer": "Acme 东方食品",
        "contact": "13800000000",
        "channel": "phone",
        "product": "A-100",
    }
    await filer.fills(**{**values, **more})


async def triage(desk: Colleague, *, grade: str = "normal", category: str = "product") -> None:
    """Classify and grade what was claimed."""
    await desk.presses("提交", kind="task")
    await desk.fills(grade=grade, category=category)


async def dispatched(work: Workplace, *, grade: str = "normal") -> Colleague:
    """A complaint of Emma Clark's that li.qiang has to resolve; returns li.qiang."""
    await file_complaint(work.person("emma.clark"))
    desk = work.person("liu.yang")
    await desk.presses("认领")
    await triage(desk, grade=grade)
    return work.person("li.qiang")


async def resolve(handler: Colleague, *, answer: bool = True, **more: object) -> None:
    """Answer the customer and hand in the resolution."""
    if answer:
        await handler.presses("登记答复", kind="task")
        await handler.fills(answer="已致歉")
    await handler.presses("提交", kind="task")
    await handler.fills(**{"root_cause": "包装薄", "resolution": "换新", **more})


def report_text(content: bytes, kind: str) -> str:
    """All words of a report."""
    if kind == "pdf":
        with pymupdf.open(stream=content, filetype="pdf") as opened:
            return "".join(page.get_text() for page in opened)
    document = docx.Document(io.BytesIO(content))
    cells = (cell.text for table in document.tables for row in table.rows for cell in row.cells)
    return "\n".join([*(p.text for p in document.paragraphs), *cells])


async def closed_after(work: Workplace) -> None:
    """After the answer is resolved: the filer is satisfied, and the desk archives the case."""
    filer, desk = work.person("emma.clark"), work.person("liu.yang")
    await filer.presses("同意", kind="task")
    await filer.fills()
    await desk.presses("认领", kind="task")
    await desk.presses("提交", kind="task")
    await desk.fills(outcome="solved", lessons="无")


async def leave(work: Workplace, person: str) -> None:
    """Somebody leaves: they are not in the next list of people."""

    def unit(tx: Tx) -> None:
        directory = tx.people.directory()
        stay = [one for one in directory.people.values() if one.id != person]
        tx.people.replace(stay, list(directory.departments.values()))

    await work.database.run(unit)
