"""Pictures are small, upright and on white, whatever they came as."""

import struct
import zlib
from io import BytesIO

import pytest
from PIL import Image

from handlers.rendering.pictures import SIDE, NotShown, photo, size_of, small
from tests.unit.handlers.documents.samples import HEIC_PHOTO, png

CORNER = (220, 30, 30)  # the colour of the top left quarter
TURNS = {  # what a camera that notes this orientation has done to the upright picture
    1: None,
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}


def photographed(orientation: int, *, size: tuple[int, int] = (120, 80)) -> bytes:
    """A JPEG whose top left quarter is red once it is turned as it says."""
    upright = Image.new("RGB", size, (240, 240, 240))
    upright.paste(CORNER, (0, 0, size[0] // 2, size[1] // 2))
    turn = TURNS[orientation]
    lying = upright if turn is None else upright.transpose(turn)
    notes = Image.Exif()
    notes[0x0112] = orientation
    out = BytesIO()
    lying.save(out, "JPEG", exif=notes, quality=95)
    return out.getvalue()


def opened(content: bytes) -> Image.Image:
    return Image.open(BytesIO(content))


def alike(one: object, other: tuple[int, ...]) -> bool:
    assert isinstance(one, tuple)
    return all(abs(a - b) < 24 for a, b in zip(one, other, strict=True))


def saved(picture: Image.Image, kind: str, **options: object) -> bytes:
    out = BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()


@pytest.mark.parametrize("orientation", TURNS)
def test_a_picture_is_upright_however_the_camera_was_held(orientation: int) -> None:
    made = opened(small(photographed(orientation)))

    assert made.size == (120, 80)
    assert alike(made.getpixel((10, 10)), CORNER)
    assert alike(made.getpixel((110, 70)), (240, 240, 240))


def test_a_large_picture_is_made_small_and_keeps_its_shape() -> None:
    made = opened(small(photographed(6, size=(3000, 1500))))

    assert made.size == (SIDE, SIDE // 2)
    assert alike(made.getpixel((100, 100)), CORNER)
    assert alike(made.getpixel((500, 300)), (240, 240, 240))


@pytest.mark.parametrize("size", [(1, 1), (1, 5000), (5000, 1), (801, 799), (1601, 3)])
def test_any_shape_will_do(size: tuple[int, int]) -> None:
    made = size_of(small(png(*size)))

    assert min(made) >= 1
    assert max(made) == min(SIDE, max(size))


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
@pytest.mark.parametrize("kind", ["PNG", "GIF", "WEBP", "JPEG"])
def test_every_kind_of_picture_is_drawn(mode: str, kind: str) -> None:
    picture = Image.new("RGB", (1700, 900), "white")
    picture.paste("black", (0, 0, 850, 900))
    if kind != "PNG":
        mode = {"LA": "L", "I;16": "L", "RGBA": "RGB"}.get(mode, mode)
    if kind == "JPEG":
        mode = {"1": "L", "P": "CMYK"}.get(mode, mode)
    if mode == "I;16":
        picture = picture.convert("L").point(lambda shade: shade * 257, "I").convert("I;16")
    made = opened(small(saved(picture.convert(mode), kind)))

    assert alike(made.getpixel((100, 100)), (0, 0, 0))
    assert alike(made.getpixel((700, 100)), (255, 255, 255))


def test_what_is_transparent_is_white() -> None:
    made = opened(small(saved(Image.new("RGBA", (20, 20), (0, 0, 0, 0)), "PNG")))

    assert alike(made.getpixel((5, 5)), (255, 255, 255))


def test_what_the_camera_noted_is_left_out() -> None:
    notes = Image.Exif()
    notes[0x010F] = "a camera"
    made = opened(small(saved(Image.new("RGB", (20, 20)), "JPEG", exif=notes)))

    assert not made.getexif()


def test_broken_notes_of_a_camera_cost_nothing() -> None:
    content = photographed(6)
    broken = content.replace(b"Exif\0\0MM\0*", b"Exif\0\0MM\xff\xff")

    assert broken != content
    assert size_of(small(broken)) == (80, 120)


@pytest.mark.parametrize(("width", "height"), [(7072, 7071), (60_000, 60_000)])
def test_a_picture_that_would_unpack_to_too_much_is_not_unpacked(width: int, height: int) -> None:
    bomb = bytearray(png(1, 1))
    bomb[16:24] = struct.pack(">LL", width, height)
    bomb[29:33] = struct.pack(">L", zlib.crc32(bytes(bomb[12:29])))

    with pytest.raises(NotShown):
        small(bytes(bomb))


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7", b"GIF89a", png()[:60], b"<svg/>"])
def test_what_is_no_picture_is_an_error(content: bytes) -> None:
    with pytest.raises((OSError, ValueError, SyntaxError)):
        small(content)


def test_a_photo_of_a_telephone_becomes_a_jpeg() -> None:
    made = opened(photo(HEIC_PHOTO))

    assert made.format == "JPEG"
    assert made.size == (64, 48)
    assert alike(made.getpixel((10, 10)), CORNER)
