"""Pictures that readers attach: opened as one of three formats, and drawn anew without anything but the picture itself."""

import io
from typing import BinaryIO

from PIL import Image, ImageOps

FORMATS = ("JPEG", "PNG", "WEBP")
MOST_BYTES = 4 * 10**6
MOST_READ = 25_000_000  # pixels that are opened; a photograph is read in a smaller size where the format can
MOST_KEPT = 2_000_000  # pixels


class NotAPicture(Exception):
    """It cannot be opened as a picture of these formats, or is too large to be."""


def drawn_anew(file: BinaryIO) -> bytes:
    """The picture as WebP, upright, with two megapixels at most, and without place, time and camera. Raises NotAPicture."""
    try:
        with Image.open(file, formats=FORMATS) as given:
            given.draft("RGB", _fitting(*given.size))
            if given.width * given.height > MOST_READ:
                raise NotAPicture
            upright = ImageOps.exif_transpose(given).convert("RGBA")
    except NotAPicture:
        raise
    except Exception as error:  # whatever a broken file makes of a decoder
        raise NotAPicture from error
    plain = Image.new("RGB", upright.size, "white")
    plain.paste(upright, mask=upright.getchannel("A"))
    plain.thumbnail(_fitting(*plain.size))
    kept = io.BytesIO()
    plain.save(kept, "WEBP", quality=80)
    return kept.getvalue()


def _fitting(width: int, height: int) -> tuple[int, int]:
    """The same shape with as many pixels as are kept at most."""
    share = min(1.0, (MOST_KEPT / max(1, width * height)) ** 0.5)
    return max(1, int(width * share)), max(1, int(height * share))
