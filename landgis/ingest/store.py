"""Files as they were handed in: kept under their checksum in the file store, written once and never changed."""

import os
import subprocess
import tempfile
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from landgis.changes.models import Fate, Redaction
from landgis.ingest import sandbox
from landgis.ingest.formats.archives import PARTS_OF
from landgis.lib import files
from landgis.lib.files import HandedFile

FOLDER = "files"
SEALED = "sealed"
EPOCH = (1980, 1, 1, 0, 0, 0)  # so that the same parts make the same archive


@dataclass(frozen=True)
class KeptFile:
    """A file of the store; `name` is what the people call it who handed it in."""

    sha256: str
    name: str

    @property
    def path(self) -> Path:
        return path_of(self.sha256)


def path_of(sha256: str) -> Path:
    """Where the file of that checksum is kept, if it is."""
    return Path(settings.MEDIA_ROOT) / FOLDER / sha256[:2] / sha256


def is_kept(sha256: str) -> bool:
    return bool(sha256) and path_of(sha256).is_file()


def keep(path: Path) -> KeptFile:
    """Keep a file of this machine; loose parts, as of a Shapefile, together as one archive."""
    parts = sandbox.parts(path)
    with tempfile.TemporaryDirectory(dir=_folder(), prefix="part-") as folder:
        part = Path(folder) / "file"
        if len(parts) == 1:
            with path.open("rb") as file, part.open("wb") as copy:
                while chunk := file.read(2**20):
                    copy.write(chunk)
        else:
            _archive(
                part, [(f"{path.stem}{ending or path.suffix.lower()}", one) for ending, one in sorted(parts.items())]
            )
        return _moved(part, path.name)


def keep_handed(handed_files: Sequence[HandedFile]) -> KeptFile:
    """Keep what a browser sent; several files are the parts of one and are kept as one archive."""
    with tempfile.TemporaryDirectory(dir=_folder(), prefix="part-") as folder:
        return _moved(*written(handed_files, Path(folder)))


def written(handed_files: Sequence[HandedFile], folder: Path) -> tuple[Path, str]:
    """What a browser sent, as one file in the folder, and what people call it; several files are parts of one archive."""
    parts = []
    for number, handed in enumerate(sorted(handed_files, key=lambda one: str(one.name))):
        part = folder / str(number)
        with part.open("wb") as file:
            for chunk in handed.chunks():
                file.write(chunk)
        parts.append((Path(str(handed.name)).name, part))
    if len(parts) == 1:
        name, part = parts[0]
        return part, name
    whole = folder / "file"
    _archive(whole, parts)
    return whole, next((name for name, _part in parts if name.lower().endswith(tuple(PARTS_OF))), parts[0][0])


def _folder() -> Path:
    folder = Path(settings.MEDIA_ROOT) / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _archive(target: Path, parts: Iterable[tuple[str, Path]]) -> None:
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts:
            with archive.open(zipfile.ZipInfo(name, EPOCH), "w", force_zip64=True) as inside, part.open("rb") as file:
                while chunk := file.read(2**20):
                    inside.write(chunk)


def _moved(part: Path, name: str) -> KeptFile:
    sha256 = files.sha256_of(part)
    files.put(part, path_of(sha256))
    return KeptFile(sha256, name)


def take_away(redaction: Redaction) -> None:
    """Seal or destroy the files that brought a redacted value; once more after a cut."""
    for sha256 in redaction.checksums:
        path = path_of(sha256)
        if path.is_file() and redaction.fate == Fate.SEAL:
            _seal(path)
        if path.parent.is_dir():
            path.unlink(missing_ok=True)
            files.sync(path.parent)  # or a power cut brings it back


def _seal(path: Path) -> None:
    """A copy that only the holder of the office's private key can read, whole or not at all (`openssl cms -decrypt`)."""
    folder = Path(settings.MEDIA_ROOT) / SEALED
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder, prefix="part-") as unfinished:
        part = Path(unfinished) / path.name
        command = ["openssl", "cms", "-encrypt", "-binary", "-stream", "-aes-256-cbc", "-outform", "DER"]
        subprocess.run([*command, "-in", path, "-out", part, str(settings.SEAL_CERTIFICATE)], check=True)
        with part.open("rb") as file:
            os.fsync(file.fileno())
        part.chmod(0o640)
        part.replace(folder / f"{path.name}.cms")
    files.sync(folder)
