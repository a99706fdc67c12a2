"""The PDF says all of the document, takes nothing for mark-up, and is the same every time."""

from dataclasses import replace
from itertools import pairwise
from zoneinfo import ZoneInfo

import pymupdf
import pytest

from handlers.documents.report import build_report
from handlers.rendering import render_pdf as render
from handlers.rendering.model import (
    Chart,
    DocumentModel,
    DocumentSection,
    Field,
    FieldTable,
    File,
    Paragraph,
    StyledText,
    Timeline,
    TimelineStep,
)
from handlers.rendering.pictures import small
from handlers.rendering.render_pdf import render_pdf
from tests.unit.handlers.documents.samples import NOW, png, source
from tests.unit.handlers.rendering.test_pictures import CORNER, TURNS, alike, photographed
from workflows.moments import in_zone, utc

HOSTILE = '#typst *markup* _x_ $a$ `c` <b>b</b> {{7*7}} =1+1 @ref \\n // "q" ]]> #panic() [x]'


def paper(*blocks, **changes):
    document = DocumentModel(
        language="zh",
        company="公司",
        title="报告",
        subtitle="流程",
        number="C-2026-0001",
        facts=(),
        sections=(DocumentSection(title="一节", blocks=blocks),),
        footer="脚注",
        pages=("第 ", " 页，共 ", " 页"),
        created_at=utc(NOW),
    )
    return replace(document, **changes)


def row(text, *, files=()):
    return FieldTable(rows=(Field(label="标签", value=StyledText(text=text), files=files),))


def opened(document):
    return pymupdf.open(stream=render_pdf(document), filetype="pdf")


def text_of(pdf):
    """The words of all pages without any space, as lines may break anywhere."""
    text = "".join(page.get_text() for page in pdf)
    return "".join(text.replace("\u200b", "").split())


def squeezed(text):
    return "".join(text.split())


def words(value):
    """Every text of a document."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple):
        for item in value:
            yield from words(item)
    elif hasattr(value, "__dataclass_fields__"):
        for name in value.__dataclass_fields__:
            if name not in {"language", "kind", "tone", "subject", "created_at"}:
                yield from words(getattr(value, name))


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_word_of_the_report_is_in_the_pdf(language):
    document = build_report(source(language))
    pdf = opened(document)
    text = text_of(pdf)

    missing = [word for word in words(document) if squeezed(word) not in text]
    assert missing == []
    assert pdf.metadata is not None
    assert pdf.metadata["title"] == f"{document.title} C-2026-0042"


@pytest.mark.parametrize("language", ["zh", "en"])
def test_equal_documents_give_equal_bytes(language):
    document = build_report(source(language))

    assert render_pdf(document) == render_pdf(build_report(source(language)))


def test_a_moment_between_two_seconds_makes_a_pdf_too():
    assert render_pdf(paper(row("x"), created_at=utc(NOW).replace(microsecond=1)))[:5] == b"%PDF-"


def test_the_pdf_is_a4_and_counts_its_pages():
    pdf = opened(build_report(source()))

    assert (round(pdf[0].rect.width), round(pdf[0].rect.height)) == (595, 842)
    for number, page in enumerate(pdf, start=1):
        assert f"第{number}页，共{len(pdf)}页" in squeezed(page.get_text())
        assert "C-2026-0042" in page.get_text()


def test_what_people_type_is_inert():
    step = TimelineStep(when=HOSTILE, who=HOSTILE, text=HOSTILE, quote=StyledText(text=HOSTILE))
    document = paper(row(HOSTILE), Timeline(steps=(step,)), title=HOSTILE, company=HOSTILE)

    assert text_of(opened(document)).count(squeezed(HOSTILE)) >= 7


def sign_widths(text, *, language):
    """How far the next sign is from the marks of punctuation of a text, in heights of letters."""
    page = opened(paper(row(text), language=language))[0]
    lines = (line for block in page.get_text("rawdict")["blocks"] for line in block["lines"])
    return {
        sign["c"]: (after["origin"][0] - sign["origin"][0]) / 9.5
        for line in lines
        for sign, after in pairwise(sign for span in line["spans"] for sign in span["chars"])
        if sign["c"] in "“”’·，"
    }


def test_english_has_narrow_quotation_marks_and_chinese_wide_ones():
    english = sign_widths("it’s “Active” · now", language="en")
    comma = english.pop("，")  # of the Chinese page number
    chinese = sign_widths("状态：“有效” · O’Neil", language="zh")

    assert all(width < 0.8 for width in english.values()), english
    assert english.keys() == set("“”’·")
    assert comma == pytest.approx(7.5 / 9.5, rel=0.02)  # as wide as its letters are high
    assert chinese["“"] == pytest.approx(1, rel=0.1)
    assert chinese["’"] < 0.6


def test_control_characters_are_gone():
    assert "一二三" in text_of(opened(paper(row("一\x00二\x1b\ufffe\ud800三"))))


@pytest.mark.parametrize(
    "text", ["很长的中文没有空格" * 400, "a" * 3000, "https://example.com/" + "x/y?z=" * 300]
)
def test_nothing_is_cut_off(text):
    pdf = opened(paper(row(text)))

    assert len(pdf) >= 1
    shown = text_of(pdf)
    for piece in (text[:8], text[-8:]):
        assert piece in shown
    for page in pdf:
        for block in page.get_text("blocks"):
            assert block[0] >= 50
            assert block[2] <= 595 - 50
            assert block[3] <= 842


def test_emoji_are_named_and_other_scripts_are_kept():
    text = text_of(opened(paper(row("生气😡 שלום 한국어"))))

    assert "生气[poutingface]" in text
    assert "한국어" in text


def test_a_picture_is_shown():
    pdf = opened(paper(row("", files=(File(name="a.png", size="1 KB", picture=small(png())),))))

    assert len(pdf[0].get_images()) == 1
    assert "a.png" in text_of(pdf)


def test_a_picture_that_is_not_shown_is_named_and_the_document_says_so():
    files = (
        File(name="a.png", size="1 KB", note="（图片无法在此显示）"),
        File(name="b.png", size="1 KB", picture=small(png())),
    )
    pdf = opened(paper(row("", files=files)))

    assert len(pdf[0].get_images()) == 1
    assert "a.png1KB（图片无法在此显示）b.png1KB" in text_of(pdf)


@pytest.mark.parametrize("orientation", TURNS)
def test_a_photo_stands_upright(orientation):
    photo = small(photographed(orientation))
    pdf = opened(paper(row("", files=(File(name="a.jpg", size="1 KB", picture=photo),))))

    (image,) = pdf[0].get_image_info()
    x0, y0, x1, y1 = image["bbox"]
    drawn = pdf[0].get_pixmap(clip=image["bbox"])
    assert x1 - x0 > y1 - y0
    assert alike(drawn.pixel(drawn.width // 4, drawn.height // 4), CORNER)


def test_a_letter_that_no_font_has_does_not_stop_the_document():
    text = text_of(opened(paper(row("前\U00010300\U00016fe3后"))))

    assert "标签前" in text
    assert "后脚注" in text


def test_a_moment_in_any_zone_will_do():
    at = in_zone(NOW, ZoneInfo("Asia/Shanghai"))

    assert render_pdf(paper(row("x"), created_at=at)) == render_pdf(paper(row("x")))


def test_no_page_is_nearly_empty_where_a_tighter_one_saves_it(monkeypatch):
    def pages(rows):
        return len(opened(paper(*(row("很短") for _ in range(rows)))))

    with monkeypatch.context() as loosely:
        loosely.setattr(render, "_NEARLY_EMPTY", 0)
        least = next(rows for rows in range(10, 60) if pages(rows) == 2)

    assert pages(least) == 1
    assert pages(least + 20) == 2


def chart(height):
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 160 {height}" width="160" '
        f'height="{height}"><rect width="160" height="{height}" fill="#17496b"/></svg>'
    )
    return Chart(svg=svg, title="图")


def test_a_chart_is_set_smaller_where_this_saves_a_nearly_empty_page():
    with opened(paper(chart(190), row("一行"), row("又一行"))) as pdf:
        (page,) = pdf
        assert "又一行" in page.get_text()
        (picture,) = page.get_image_info()
        width = page.rect.width
    x0, _, x1, _ = picture["bbox"]
    assert x1 - x0 < 0.7 * width
    assert abs(x0 - (width - x1)) < 1


def test_a_sentence_above_a_chart_goes_with_it_to_the_next_page():
    words = Paragraph(words=StyledText(text="见下图"))
    with opened(paper(chart(150), words, chart(150))) as pdf:
        assert ["见下图" in page.get_text() for page in pdf] == [False, True]
