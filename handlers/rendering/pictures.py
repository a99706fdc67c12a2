"""Pictures made fit for a document: small, upright, on white, and without what a camera notes.

Unpacking somebody's picture takes memory and time, so it is done where both are limited: these
functions are jobs of `handlers.rendering`.
"""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL import Image

SIDE = 800  # of a picture in a document: 38 mm at 500 dots an inch
PHOTO_SIDE = 4096  # of a photo that is kept in another format than it came in
MOST_PIXELS = 50_000_000  # unpacked at once: 200 MB
MOST_JPEG_PIXELS = 200_000_000  # a JPEG is scaled down while it is unpacked

_BAND_PIXELS = 1_000_000  # of which a copy is made at once

_FORMATS = ("PNG", "JPEG", "GIF", "WEBP", "HEIF")
_ORIENTATION = 0x0112
_SHADES = 256  # of 16 bits that make one of 8


class NotShown(ValueError):
    """A picture that is too large to be unpacked."""


def small(content: bytes) -> bytes:
    """The picture as a JPEG for a document. Raises NotShown, or what Pillow makes of bad bytes."""
    return _jpeg(content, side=SIDE, quality=85)


def photo(content: bytes) -> bytes:
    """The picture as a JPEG to be kept, in place of a format that few programs show."""
    return _jpeg(content, side=PHOTO_SIDE, quality=90)


def size_of(content: bytes) -> tuple[int, int]:
    """Width and height of a picture out of `small`."""
    from PIL import Image

    with Image.open(BytesIO(content), formats=("JPEG", "PNG")) as picture:
        return picture.size


def _jpeg(content: bytes, *, side: int, quality: int) -> bytes:
    from pi_heif import register_heif_opener
    from PIL import Image, ImageOps

    register_heif_opener()
    Image.MAX_IMAGE_PIXELS = None  # the limits are checked here, before anything is unpacked
    out = BytesIO()
    with Image.open(BytesIO(content), formats=_FORMATS) as picture:
        if picture.width * picture.height > MOST_JPEG_PIXELS:
            raise NotShown
        picture.draft("RGB", (side, side))  # of a JPEG, the nearest size that is not smaller
        if picture.width * picture.height > MOST_PIXELS:
            raise NotShown
        made = _reduced(picture, side)
        made.getexif()[_ORIENTATION] = _orientation(picture)
    made = ImageOps.exif_transpose(made)
    made.thumbnail((side, side))
    made.save(out, "JPEG", quality=quality, exif=b"")
    return out.getvalue()


def _orientation(picture: Image.Image) -> int:
    """How the camera was held, 1 (upright) to 8."""
    try:
        return int(picture.getexif().get(_ORIENTATION, 1))
    except Exception:  # noqa: BLE001 - a picture whose notes are broken is shown as it lies
        return 1


def _reduced(picture: Image.Image, side: int) -> Image.Image:
    """The picture in opaque colours at less than twice the size wanted, copied band by band."""
    from PIL import Image

    width, height = picture.size
    factor = max(1, max(width, height) // side)
    made = Image.new("RGB", (-(-width // factor), -(-height // factor)))
    step = factor * max(1, _BAND_PIXELS // (width * factor))
    for top in range(0, height, step):
        band = picture.crop((0, top, width, min(top + step, height)))
        made.paste(_on_white(band).reduce(factor), (0, top // factor))
    return made


def _on_white(picture: Image.Image) -> Image.Image:
    from PIL import Image

    if picture.mode.startswith("I"):
        return picture.point(lambda shade: shade / _SHADES).convert("L").convert("RGB")
    if not picture.has_transparency_data:
        return picture.convert("RGB")
    coloured = picture.convert("RGBA")
    paper = Image.new("RGB", picture.size, "white")
    paper.paste(coloured, mask=coloured.getchannel("A"))
    return paper
