"""Files that suppliers put into folders, such as by SFTP: each is read as officers' files are, with the supplier's profile.

It ends in a change set that is checked and no more, or in a run that says what has to be answered first: nothing comes
into force by it. What is known of each file is a `SupplierFile`, which the workbench lists.
"""

import time
from collections.abc import Iterable, Iterator
from pathlib import Path

import structlog
from django.conf import settings
from django.utils import timezone

from landgis.accounts.models import Role, User
from landgis.catalog import office
from landgis.catalog.office import Supplier
from landgis.changes.models import ChangeSet, State
from landgis.ingest import sandbox, store
from landgis.ingest.models import SupplierProfile
from landgis.workbench import actions, people
from landgis.workbench.models import Run, SupplierFile, SupplierState

log = structlog.get_logger(__name__)

QUIET_S = 600  # since a file was last written to, before it counts as whole
UNFINISHED = (".part", ".partial", ".filepart", ".tmp", ".crdownload")
BESIDE = (".shx", ".dbf", ".prj", ".cpg", ".sbn", ".sbx", ".qix", ".xml")  # of a Shapefile


def read_folders() -> None:
    """Look at every file of every supplier, and have read what is new."""
    if settings.INTAKE_FOLDER is None:
        return
    for supplier in office.current().suppliers:
        for path in _files(settings.INTAKE_FOLDER, supplier):
            known, _is_new = SupplierFile.objects.get_or_create(profile=supplier.profile, name=path.name)
            try:
                known.state = _look(known, supplier, path)
            except OSError as error:
                log.warning("a supplier's file cannot be read", profile=supplier.profile, error=type(error).__name__)
                known.state = SupplierState.UNREADABLE
            known.looked_at = timezone.now()
            known.save()


def _files(root: Path, supplier: Supplier) -> Iterator[Path]:
    """The files of a supplier; none where its folder does not lie in the root."""
    folder = (root / supplier.folder).resolve()
    if not folder.is_relative_to(root.resolve()) or not folder.is_dir():
        log.warning("no such folder of a supplier", profile=supplier.profile, folder=supplier.folder)
        return
    found = [path for path in sorted(folder.iterdir()) if path.is_symlink() or path.is_file()]
    shapefiles = {path.stem.lower() for path in found if path.suffix.lower() == ".shp"}
    for path in found:
        ending = path.suffix.lower()
        is_part = ending in BESIDE and path.name.split(".")[0].lower() in {stem.split(".")[0] for stem in shapefiles}
        if not (path.name.startswith((".", "~")) or ending in UNFINISHED or is_part):
            yield path


def _look(known: SupplierFile, supplier: Supplier, path: Path) -> SupplierState:
    """What is to be said of a file now; what is new is handed to the queue of files."""
    parts = [path] if path.is_symlink() else list(sandbox.parts(path).values())
    if any(part.is_symlink() for part in parts):
        return SupplierState.LINK
    before = _stamp(parts)
    if before == known.stamp and known.sha256:
        return SupplierState.UNCHANGED
    if sum(part.stat().st_size for part in parts) > settings.MAX_UPLOAD:
        return SupplierState.TOO_LARGE
    if any(0 <= time.time() - part.stat().st_mtime < QUIET_S for part in parts):
        return SupplierState.ARRIVING
    officer = User.objects.filter(username=supplier.officer).first()
    if officer is None or not people.has_any(officer, Role.OFFICER):
        return SupplierState.NOBODY
    kept = store.keep(path)
    if _stamp(parts) != before:
        return SupplierState.ARRIVING
    known.stamp = before
    if kept.sha256 == known.sha256:
        return SupplierState.UNCHANGED
    known.run = _staged(kept, supplier, officer, replaces=_still_open(known.run))
    known.sha256, known.read_at = kept.sha256, timezone.now()
    return SupplierState.READ


def _stamp(parts: Iterable[Path]) -> str:
    """Sizes and times of the parts: what differs has been written to."""
    found = [(part.name, part.lstat()) for part in sorted(parts)]
    return ";".join(f"{name}:{told.st_size}:{told.st_mtime_ns}" for name, told in found)[-500:]


def _still_open(run: Run | None) -> ChangeSet | None:
    """What the file before it led to, where nobody has handed that on: the new one takes its place."""
    before = run.change_set if run else None
    return before if before and before.state == State.CHECKED else None


def _staged(kept: store.KeptFile, supplier: Supplier, officer: User, replaces: ChangeSet | None) -> Run:
    profile = SupplierProfile.objects.filter(name=supplier.profile).first()
    choices = {"profile": supplier.profile, "is_complete": supplier.is_complete, "source": supplier.source}
    dataset = profile.dataset if profile else ""
    return actions.stage_kept(kept.sha256, kept.name, dataset, choices, by=officer, replaces=replaces)
