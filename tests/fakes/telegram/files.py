"""Files up and down."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

from tests.fakes.telegram.call import Call, Upload
from tests.fakes.telegram.errors import ApiError, bad
from tests.fakes.telegram.send import caption_body, sent, target
from tests.fakes.telegram.table import CAPTION, SENDING, method
from tests.fakes.telegram.world import Json, StoredFile, World

if TYPE_CHECKING:
    from tests.fakes.telegram.fake import TelegramFake

MAX_DOWNLOAD = 20 << 20
MAX_UPLOAD = 50 << 20
MAX_PHOTO, MAX_SIDES, MAX_RATIO = 10 << 20, 10_000, 20
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


def _given(fake: TelegramFake, call: Call, kind: str = "document") -> Upload | StoredFile:
    """A file in one of its forms: uploaded, or known by its id."""
    value, upload = call.text(kind), call.files.get(kind)
    if value.startswith(ATTACH):
        part = value.removeprefix(ATTACH)
        upload = call.files.get(part)
        if upload is None:
            raise bad(f"can't find file {value}" if part else "file must be non-empty")
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
    return upload


@method("sendDocument", SENDING, CAPTION, "document thumbnail disable_content_type_detection")
def send_document(fake: TelegramFake, call: Call) -> Json:
    call.chat = fake.world.writable(call.text("chat_id"))
    file = _given(fake, call)
    caption = caption_body(call)
    target(fake, call)  # refuses before anything is stored
    if isinstance(file, Upload):
        file = fake.world.store(
            name=file.name, mime=file.mime, content=file.content, kind="document"
        )
    return sent(fake, call, document_json(file) | caption)


@method("sendPhoto", SENDING, CAPTION, "photo has_spoiler")
def send_photo(fake: TelegramFake, call: Call) -> Json:
    """The limits are those of core.telegram.org/bots/api#sendphoto."""
    call.chat = fake.world.writable(call.text("chat_id"))
    file = _given(fake, call, "photo")
    caption = caption_body(call)
    target(fake, call)  # refuses before anything is stored
    content = file.content
    if len(content) > MAX_PHOTO:
        raise bad("file is too big")
    if not content.startswith(b"\x89PNG"):
        raise bad("IMAGE_PROCESS_FAILED")
    width, height = struct.unpack(">II", content[16:24])
    if width + height > MAX_SIDES or max(width, height) > MAX_RATIO * min(width, height):
        raise bad("PHOTO_INVALID_DIMENSIONS")
    return sent(fake, call, photo_json(fake.world, content) | caption)


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
