"""Static files: our own hashed by content, third-party ones under `vendor/<name>-<version>/` as they came.

A style sheet that imports others is joined with them when the files are collected, so that a reader asks once.

Our own modules stay one file each, without what only people read in them (`landgis.lib.slim_modules`).

A vendor file is named by its version: the map library finds its worker beside itself. The version's one home is
package-lock.json. Only fonts are written anew, lighter.
"""

import hashlib
import json
import posixpath
import re
from collections.abc import Iterator
from fnmatch import fnmatch
from importlib import metadata
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder, get_finders
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage
from whitenoise.storage import CompressedManifestStaticFilesStorage

from landgis.lib import slim_modules, web_fonts

PREFIX = "vendor/"
IMPORT = re.compile(r'^@import "(?P<sheet>[\w-]+\.css)";$', re.MULTILINE)
FOR_PEOPLE = re.compile(r"/\*.*?\*/\s*|^[ \t]+", re.DOTALL | re.MULTILINE)  # comments and indentation


def vendor_folders(base: Path, wanted: dict[str, tuple[str, ...]]) -> dict[str, str]:
    """Package -> its static prefix, such as "maplibre-gl" -> "vendor/maplibre-gl-6.17.0".

    The prefix has the package's name without its scope.
    """
    lock = json.loads((base / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    return {
        package: f"{PREFIX}{package.rpartition('/')[2]}-{lock[f'node_modules/{package}']['version']}"
        for package in wanted
    }


def digest() -> str:
    """Changes with any static file's name, size or time, and with the code that collects them.

    Compressing them takes a quarter of a minute, so that it is not done again for the same files.
    """
    lines = [f"{name} {metadata.version(name)}" for name in ("brotli", "fonttools", "whitenoise")]
    for finder in get_finders():
        for name, storage in finder.list([]):
            told = Path(storage.path(name)).stat()
            lines.append(f"{getattr(storage, 'prefix', '')}/{name} {told.st_size} {told.st_mtime_ns}")
    lines.append(f"esbuild {slim_modules.version()}")
    code = b"".join(Path(file).read_bytes() for file in (__file__, slim_modules.__file__, web_fonts.__file__))
    return hashlib.sha256("\n".join(sorted(lines)).encode() + code).hexdigest()


class VendorFinder(BaseFinder):
    """Finds the files of settings.VENDOR_FILES (package -> patterns of paths in it) in node_modules.

    A file is served by its bare name, whatever folder of the package it lies in.
    """

    def __init__(self, *_: Any, **__: Any) -> None:
        self.storages: dict[str, FileSystemStorage] = {}
        for package, prefix in settings.VENDOR.items():
            folders = {pattern.rpartition("/")[0] for pattern in settings.VENDOR_FILES[package]}
            for folder in folders:
                storage = FileSystemStorage(location=settings.BASE_DIR / "node_modules" / package / folder)
                storage.prefix = prefix  # type: ignore[attr-defined]  # read by collectstatic
                self.storages[f"{package}/{folder}"] = storage

    def check(self, **_: Any) -> list[Any]:
        return []

    def _files(self) -> Iterator[tuple[str, FileSystemStorage]]:
        for key, storage in self.storages.items():
            folder = Path(storage.location)
            package = next(name for name in settings.VENDOR if key.startswith(f"{name}/"))
            patterns = [pattern.rpartition("/")[2] for pattern in settings.VENDOR_FILES[package]]
            if not folder.is_dir():
                raise FileNotFoundError(f"{folder} is missing: run `make setup`.")
            for file in sorted(folder.iterdir()):
                if any(fnmatch(file.name, pattern) for pattern in patterns):
                    yield file.name, storage

    def list(self, ignore_patterns: Any) -> Iterator[tuple[str, FileSystemStorage]]:
        return self._files()

    def find(self, path: str, find_all: bool = False, **_: Any) -> Any:
        for name, storage in self._files() if path.startswith(PREFIX) else ():
            if path == f"{storage.prefix}/{name}":  # type: ignore[attr-defined]
                return [storage.path(name)] if find_all else storage.path(name)
        return []


class Joined:
    """A storage that gives a style sheet with those it imports in the place of its @import lines.

    They lie in its own folder, so that what they name relative to themselves is still found.
    """

    def __init__(self, storage: Any):
        self.storage = storage

    def open(self, path: str) -> "ContentFile[bytes]":
        folder = posixpath.dirname(path)
        text = self._text(path)
        joined = IMPORT.sub(lambda found: self._text(posixpath.join(folder, found["sheet"])), text)
        return ContentFile(FOR_PEOPLE.sub("", joined).encode())

    def _text(self, path: str) -> str:
        with self.storage.open(path) as file:
            return str(file.read().decode("utf-8"))


class StaticStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # whitenoise tells no types
    """Hashed names for our own files, relative module imports included; vendor files keep theirs."""

    support_js_module_import_aggregation = True
    max_post_process_passes = 20  # one for each step from the first script to the last that it brings

    def hashed_name(self, name: str, content: Any = None, filename: str | None = None) -> str:
        return name if name.startswith(PREFIX) else super().hashed_name(name, content, filename)

    def stored_name(self, name: str) -> str:
        return name if name.startswith(PREFIX) else super().stored_name(name)

    def post_process(self, paths: dict[str, Any], dry_run: bool = False, **options: Any) -> Iterator[Any]:
        ours = {
            name: (Joined(storage), path) if name.endswith(".css") else (storage, path)
            for name, (storage, path) in paths.items()
            if not name.startswith(PREFIX)
        }
        with slim_modules.written({name: Path(paths[name][0].path(paths[name][1])) for name in ours}) as slim:
            ours |= {name: (slim, name) for name in ours if slim.exists(name)}
            yield from super().post_process(ours, dry_run=dry_run, **options)
        if not dry_run:
            for name in set(paths) - set(ours):
                if name.endswith(".woff2"):
                    yield name, self._lightened(name, *paths[name]), True
            for name, compressed in self.compress_files(set(paths) - set(ours)):
                yield name, compressed, True

    def _lightened(self, name: str, storage: Any, path: str) -> str:
        with storage.open(path) as file:
            light = web_fonts.light(file.read())
        Path(self.path(name)).write_bytes(light)
        return name
