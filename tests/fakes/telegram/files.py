"""Files up and down."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.fakes.telegram.call import Call, Upload
from tests.fakes.telegram.errors import ApiError, bad
from tests.fakes.telegram.send import caption_body, changed, editable, sent, target
from tests.fakes.telegram.table import CAPTION, EDITING, SENDING, method
from tests.fakes.telegram.world import Json, StoredFile, World

if TYPE_CHECKING:
    from tests.fakes.telegram.fake import TelegramFake

MAX_DOWNLOAD = 20 << 20
MAX_UPLOAD = 50 << 20
MAX_PHOTO = 10 << 20
WRONG_FILE = "wrong file_id or the file is temporarily unavailable"
ATTACH = "attach://"
THUMBNAIL = 90
WIDTH, HEIGHT = 1280, 960


def document_json(file: StoredFile) -> Json:
    document = {
        "file_id": file.id,
        "file_unique_id": file.unique_id,
        "file_name": file.name,
        "mime_type": file.mime,
        "file_size": file.size,
    }
    return {"document": document}


def video_json(world: World, content: bytes) -> Json:
    """A video of ten seconds, as a telephone sends it: without a name."""
    file = world.store(name="video.mp4", mime="video/mp4", content=content, kind="video")
    video = {
        "file_id": file.id,
        "file_unique_id": file.unique_id,
        "width": WIDTH,
        "height": HEIGHT,
        "duration": 10,
        "mime_type": file.mime,
        "file_size": file.size,
    }
    return {"video": video}


def photo_json(world: World, content: bytes) -> Json:
    """Two sizes of a picture, the largest last."""
    sizes = []
    for width, shown in ((THUMBNAIL, content[:2048]), (WIDTH, content)):
        file = world.store(name="photo.jpg", mime="image/jpeg", content=shown, kind="photo")
        sizes.append(
            {
                "file_id": file.id,
                "file_unique_id": file.unique_id,
                "width": width,
                "height": width * HEIGHT // WIDTH,
                "file_size": file.size,
            }
        )
    return {"photo": sizes}


def _given(fake: TelegramFake, call: Call, kind: str, value: str, part: str) -> Upload | StoredFile:
    """A file in one of its three forms: uploaded, attached, or known by its id."""
    if value.startswith(ATTACH):
        part = value.removeprefix(ATTACH)
        if part not in call.files:
            raise bad(f"can't find file {value}" if part else "file must be non-empty")
    upload = call.files.get(part)
    if upload is None:
        if not value:
            raise bad(f"there is no {kind} in the request")
        if value.startswith(("http://", "https://")):
            raise bad("failed to get HTTP URL content")
        file = fake.world.files.get(value)
        if file is None:
            raise bad("wrong file identifier/HTTP URL specified")
        if file.kind != kind:
            raise bad(f"can't use file of type {file.kind.title()} as {kind.title()}")
        return file
    if not upload.content:
        raise bad("file must be non-empty")
    if len(upload.content) > MAX_UPLOAD:
        raise ApiError(413, "Request Entity Too Large")
    if kind == "photo" and len(upload.content) > MAX_PHOTO:
        raise bad("file is too big")
    return upload


def _body(fake: TelegramFake, kind: str, file: Upload | StoredFile) -> Json:
    if kind == "photo":
        if isinstance(file, StoredFile):
            size = {"file_id": file.id, "file_unique_id": file.unique_id, "file_size": file.size}
            return {"photo": [size | {"width": WIDTH, "height": HEIGHT}]}
        return photo_json(fake.world, file.content)
    if isinstance(file, Upload):
        file = fake.world.store(
            name=file.name, mime=file.mime, content=file.content, kind="document"
        )
    return document_json(file)


@method("sendDocument", SENDING, CAPTION, "document thumbnail disable_content_type_detection")
def send_document(fake: TelegramFake, call: Call) -> Json:
    return _send(fake, call, "document")


@method("sendPhoto", SENDING, CAPTION, "photo has_spoiler")
def send_photo(fake: TelegramFake, call: Call) -> Json:
    return _send(fake, call, "photo")


def _send(fake: TelegramFake, call: Call, kind: str) -> Json:
    call.chat = fake.world.writable(call.text("chat_id"))
    file = _given(fake, call, kind, call.text(kind), kind)
    caption = caption_body(call)
    target(fake, call)  # refuses before anything is stored
    return sent(fake, call, _body(fake, kind, file) | caption)


def _media(fake: TelegramFake, call: Call, media: Any) -> Json:
    if not isinstance(media, dict) or media.get("type") not in {"photo", "document"}:
        raise bad("can't parse InputMedia: type must be one of photo, document")
    kind = media["type"]
    file = _given(fake, call, kind, str(media.get("media", "")), "")
    told = {key: str(media[key]) for key in ("caption", "parse_mode") if media.get(key)}
    return _body(fake, kind, file) | caption_body(Call(call.method, told))


@method("sendMediaGroup", SENDING, "media")
def send_media_group(fake: TelegramFake, call: Call) -> list[Json]:
    media = call.json("media", "media")
    if not isinstance(media, list):
        raise bad("expected an Array of InputMedia")
    if not 2 <= len(media) <= 10:
        raise bad(
            "too few messages to send as an album"
            if len(media) < 2
            else "too many messages to send as an album"
        )
    where = target(fake, call)
    if len({item.get("type") for item in media}) > 1:
        raise bad("document can't be mixed with other media types")
    bodies = [_media(fake, call, item) for item in media]
    album = str(len(fake.world.files) + 10**15)
    return [
        fake.world.post(body=body | {"media_group_id": album}, sender=fake.bot, **where).json()
        for body in bodies
    ]


@method("editMessageMedia", EDITING, "media")
def edit_media(fake: TelegramFake, call: Call) -> Json:
    found = editable(fake, call)
    if "text" in found.body:
        raise bad("message can't be edited")
    return changed(fake, call, found, _media(fake, call, call.json("media", "input media")))


@method("getFile", "file_id")
def get_file(fake: TelegramFake, call: Call) -> Json:
    wanted = call.text("file_id")
    if not wanted:
        raise bad("file_id not specified")
    file = fake.world.files.get(wanted)
    if file is None:
        raise bad(WRONG_FILE)
    if file.size > MAX_DOWNLOAD:
        raise bad("file is too big")
    file.linked = fake.now()
    return {
        "file_id": file.id,
        "file_unique_id": file.unique_id,
        "file_size": file.size,
        "file_path": file.path,
    }
