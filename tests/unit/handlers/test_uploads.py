from dataclasses import replace

import pytest

from handlers.i18n import translator
from handlers.office import Limits
from handlers.uploads import (
    NAME_MOST,
    attach,
    clean_name,
    doom_unused,
    remove_doomed,
    take_files,
)
from storage.unit import Tx
from tests.office import Workplace
from tests.stories.deeds import ONE_PIXEL
from tests.unit.handlers.documents.samples import HEIC_PHOTO
from workflows.errors import FormInvalid, Refusal
from workflows.model.fields import FieldType, Form, FormField
from workflows.model.words import FileKind, Text
from workflows.records import FormDraft


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
        ("photo.png", "image/jpeg", "photo.jpg"),
        ("scan.v2.PDF", "image/png", "scan.v2.png"),
        ("report.xls", "text/plain", "report.txt"),
        ("photo.JPEG", "image/jpeg", "photo.JPEG"),
        ("", "application/pdf", "file.pdf"),
    ],
)
def test_a_name_ends_as_its_content_does(name: str, kind: str, shown: str) -> None:
    assert clean_name(name, kind) == shown


@pytest.mark.parametrize("name", ["bad.png", "bad.PDF", "bad.docx", "bad.mp4"])
async def test_a_text_that_is_named_as_something_else_is_refused(
    work: Workplace, name: str
) -> None:
    with pytest.raises(Refusal, match="file_not_as_named") as refused:
        await work.person("li.qiang").uploads(name, b"Internal server error")

    assert refused.value.facts == {"name": name}
    assert not work.files.kept


@pytest.mark.parametrize("name", ["log.txt", "list.csv", "export.xls", "notes", "main.py"])
async def test_a_text_that_is_named_as_one_or_as_nothing_known_is_kept(
    work: Workplace, name: str
) -> None:
    await work.person("li.qiang").uploads(name, b"a,b\n1,2\n")

    assert len(work.files.kept) == 1


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
    draft = FormDraft(
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


async def test_a_photo_of_a_telephone_is_kept_as_a_jpeg(work: Workplace) -> None:
    file_id = await work.person("li.qiang").uploads("IMG_0042.HEIC", HEIC_PHOTO)

    file = await work.database.read(lambda tx: tx.files.get(file_id))
    assert file is not None
    assert (file.name, file.media_type) == ("IMG_0042.jpg", "image/jpeg")
    assert work.files.kept[file_id].startswith(b"\xff\xd8\xff")
    assert file.size == len(work.files.kept[file_id])


async def test_a_photo_that_is_broken_is_refused_by_its_name(work: Workplace) -> None:
    with pytest.raises(Refusal, match="photo_unreadable") as refused:
        await work.person("li.qiang").uploads("IMG_0042.HEIC", HEIC_PHOTO[:200])

    assert refused.value.facts == {"name": "IMG_0042.HEIC"}
    assert not work.files.kept


async def test_a_video_is_kept_only_where_a_field_asks_for_it(work: Workplace) -> None:
    colleague = work.person("li.qiang")
    video = await colleague.uploads("clip.mp4", b"\0\0\0\x20ftypisom\0\0\2\0isomiso2avc1mp41")
    person = await colleague.key()

    def refused(tx: Tx, *accept: FileKind) -> str:
        field = FormField(
            id="proof", type=FieldType.FILES, label=Text(zh="凭证", en="Proof"), accept=accept
        )
        form = Form(name=Text(zh="表", en="Form"), fields=(field,))
        try:
            take_files(tx, form, {"proof": [video]}, person=person, case_id="")
        except FormInvalid as invalid:
            return invalid.problems["proof"].code
        return ""

    assert not await work.database.run(lambda tx: refused(tx, "video", "pdf"))
    assert await work.database.run(lambda tx: refused(tx, "pdf")) == "file_kind_refused"
    assert await work.database.run(refused) == "file_kind_refused"
    with pytest.raises(Refusal, match="file_kind_refused"):
        await work.database.run(lambda tx: attach(tx, [video], person=person, case_id="C-1"))
