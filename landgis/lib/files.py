"""Files of this machine."""

import hashlib
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Protocol


class HandedFile(Protocol):
    """A file that a browser sent."""

    name: str | None

    def chunks(self) -> Iterable[bytes]: ...


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file's bytes, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def put(part: Path, target: Path) -> None:
    """Put a file that is written whole to its place in one step; what lies there already has its bytes and stays."""
    with part.open("rb") as file:
        os.fsync(file.fileno())
    if not target.is_file():
        target.parent.mkdir(parents=True, exist_ok=True)
        part.chmod(0o640)
        part.replace(target)


def sync(folder: Path) -> None:
    """Make what was put into a folder, or taken out of it, last through a power cut."""
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
