"""Pictures of the pages of documents: drawn behind walls once, kept beside the file, shown wherever the file may be opened.

They lie in one archive, `<name of the file>.pages`, which can be made anew from the file at any time.
"""

import json
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from landgis.documents import kinds, store
from landgis.documents.page_process import LOCKED, MOST_HEIGHT, TOO_MUCH, UNREADABLE, WIDTH
from landgis.lib import files, walls

MOST_PAGES = 30
ENDING = ".pages"
TOLD = "pages.json"
DRAWN_KINDS = (kinds.PDF, kinds.PNG, kinds.JPEG, kinds.WEBP, kinds.TIFF)
PROGRAM = "landgis.documents.page_process"
CODE = ("__init__.py", "lib", "documents/__init__.py", "documents/page_process.py")
MEMORY_BYTES, WRITTEN_BYTES = 2**31, 2 * 10**7
CPU_SECONDS, SECONDS = 20, 60
LONGEST_LINE = 200  # bytes of what the process says of a page


@dataclass(frozen=True)
class Pages:
    """What is shown of a file: width and height of its first pages in pixels, of how many, and why there are no more."""

    count: int
    sizes: tuple[tuple[int, int], ...] = ()
    fault: str = ""

    def __post_init__(self) -> None:
        """What a process said that read a file of strangers: taken as numbers within bounds, or ValueError."""
        if self.fault not in ("", LOCKED, UNREADABLE, TOO_MUCH) or len(self.sizes) > MOST_PAGES:
            raise ValueError(self.fault)
        if not all(0 < width <= WIDTH and 0 < height <= MOST_HEIGHT for width, height in self.sizes):
            raise ValueError(self.sizes)


def can_be_drawn(name: str) -> bool:
    """Whether files of this kind have pages to look at."""
    return name.rpartition(".")[2] in DRAWN_KINDS


def is_available() -> bool:
    """Whether the walls stand here; without them nothing is drawn."""
    return walls.stand(CODE, PROGRAM)


def of(name: str) -> Pages | None:
    """What is shown of a file; None where nobody has tried to draw it yet."""
    try:
        with zipfile.ZipFile(_path(name)) as kept:
            said = json.loads(kept.read(TOLD))
            return Pages(said["count"], tuple((width, height) for width, height in said["sizes"]), said["fault"])
    except (OSError, ValueError, KeyError, TypeError, zipfile.BadZipFile):
        return None


def page(name: str, number: int) -> bytes | None:
    """The picture of one page as WebP, from 1 on; None where there is none."""
    try:
        with zipfile.ZipFile(_path(name)) as kept:
            return kept.read(f"{number}.webp")
    except (OSError, KeyError, zipfile.BadZipFile):
        return None


def draw(name: str) -> Pages | None:
    """Draw the pages of a file that is kept, if that was not tried yet; None where it cannot be tried."""
    if found := of(name):
        return found
    if not store.is_kept(name) or not can_be_drawn(name) or not is_available():
        return None
    path = _path(name)
    with tempfile.TemporaryDirectory(dir=Path(settings.MEDIA_ROOT) / store.FOLDER, prefix="part-") as folder:
        part = Path(folder) / "file"
        with zipfile.ZipFile(part, "w") as archive:
            pages = _drawn(store.path_of(name), archive)
            archive.writestr(TOLD, json.dumps(asdict(pages)))
        path.unlink(missing_ok=True)  # one that cannot be read
        files.put(part, path)
    return pages


def take_away(name: str) -> None:
    """Leave no picture of a file."""
    _path(name).unlink(missing_ok=True)


def drawn() -> set[str]:
    """The names of the files of which pictures are kept."""
    found = (Path(settings.MEDIA_ROOT) / store.FOLDER).glob(f"??/*{ENDING}")
    return {path.name.removesuffix(ENDING) for path in found}


def missing_told(pages: Pages) -> str:
    """What readers do not see of a file in its page, and what to do, for whoever hands it in; empty where they see all."""
    if pages.fault == LOCKED:
        return _("It is locked by a password, so readers do not see it in the page: save it without one.")
    if pages.fault and not pages.sizes:
        return _(
            "Its pages cannot be drawn: it is damaged, or asks for more than a document needs. Print it to a new PDF."
        )
    if len(pages.sizes) < pages.count:
        said = {"shown": len(pages.sizes), "count": pages.count}
        return (
            ngettext(
                "The first page of %(count)s is shown; the others are in the file.",
                "The first %(shown)s of %(count)s pages are shown; the others are in the file.",
                len(pages.sizes),
            )
            % said
        )
    return ""


def _path(name: str) -> Path:
    path = store.path_of(name)
    return path.with_name(path.name + ENDING)


def _drawn(path: Path, archive: zipfile.ZipFile) -> Pages:
    """Put the pictures into the archive; what became of them."""
    seen_as = "/document"
    request = {
        "path": seen_as,
        "kind": path.suffix[1:],
        "most": MOST_PAGES,
        "limits": {"memory": MEMORY_BYTES, "cpu": CPU_SECONDS, "file_size": WRITTEN_BYTES},
    }
    command = [*walls.command(CODE, {path.absolute(): seen_as}), sys.executable, "-m", PROGRAM]
    with tempfile.TemporaryFile() as answer:
        try:
            ended = subprocess.run(
                command,
                input=json.dumps(request).encode(),
                stdout=answer,
                stderr=subprocess.DEVNULL,
                env=walls.environment(),
                timeout=SECONDS,
                check=False,
            )
            is_whole = ended.returncode == 0
        except subprocess.TimeoutExpired:
            is_whole = False
        answer.seek(0)
        return _read(answer, archive, is_whole=is_whole)


def _read(answer: IO[bytes], archive: zipfile.ZipFile, *, is_whole: bool) -> Pages:
    """Take over what the process wrote, up to where it ended."""
    sizes: list[tuple[int, int]] = []
    count, fault = 0, "" if is_whole else TOO_MUCH
    try:
        for said in _lines(answer):
            if "fault" in said:
                fault = said["fault"]
            elif "pages" in said:
                count = int(said["pages"])
            elif len(body := answer.read(int(said["bytes"]))) == said["bytes"] and _is_webp(body):
                pages = Pages(count, (*sizes, (int(said["width"]), int(said["height"]))))
                sizes.append(pages.sizes[-1])
                archive.writestr(f"{len(sizes)}.webp", body)
        return Pages(count, tuple(sizes), fault if sizes or fault else UNREADABLE)
    except (ValueError, KeyError, TypeError):
        return Pages(count, tuple(sizes), UNREADABLE)


def _lines(answer: IO[bytes]) -> Iterator[dict[str, Any]]:
    while line := answer.readline(LONGEST_LINE):
        yield dict(json.loads(line))


def _is_webp(body: bytes) -> bool:
    return body.startswith(b"RIFF") and body[8:12] == b"WEBP"
