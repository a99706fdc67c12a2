from dataclasses import replace

import pytest

from handlers.i18n import translator
from handlers.office import Limits
from handlers.uploads import NAME_MOST, clean_name, doom_unused, media_type, remove_doomed
from tests.office import Workplace
from tests.stories.deeds import ONE_PIXEL
from workflows.errors import Refusal
from workflows.records import Draft

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


def limited(work: Workplace, limits: Limits) -> Workplace:
    return replace(work, office=replace(work.office, limits=limits), _people={})


async def test_one_person_may_send_so_many_files_a_day(work: Workplace) -> None:
    few = limited(work, Limits(uploads=2))
    wang = few.person("wang.fang")
    for name in ("a.png", "b.png"):
        await wang.uploads(name, ONE_PIXEL)

    with pytest.raises(Refusal, match="too_many_uploads"):
        await wang.uploads("c.png", ONE_PIXEL)

    assert len(few.files.kept) == 2  # the bytes of the third are not left
    await few.person("li.qiang").uploads("d.png", ONE_PIXEL)
    await few.passes("1d")
    await wang.uploads("c.png", ONE_PIXEL)


async def test_one_person_may_send_so_much_a_day(work: Workplace) -> None:
    little = limited(work, Limits(upload_bytes=2 * len(ONE_PIXEL)))
    wang = little.person("wang.fang")
    for name in ("a.png", "b.png"):
        await wang.uploads(name, ONE_PIXEL)

    with pytest.raises(Refusal, match="too_much_uploaded"):
        await wang.uploads("c.png", ONE_PIXEL)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_too_many_files_are_refused_in_words(language: str) -> None:
    words = translator(language)

    assert "100" in words.t("refusal.too_many_uploads", most=100)
    assert "200 MB" in words.t("refusal.too_much_uploaded", most=200)


async def test_an_upload_that_nothing_takes_is_forgotten_after_a_day(work: Workplace) -> None:
    wang = work.person("wang.fang")
    unused, drafted = [await wang.uploads(f"{name}.png", ONE_PIXEL) for name in "ab"]
    draft = Draft(
        person=await wang.key(),
        form="start|||complaint",
        values={"evidence": [drafted]},
        place={},
        via="telegram",
        at=work.clock.now(),
    )
    await work.database.run(lambda tx: tx.drafts.put(draft))

    async def doomed() -> int:
        return await work.database.run(lambda tx: doom_unused(tx, now=work.clock.now()))

    assert await doomed() == 0
    await work.passes("1d")
    await work.passes("1m")
    assert await doomed() == 1
    assert await remove_doomed(work.database, work.files) == 1

    assert set(work.files.kept) == {drafted}
    assert await work.database.read(lambda tx: tx.files.known([unused, drafted])) == {drafted}
    assert await remove_doomed(work.database, work.files) == 0
