import io

import docx
import pytest

from handlers.documents import papers
from handlers.documents.papers import PaperName, read_name
from handlers.i18n import translator
from handlers.rendering.jobs import RenderFailed
from tests.office import Workplace
from tests.stories.deeds import ONE_PIXEL, dispatched, file_complaint, report_text
from tests.unit.handlers.documents.samples import png
from tests.unit.handlers.purchase import requested
from workflows.errors import Refusal


async def opened(work: Workplace, person_id: str, name: str) -> tuple[str, bytes]:
    file, content = await papers.open_paper(
        work.database,
        work.files,
        work.office,
        person=await work.person(person_id).key(),
        name=name,
    )
    return file.name, content


def test_a_name_is_read_back() -> None:
    name = PaperName(case_id="C-2026-0001", language="en", kind="pdf")

    assert str(name) == "paper.C-2026-0001.en.pdf"
    assert read_name(str(name)) == name


async def test_a_report_of_a_running_case_tells_what_is_known(work: Workplace) -> None:
    await dispatched(work)
    name, content = await opened(work, "li.qiang", "paper.C-2026-0001.en.docx")
    text = report_text(content, "docx")

    assert name == "Complaint report C-2026-0001.docx"
    assert "Acme 东方食品" in text
    assert "2 Mar 2026 09:00" in text
    for word in ("today", "tomorrow", "p_0"):
        assert word not in text


async def test_every_time_in_a_report_has_its_year_also_inside_a_sentence(work: Workplace) -> None:
    await dispatched(work, grade="urgent")
    _, content = await opened(work, "li.qiang", "paper.C-2026-0001.en.docx")
    sentence = next(
        line
        for line in report_text(content, "docx").splitlines()
        if "The limit of “First response” changed" in line
    )

    assert "due 2 Mar 2026 " in sentence


async def test_a_picture_that_is_lost_is_still_named(work: Workplace) -> None:
    filer = work.person("emma.clark")
    photo = await filer.uploads("裂缝.png", ONE_PIXEL)
    await file_complaint(filer, evidence=[photo])
    work.files.kept.clear()

    _, content = await opened(work, "emma.clark", "paper.C-2026-0001.zh.docx")

    assert "裂缝.png" in report_text(content, "docx")


async def test_a_picture_that_cannot_be_drawn_costs_only_itself(work: Workplace) -> None:
    filer = work.person("emma.clark")
    broken = await filer.uploads("裂缝.png", png()[:60])
    whole = await filer.uploads("箱子.png", png())
    await file_complaint(filer, evidence=[broken, whole])

    _, content = await opened(work, "emma.clark", "paper.C-2026-0001.zh.docx")
    lines = report_text(content, "docx").splitlines()

    assert any(line.startswith("裂缝.png  ") and "（图片无法在此显示）" in line for line in lines)
    assert not any(line.startswith("箱子.png  ") and "（图片" in line for line in lines)
    assert len(docx.Document(io.BytesIO(content)).inline_shapes) == 1


@pytest.mark.parametrize(("later", "code"), [(False, "document_failed"), (True, "render_busy")])
async def test_a_document_that_cannot_be_made_is_refused_in_words(
    work: Workplace, later: bool, code: str
) -> None:
    await dispatched(work)

    async def fails(job: str, content: bytes) -> bytes:
        raise RenderFailed("no memory", later=later)

    with pytest.raises(Refusal) as refused:
        await papers.open_paper(
            work.database,
            work.files,
            work.office,
            person=await work.person("li.qiang").key(),
            name="paper.C-2026-0001.zh.pdf",
            render=fails,
        )

    assert refused.value.code == code
    assert translator("zh").has(f"refusal.{code}")


async def test_a_process_without_a_document_has_none(work: Workplace) -> None:
    await requested(work)
    with pytest.raises(Refusal, match="file_unknown"):
        await opened(work, "sun.yue", "paper.P-2026-0001.zh.pdf")


async def test_whoever_is_not_known_gets_nothing(work: Workplace) -> None:
    await dispatched(work)
    with pytest.raises(Refusal, match="not_known"):
        await papers.open_paper(
            work.database,
            work.files,
            work.office,
            person="p_nobody",
            name="paper.C-2026-0001.zh.pdf",
        )
