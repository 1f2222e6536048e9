"""The file store, file by file: what has to lie there, and what has rotted."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from django.conf import settings

from landgis.changes import item_files
from landgis.changes.checksums import Damaged
from landgis.changes.item_models import ItemFile
from landgis.changes.models import ChangeSet
from landgis.documents import queries as documents
from landgis.documents import store as documents_store
from landgis.imagery.models import MapArchive, Scene
from landgis.ingest import store
from landgis.lib.files import sha256_of
from landgis.workbench.models import Run

UNFINISHED = "part-"  # folders of the store in which files are being written
MISSING, ROTTEN = "missing file", "rotten file"
REMEDY = (
    "{}. Take it from an older backup (a zip, in its folder files) and put it into its place in the store. Where no backup has it,"
    " --even-damaged saves all the rest."
)


def named() -> dict[str, str]:
    """The files that the database names, by their name in the store, with their SHA-256 ("" where nobody noted it)."""
    kept = {
        *ChangeSet.objects.values_list("file_sha256", flat=True),
        *Run.objects.values_list("file_sha256", flat=True),
    }
    root = Path(settings.MEDIA_ROOT)
    files = {store.path_of(sha256).relative_to(root).as_posix(): sha256 for sha256 in kept if sha256}
    files |= {
        documents_store.path_of(name).relative_to(root).as_posix(): name[:64] for name in documents.named_anywhere()
    }
    records = ItemFile.objects.only("pk", "sha256")
    files |= {item_files.name_of(record): record.sha256 for record in records}
    scenes = dict(Scene.objects.values_list("stored", "stored_sha256"))
    return files | scenes | dict(MapArchive.objects.values_list("stored", "file_sha256"))


def lying() -> dict[str, Path]:
    """All files that lie whole in the store, by their name there."""
    root = Path(settings.MEDIA_ROOT)
    found = sorted(root.rglob("*")) if root.is_dir() else ()
    inside = {path.relative_to(root): path for path in found if path.is_file()}
    return {
        name.as_posix(): path
        for name, path in inside.items()
        if not any(part.startswith(UNFINISHED) for part in name.parts)
    }


def damaged() -> Iterator[Damaged]:
    """What is missing in the store or is not what was put there."""
    return unlike(named(), {name: _sum(path) for name, path in lying().items()})


def unlike(wanted: Mapping[str, str], sums: Mapping[str, str]) -> Iterator[Damaged]:
    """Where the SHA-256 of files that lie in the store are not those that are wanted."""
    for name, sha256 in sorted(wanted.items()):
        if name not in sums:
            yield MISSING, name
        elif sha256 not in ("", sums[name]):
            yield ROTTEN, name


def _sum(path: Path) -> str:
    try:
        return sha256_of(path)
    except OSError:  # of a bad disk
        return "unreadable"
