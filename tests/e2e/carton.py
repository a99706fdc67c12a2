"""A photo for the tour: a carton with a water stain, drawn so that no picture file is kept."""

import io

from PIL import Image, ImageDraw, ImageFilter

SIZE = (960, 720)


def photo() -> bytes:
    """A JPEG of some tens of kilobytes, like a telephone's."""
    picture = Image.new("RGB", SIZE, (122, 126, 130))
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0, 470, 960, 720), fill=(96, 92, 88))
    draw.polygon([(150, 250), (520, 320), (520, 640), (150, 540)], fill=(186, 142, 92))
    draw.polygon([(520, 320), (820, 240), (820, 530), (520, 640)], fill=(160, 118, 72))
    draw.polygon([(150, 250), (460, 180), (820, 240), (520, 320)], fill=(206, 164, 112))
    draw.polygon([(300, 216), (340, 207), (690, 275), (650, 286)], fill=(222, 204, 160))
    stain = Image.new("L", SIZE, 0)
    marks = ImageDraw.Draw(stain)
    for box in ((170, 410, 420, 620), (330, 480, 600, 660), (560, 450, 760, 620)):
        marks.ellipse(box, fill=150)
    mask = Image.composite(stain, Image.new("L", SIZE, 0), _front())
    picture.paste((96, 66, 40), mask=mask.filter(ImageFilter.GaussianBlur(18)))
    noise = Image.effect_noise(SIZE, 26).convert("RGB")
    picture = Image.blend(picture.filter(ImageFilter.GaussianBlur(1.2)), noise, 0.08)
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=82)
    return out.getvalue()


def _front() -> Image.Image:
    """Where the carton's two sides are."""
    front = Image.new("L", SIZE, 0)
    sides = [(150, 250), (520, 320), (820, 240), (820, 530), (520, 640), (150, 540)]
    ImageDraw.Draw(front).polygon(sides, fill=255)
    return front
