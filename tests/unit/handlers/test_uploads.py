import pytest

from handlers.uploads import NAME_MOST, clean_name, media_type
from tests.office import Workplace
from tests.stories.deeds import ONE_PIXEL
from workflows.errors import Refusal

DOCX = b"PK\x03\x04....[Content_Types].xml....word/document.xml...."
XLSX = b"PK\x03\x04....[Content_Types].xml....xl/workbook.xml...."


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (ONE_PIXEL, "image/png"),
        (b"\xff\xd8\xff\xe0JFIF", "image/jpeg"),
        (b"GIF89a...", "image/gif"),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", "image/webp"),
        (b"%PDF-1.7", "application/pdf"),
        (DOCX, "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        (XLSX, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ("一些文字".encode(), "text/plain"),
        (b"PK\x03\x04 a zip", None),
        (DOCX + XLSX, None),
        (XLSX + b"xl/vbaProject.bin", None),
        (b"<svg/>", None),
        (b"\xff\xfe<\x00", None),
        (b"RIFF\x00\x00\x00\x00WAVE\xff", None),
    ],
)
def test_a_file_is_what_its_content_says(content: bytes, found: str | None) -> None:
    assert media_type(content) == found


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\temp\\照片.PNG", "照片.PNG"),
        ("a\x00\nb\u202egnp.png", "a bgnp.png"),
        ("...", "file"),
        ("", "file"),
        ("长" * 200 + ".png", "长" * (NAME_MOST - 4) + ".png"),
        ("a." + "b" * 200, "a." + "b" * (NAME_MOST - 2)),
    ],
)
def test_a_name_is_only_text(name: str, shown: str) -> None:
    assert clean_name(name) == shown


@pytest.mark.parametrize(
    ("name", "kind", "shown"),
    [
        ("page.html", "text/plain", "page.html.txt"),
        ("list.csv", "text/plain", "list.csv"),
        ("photo.exe", "image/png", "photo.exe.png"),
        ("photo.JPEG", "image/jpeg", "photo.JPEG"),
        ("", "application/pdf", "file.pdf"),
    ],
)
def test_a_name_ends_as_its_content_does(name: str, kind: str, shown: str) -> None:
    assert clean_name(name, kind) == shown


async def test_an_upload_waits_for_its_form(work: Workplace) -> None:
    file_id = await work.person("li.qiang").uploads("../裂缝.png", ONE_PIXEL)

    file = await work.database.read(lambda tx: tx.files.get(file_id))
    assert file is not None
    assert (file.name, file.media_type, file.size, file.case_id) == (
        "裂缝.png",
        "image/png",
        len(ONE_PIXEL),
        None,
    )
    assert work.files.kept == {file_id: ONE_PIXEL}


async def test_what_cannot_be_kept_is_not_recorded(work: Workplace) -> None:
    async def full(file_id: str, content: bytes) -> None:
        raise Refusal("disk_full")

    setattr(work.files, "write", full)  # noqa: B010 - mypy knows that a method is no attribute
    with pytest.raises(Refusal, match="disk_full"):
        await work.person("li.qiang").uploads("x.png", ONE_PIXEL)

    assert await work.database.read(lambda tx: tx.files.get("f_001001")) is None
