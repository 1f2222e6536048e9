"""Draws a picture anew, without anything but the picture itself. A program of its own: what a decoder does with a broken
or evil file stays in it, and ends with it.

The file is read from standard input, the WebP written to standard output; how many pixels it may have is told behind its name. The end is 1 where it is no picture.
"""

import io
import resource
import sys

from PIL import Image, ImageOps

FORMATS = ("JPEG", "PNG", "WEBP")
MOST_READ = 25_000_000  # pixels that are opened; a photograph is read in a smaller size where the format can
MOST_KEPT = 2_000_000  # pixels, where nobody says how many
MOST_MEMORY = 1024**3  # bytes of address space
MOST_SECONDS = 10  # of the processor


def drawn(file: io.BytesIO, most: int) -> bytes:
    """The picture as WebP, upright, with so many pixels at most, and without place, time and camera."""
    with Image.open(file, formats=FORMATS) as given:
        given.draft("RGB", _fitting(*given.size, most))
        if given.width * given.height > MOST_READ:
            raise ValueError("too many pixels")
        upright = ImageOps.exif_transpose(given).convert("RGBA")
    plain = Image.new("RGB", upright.size, "white")
    plain.paste(upright, mask=upright.getchannel("A"))
    plain.thumbnail(_fitting(*plain.size, most))
    kept = io.BytesIO()
    plain.save(kept, "WEBP", quality=80)
    return kept.getvalue()


def _fitting(width: int, height: int, most: int) -> tuple[int, int]:
    """The same shape with as many pixels as are kept at most."""
    share = min(1.0, (most / max(1, width * height)) ** 0.5)
    return max(1, int(width * share)), max(1, int(height * share))


def main() -> int:
    for limit, most in (
        (resource.RLIMIT_AS, MOST_MEMORY),
        (resource.RLIMIT_CPU, MOST_SECONDS),
        (resource.RLIMIT_FSIZE, 0),
    ):
        resource.setrlimit(limit, (most, most))
    try:
        content = drawn(io.BytesIO(sys.stdin.buffer.read()), int(sys.argv[1]))
    except Exception:  # whatever a broken file makes of a decoder
        return 1
    sys.stdout.buffer.write(content)
    return 0


if __name__ == "__main__":
    sys.exit(main())
