"""Twelve certificates are twelve lines on one card; the filer reads which came back and why."""

from __future__ import annotations

from handlers.documents import approvals
from handlers.documents.source import DocumentSource
from handlers.intents import Submitted
from handlers.pages import Card
from handlers.reading.case import open_unchecked
from handlers.rendering.model import Table
from storage.unit import Tx
from tests.office import Workplace
from tests.person import Colleague
from tests.stories.test_other_cases import publish, show, sound

CASE = "S-2026-0001"
ID = "supplier_check"
PDF = b"%PDF-1.4\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n"
UNTIL = "2027-06-30"

_FIELDS = "\n".join(
    f'  {{ id = "paper{n}", type = "certificate", required = true, expires = true, '
    f'label = {{ zh = "证书{n}", en = "Certificate {n}" }} }},'
    for n in range(1, 13)
)


_NAME = (
    '  { id = "supplier", type = "text", required = true, '
    'label = { zh = "供应商", en = "Supplier" } },'
)


PROCESS = """key = "supplier_check"
name = { zh = "供应商准入", en = "Supplier" }
purpose = { zh = "准入供应商", en = "Admit suppliers" }
departments = ["sales"]
owner = "person:chen.jing"
command = "supplier"
case_prefix = "S"
start_form = "supplier"
start = "check"
withdraw_until = "end"

[forms.supplier]
name = { zh = "供应商", en = "Supplier" }
fields = [
@fields
]

[forms.finding]
name = { zh = "核查意见", en = "Finding" }
fields = [
  { id = "finding", type = "long_text", main = true, label = { zh = "意见", en = "Finding" } },
]

[ladders.step]
rungs = [{ at = "due", remind = "assignee" }, { at = "due + 1wd", escalate = "owner" }]

[[nodes]]
id = "check"
kind = "approval"
name = { zh = "资质核查", en = "Check of certificates" }
for_each = "certificates(supplier)"
assignee = "person:zhao.lei"
form = "finding"
due = "5wd"
ladder = "step"
on_reject = "after_all"
on_return = "after_all"
refuse_expired = true

[nodes.outcomes.approve]
to = "admitted"

[nodes.outcomes.reject]
to = "refused"

[nodes.outcomes.return]
to = ["amend"]
at_most = 3
then = "refused"

[[nodes]]
id = "amend"
kind = "task"
name = { zh = "补正资料", en = "Amend" }
assignee = "filer"
form = "supplier"
due = "5wd"
ladder = "step"
next = "check"

[[nodes]]
id = "admitted"
kind = "end"
name = { zh = "准入", en = "Admitted" }

[[nodes]]
id = "refused"
kind = "end"
status = "rejected"
name = { zh = "未准入", en = "Refused" }

[document]
name = { zh = "供应商档案", en = "Supplier file" }
sections = [{ title = { zh = "决定", en = "Decisions" }, list = "decisions" }]
"""


def process(more: str = "") -> str:
    """A supplier with twelve certificates, and these fields besides."""
    return PROCESS.replace("@fields", f"{_NAME}\n{_FIELDS}\n{more}")


async def papers(person: Colleague, numbers: range = range(1, 13)) -> dict[str, object]:
    """Each certificate with a file and its expiry, as a form takes them."""
    found: dict[str, object] = {}
    for number in numbers:
        found[f"paper{number}"] = [await person.uploads(f"paper{number}.pdf", PDF)]
        found[f"paper{number}_expires"] = UNTIL
    return found


async def filed(work: Workplace, *, more: str = "", count: int = 12) -> Colleague:
    """Somebody asks for the admission of a supplier."""
    await publish(work, process(more), ID)
    person = work.person("sun.yue")
    await person.says("/supplier")
    await person.fills(supplier="华东精工", **await papers(person, range(1, count + 1)))
    await work.settle()
    return person


async def requested(work: Workplace) -> Submitted:
    """The request of the same person, for a platform that takes it in."""
    await publish(work, process(), ID)
    person = work.person("sun.yue")
    values = {"supplier": "华东精工", **await papers(person)}
    return Submitted(**await person.who(), token=f"start|||{ID}", values=values)


async def card(person: Colleague) -> Card:
    """The card of their newest task."""
    return [one for one in await person.cards() if one.kind == "task"][-1]


async def judges(person: Colleague, number: int, **values: str) -> str:
    """Press the button of a line, and send the form."""
    line = next(one for one in (await card(person)).items if one.text.startswith(f"{number}. "))
    assert line.button is not None
    await person.forges(line.button.token)
    return await person.fills(**{"verdict-of": values.pop("verdict")}, **values)


async def decisions(work: Workplace) -> list[list[str]]:
    """The rows of the decisions in the document, as texts."""

    def read(tx: Tx) -> list[list[str]]:
        reading = open_unchecked(tx, work.office, case_id=CASE, language="zh")
        (table,) = approvals.decisions(DocumentSource(reading=reading))
        assert isinstance(table, Table)
        return [[cell.text for cell in row] for row in table.rows]

    return await work.database.read(read)


async def test_twelve_certificates_are_twelve_lines_on_one_card(in_both: Workplace) -> None:
    work, en = in_both, in_both.language == "en"
    filer = await filed(work)
    checker = work.person("zhao.lei")

    shown = await card(checker)
    assert len(await checker.cards()) == 1, "one message, however many certificates there are"
    assert [one.text for one in shown.items] == [
        f"{n}. {'Certificate ' if en else '证书'}{n}" for n in range(1, 13)
    ]
    assert all(one.button is not None for one in shown.items)
    said = await judges(checker, 3, verdict="return", finding="章不清楚")
    assert "11" in said
    assert (await card(checker)).items[2].quote.endswith("章不清楚")
    await checker.presses("Approve the others" if en else "其余全部通过")
    await work.settle()

    amend = await card(filer)
    assert [one.value for one in amend.facts if one.tone == "warn"] == [
        "Certificate 3" if en else "证书3"
    ]
    [line] = [one for one in amend.lines if "章不清楚" in one.quote]
    assert ("Certificate 3" if en else "证书3") in line.text
    assert "↩" in line.text
    history = await show(work, CASE)
    assert ("Certificate 3 ↩ returned" if en else "证书3 ↩ 退回") in history
    await sound(work)


async def test_after_the_return_only_the_returned_one_is_checked_again(work: Workplace) -> None:
    filer = await filed(work)
    checker = work.person("zhao.lei")
    await judges(checker, 3, verdict="return", finding="章不清楚")
    await checker.presses("其余全部通过")
    await work.settle()

    await filer.presses("提交", kind="task")
    new = await filer.uploads("new.pdf", PDF)
    await filer.fills(paper3=[new])
    await work.settle()
    case = await work.case(CASE)
    left = [one.subject for one in case.open_tasks[0].verdicts if not one.outcome]
    assert left == ["paper3"]
    answer = await checker.says(f"/why {CASE}")
    assert "证书3" in answer + checker.reads()
    await judges(checker, 3, verdict="approve")
    assert (await work.case(CASE)).status == "completed"
    rows = await decisions(work)
    returned = [row for row in rows if row[:2] == ["· 证书3", "↩ 退回"]]
    assert [row[2] for row in returned] == ["意见：章不清楚"]
    kept = [row for row in rows if row[0] == "· 证书1"]
    assert [row[1] for row in kept] == ["✓ 通过", "✓ 通过（未变更，沿用上次结论）"]
    await sound(work)


async def test_the_files_that_are_left_to_check_come_first(work: Workplace) -> None:
    await filed(work)
    checker = work.person("zhao.lei")
    assert "paper1.pdf" in (await card(checker)).items[0].detail

    await judges(checker, 1, verdict="approve")
    assert [one.name for one in (await card(checker)).files][:1] == ["paper2.pdf"]
    assert (await card(checker)).files[-1].name == "paper1.pdf"


async def test_a_reject_needs_a_finding_and_nothing_is_lost(work: Workplace) -> None:
    await filed(work)
    checker = work.person("zhao.lei")
    await judges(checker, 1, verdict="reject")
    assert set(checker.answer.problems) == {"finding"}
    await checker.fills(**{"verdict-of": "reject", "finding": "过期"})
    assert (await work.case(CASE)).open_tasks[0].verdicts[0].outcome == "reject"


async def test_an_expired_certificate_is_refused_in_its_form(work: Workplace) -> None:
    await filed(work)
    checker = work.person("zhao.lei")
    await work.until("2027-07-01 10:00")
    await judges(checker, 1, verdict="approve")
    assert "2027" in checker.answer.problems["verdict-of"]


async def test_more_than_twelve_are_on_further_pages(work: Workplace) -> None:
    more = (
        '  { id = "paper13", type = "certificate", required = true, '
        'label = { zh = "证书13", en = "Certificate 13" } },'
    )
    await filed(work, more=more, count=13)
    checker = work.person("zhao.lei")
    assert len((await card(checker)).items) == 12

    await checker.presses("第 2 页，共 2 页")
    [page] = checker.answer.cards
    assert [one.text for one in page.items] == ["13. 证书13"]
    for number in range(1, 13):
        await judges(checker, number, verdict="approve")
    assert [one.text for one in (await card(checker)).items] == ["13. 证书13"]
