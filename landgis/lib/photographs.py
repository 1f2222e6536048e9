"""Photographs that people hand in: drawn anew by a process of its own, without place, time and camera."""

import subprocess
import sys
from pathlib import Path
from typing import BinaryIO

from landgis.lib.photograph_process import MOST_KEPT

MOST_BYTES = 4 * 10**6
MOST_SECONDS = 30  # by the clock: a busy machine takes longer than the processor's own limit
PROGRAM = Path(__file__).with_name("photograph_process.py")


class NotAPicture(Exception):
    """It cannot be opened as a picture of these formats, or is too large to be."""


def drawn_anew(file: BinaryIO, most_pixels: int = MOST_KEPT) -> bytes:
    """The picture as WebP, upright, with so many pixels at most, and without place, time and camera. Raises NotAPicture."""
    command = [sys.executable, "-I", str(PROGRAM), str(most_pixels)]
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
