"""The DOCX says all of the document, in styles with Chinese fonts, and opens everywhere."""

from datetime import datetime
from io import BytesIO
from zoneinfo import ZoneInfo

import docx
import pytest
from docx.oxml.ns import qn
from PIL import Image

from handlers.documents.report import build_report
from handlers.rendering.model import File, Paragraph, StyledText, Timeline, TimelineStep
from handlers.rendering.pictures import small
from handlers.rendering.render_docx import render_docx
from tests.unit.handlers.documents.samples import CASE, png, source
from tests.unit.handlers.rendering.test_pictures import CORNER, TURNS, alike, photographed
from tests.unit.handlers.rendering.test_render_pdf import HOSTILE, paper, row, words


def opened(document):
    return docx.Document(BytesIO(render_docx(document)))


def text_of(part):
    return "\n".join(
        "".join(
            {qn("w:t"): node.text or "", qn("w:br"): "\n"}.get(node.tag, "")
            for node in line.iter(qn("w:t"), qn("w:br"))
        )
        for line in part.iter(qn("w:p"))
    )


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_word_of_the_report_is_in_the_docx(language):
    document = build_report(source(language))
    made = opened(document)
    page = made.sections[0]
    text = "\n".join(
        text_of(part) for part in (made.element.body, page.header._element, page.footer._element)
    )

    assert [word for word in words(document) if word not in text] == []
    assert made.core_properties.title == f"{document.title} {CASE.id}"
    assert made.core_properties.author == document.company


def test_equal_documents_give_equal_bytes():
    assert render_docx(build_report(source())) == render_docx(build_report(source()))


def test_the_page_is_a4_and_counts_itself():
    made = opened(build_report(source()))
    page = made.sections[0]
    assert page.page_width is not None
    assert page.page_height is not None

    assert (round(page.page_width.mm), round(page.page_height.mm)) == (210, 297)
    fields = [node.get(qn("w:instr")) for node in page.footer._element.iter(qn("w:fldSimple"))]
    assert fields == ["PAGE", "NUMPAGES"]


def test_titles_of_tables_are_repeated_on_each_page():
    made = opened(build_report(source()))
    heads = list(made.element.body.iter(qn("w:tblHeader")))

    assert len(heads) == 2


def test_every_style_in_use_has_a_chinese_font():
    made = opened(build_report(source()))
    for name in ("Normal", "Title", "Heading 1", "Header", "Footer", "Caption", "Quote"):
        fonts = made.styles[name].element.rPr.find(qn("w:rFonts"))
        assert fonts.get(qn("w:eastAsia")) == "Microsoft YaHei"
        assert fonts.get(qn("w:asciiTheme")) is None


def test_sections_are_headings():
    made = opened(build_report(source("en")))
    headings = [line.text for line in made.paragraphs if line.style.name == "Heading 1"]

    assert headings[0] == "The facts"
    assert len(headings) == 9


def test_the_moment_of_making_is_kept_in_utc():
    at = datetime(2026, 11, 22, 16, 30, tzinfo=ZoneInfo("Asia/Shanghai"))
    created = opened(paper(row("x"), created_at=at)).core_properties.created

    assert created is not None
    assert created.replace(tzinfo=None) == datetime(2026, 11, 22, 8, 30)  # noqa: DTZ001


def test_a_word_in_place_of_a_list_is_there():
    nothing = Paragraph(words=StyledText(text="暂无记录"))

    assert "暂无记录" in text_of(opened(paper(nothing)).element.body)


def test_a_line_without_a_name_begins_with_its_text():
    steps = (TimelineStep(when="10:30", who="", text="已提交"),)
    made = opened(paper(Timeline(steps=steps)))

    assert made.tables[-1].cell(0, 1).text == "已提交"


def test_what_people_type_is_inert():
    made = opened(paper(row(HOSTILE), title=HOSTILE))

    assert text_of(made.element.body).count(HOSTILE) == 2


def test_control_characters_are_gone():
    assert "一二三" in text_of(opened(paper(row("一\x00二\x1b\ufffe\ud800三"))).element.body)


def test_emoji_and_other_scripts_are_kept():
    text = "😡👨‍👩‍👧 שלום مرحبا " + "很长" * 2000

    assert text in text_of(opened(paper(row(text))).element.body)


def test_pictures_fit_their_place():
    files = (
        File(name="wide.png", size="1 KB", picture=small(png(400, 10))),
        File(name="tall.png", size="1 KB", picture=small(png(10, 400))),
        File(name="broken.png", size="1 KB", note="（图片无法在此显示）"),
    )
    made = opened(paper(row("", files=files)))

    sizes = [(shape.width.mm, shape.height.mm) for shape in made.inline_shapes]
    assert len(sizes) == 2
    assert max(side for size in sizes for side in size) <= 38.1
    assert "broken.png  1 KB  （图片无法在此显示）" in text_of(made.element.body)


@pytest.mark.parametrize("orientation", TURNS)
def test_a_photo_stands_upright(orientation):
    photo = small(photographed(orientation))
    made = opened(paper(row("", files=(File(name="a.jpg", size="1 KB", picture=photo),))))

    (shape,) = made.inline_shapes
    assert shape.width > shape.height
    part = made.part.related_parts[shape._inline.graphic.graphicData.pic.blipFill.blip.embed]
    with Image.open(BytesIO(part.blob)) as picture:
        assert alike(picture.getpixel((10, 10)), CORNER)
