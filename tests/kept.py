"""The world of the tests, made once for all processes and kept between runs.

A stage (migrated, with data, with scenes) is a template database and a folder of files; what takes long to work out is
a file beside them. All are named by a digest of what they are made from, so they are never older than the code. The first process that asks for one makes it, under
another name, and renames it when it is whole; the others wait. Sessions hold a shared lock on their digest; what no
session holds and no code asks for any more is dropped by the next one.
"""

import fcntl
import hashlib
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from django.db import connection
from django.test import override_settings
from django.utils import timezone

from landgis import env
from landgis.operations.ownership import as_owner
from tests import databases

ROOT = Path(env.BASE_DIR)
FOLDER: Path = env.value("LANDGIS_STATE") / "tests"
SOURCES = ("landgis", "data", "requirements-dev.lock", "tests/conftest.py", "tests/kept.py", "tests/serving.py")
# What only answers readers has no part in what a database holds.
ANSWERS = {
    "admin.py",
    "analysis",
    "forms.py",
    "pages",
    "pictures",
    "static",
    "tiles",
    "urls.py",
    "views.py",
    "__pycache__",
}
SETTINGS = ("LANDGIS_NATIONAL", "LANDGIS_OFFICE", "LANDGIS_TIME_ZONE")


def digest(root: Path = ROOT) -> str:
    """Of all that the world is made from: code, data, libraries, settings, and the day from which the demo counts."""
    found = hashlib.sha256(str(timezone.localdate()).encode())
    for name in SETTINGS:
        found.update(f"{name}={os.environ.get(name)}\0".encode())
    for path in sorted(_files(root)):
        found.update(f"{path.relative_to(root)}\0".encode())
        found.update(hashlib.sha256(path.read_bytes()).digest())
    return found.hexdigest()[:12]


def _files(root: Path) -> Iterator[Path]:
    for source in SOURCES:
        top = root / source
        for path in top.rglob("*") if top.is_dir() else [top]:
            if path.is_file() and path.suffix != ".mo" and not ANSWERS & set(path.relative_to(root).parts):
                yield path


@contextmanager
def _locked(path: Path, how: int) -> Iterator[IO[str]]:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a", encoding="utf-8") as file:
        fcntl.flock(file, how)
        yield file  # closing gives the lock back, and so does the end of the process


@dataclass(frozen=True)
class World:
    """The stages of one digest, in the folder of all worlds of this clone."""

    digest: str
    folder: Path = FOLDER

    def stage(self, name: str, template: str, fill: Callable[[], None]) -> tuple[str, Path]:
        """A stage, filled from its template if nobody has done so yet: (database, file store); not to be written."""
        database, files = f"{databases.CLONE}_{self.digest}_{name}", self.folder / self.digest / name
        with _locked(self.folder / self.digest / f"{name}.lock", fcntl.LOCK_EX):
            if not databases.named(database):
                self._make(database, template, files, fill)
        return database, files

    def file(self, name: str, write: Callable[[Path], object]) -> Path:
        """A file, written if nobody has done so yet; not to be written to."""
        path = self.folder / self.digest / name
        with _locked(path.with_name(f"{name}.lock"), fcntl.LOCK_EX):
            if not path.exists():
                part = path.with_name(f"{name}.part")
                write(part)
                part.rename(path)
        return path

    def _make(self, database: str, template: str, files: Path, fill: Callable[[], None]) -> None:
        part = f"{databases.CLONE}_part_{self.digest}_{files.name}"
        shutil.rmtree(files, ignore_errors=True)
        files.mkdir(parents=True)
        databases.administer("DROP DATABASE IF EXISTS {} WITH (FORCE)", part)
        databases.copy(part, template)
        with databases.used(part), override_settings(MEDIA_ROOT=files):
            fill()
            with as_owner(), connection.cursor() as cursor:  # once, so that no copy has to
                cursor.execute("VACUUM (FREEZE, ANALYZE)")
        databases.administer("ALTER DATABASE {} RENAME TO {}", part, database)


@contextmanager
def held(wanted: str | None = None, folder: Path = FOLDER) -> Iterator[World]:
    """The world of a digest, by default of today's code; nobody drops it before the end."""
    wanted = wanted or (_newest(folder) if env.value("LANDGIS_TEST_WORLD") == "keep" else None) or digest()
    with ExitStack() as stack:
        with _locked(folder / "making.lock", fcntl.LOCK_EX):
            stack.enter_context(_locked(folder / wanted / "lock", fcntl.LOCK_SH))
            databases.drop_left_over()
            for other in _others(folder, wanted):
                _drop(folder, other)
        yield World(wanted, folder)


def _others(folder: Path, wanted: str) -> list[str]:
    return [found.name for found in folder.iterdir() if found.is_dir() and found.name != wanted]


def _newest(folder: Path) -> str | None:
    """The digest whose world with data was made last."""
    whole = [found for found in folder.glob("*/seeded") if databases.named(f"{databases.CLONE}_{found.parent.name}_")]
    return max(whole, key=lambda found: found.stat().st_mtime).parent.name if whole else None


def _drop(folder: Path, old: str) -> None:
    with suppress(BlockingIOError), _locked(folder / old / "lock", fcntl.LOCK_EX | fcntl.LOCK_NB):
        for name in [*databases.named(f"{databases.CLONE}_{old}_"), *databases.named(f"{databases.CLONE}_part_{old}")]:
            databases.administer("DROP DATABASE IF EXISTS {} WITH (FORCE)", name)
        shutil.rmtree(folder / old)
