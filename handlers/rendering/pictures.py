"""Converts pictures for documents: scaled down, upright, on white, without metadata.

Decoding an uploaded picture takes memory and time, so these functions are jobs of
`handlers.rendering`, which run with limits on both.
"""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL import Image

SIDE = 800  # pixels, of a picture in a document: 38 mm at over 500 dpi
PHOTO_SIDE = 4096  # pixels, of a photo that is stored in another format than uploaded
MOST_PIXELS = 50_000_000  # decoded at once: 200 MB
MOST_JPEG_PIXELS = 200_000_000  # a JPEG is scaled down while it is decoded

_BAND_PIXELS = 1_000_000  # copied at once

_FORMATS = ("PNG", "JPEG", "GIF", "WEBP", "HEIF")
_ORIENTATION = 0x0112
_SHADES = 256  # 16-bit levels in one 8-bit level


class NotShown(ValueError):
    """The picture is too large to be decoded."""


def small(content: bytes) -> bytes:
    """Return a picture as a JPEG for a document.

    Raises NotShown, or an exception of Pillow if the content is not a valid picture.
    """
    return _jpeg(content, side=SIDE, quality=85)


def photo(content: bytes) -> bytes:
    """Return a picture as a JPEG to be stored instead of a format that few programs display."""
    return _jpeg(content, side=PHOTO_SIDE, quality=90)


def size_of(content: bytes) -> tuple[int, int]:
    """Return width and height in pixels of a result of `small`."""
    from PIL import Image

    with Image.open(BytesIO(content), formats=("JPEG", "PNG")) as picture:
        return picture.size


def _jpeg(content: bytes, *, side: int, quality: int) -> bytes:
    from pi_heif import register_heif_opener
    from PIL import Image, ImageOps

    register_heif_opener()
    Image.MAX_IMAGE_PIXELS = None  # the limits are checked here, before anything is decoded
    out = BytesIO()
    with Image.open(BytesIO(content), formats=_FORMATS) as picture:
        if picture.width * picture.height > MOST_JPEG_PIXELS:
            raise NotShown
        picture.draft("RGB", (side, side))  # decodes a JPEG at the nearest size that is not smaller
        if picture.width * picture.height > MOST_PIXELS:
            raise NotShown
        made = _reduced(picture, side)
        made.getexif()[_ORIENTATION] = _orientation(picture)
    made = ImageOps.exif_transpose(made)
    made.thumbnail((side, side))
    made.save(out, "JPEG", quality=quality, exif=b"")
    return out.getvalue()


def _orientation(picture: Image.Image) -> int:
    """Return the EXIF orientation, 1 (upright) to 8."""
    try:
        return int(picture.getexif().get(_ORIENTATION, 1))
    except Exception:  # noqa: BLE001 - a picture with invalid metadata is not rotated
        return 1


def _reduced(picture: Image.Image, side: int) -> Image.Image:
    """Return the picture in opaque colours, less than twice `side`, copied band by band."""
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
