"""Pictures that readers attach: opened as one of three formats, in a process of its own."""

import subprocess
import sys
from pathlib import Path
from typing import BinaryIO

MOST_BYTES = 4 * 10**6
MOST_SECONDS = 30  # by the clock: a busy machine takes longer than the processor's own limit
PROGRAM = Path(__file__).with_name("drawing.py")


class NotAPicture(Exception):
    """It cannot be opened as a picture of these formats, or is too large to be."""


def drawn_anew(file: BinaryIO) -> bytes:
    """The picture as WebP, upright, with two megapixels at most, and without place, time and camera. Raises NotAPicture."""
    command = [sys.executable, "-I", str(PROGRAM)]
    try:
        ended = subprocess.run(
            command,
            input=file.read(),
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=MOST_SECONDS,
            check=True,
        )
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as error:
        raise NotAPicture from error
    return ended.stdout
