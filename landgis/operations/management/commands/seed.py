"""manage.py seed: the demo's made-up province, written as offices send files and loaded like them.

The files are made by a program beside the recipe, in a process of its own: the product knows nothing of it.
"""

import os
import subprocess
import sys
import tempfile
import time
import tomllib
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.text import slugify

from landgis.changes.followers import follow_all
from landgis.documents import store
from landgis.imagery.actions import About, add_scene
from landgis.imagery.basemap.actions import AboutArchive, add_base_map
from landgis.operations import seeding
from landgis.operations.children import end_with_parent

KINDS = {".pmtiles": "base map", ".tif": "scene", ".zip": "documents"}  # of files that are no dataset's
RECIPE = Path(settings.BASE_DIR, "data", "demo", "recipe.toml")


class Command(BaseCommand):
    help = (
        "Write the demo's files and load them. Loaded again on the same day, nothing changes; cut off, it is completed."
    )
    requires_migrations_checks = True

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--recipe", type=Path, default=RECIPE, help="what is made and how it is loaded")
        parser.add_argument("--scenes", nargs="*", help="which images are drawn; every one if not said")
        parser.add_argument("--parcels", type=int, metavar="N", help="how many parcels; 0 leaves out the cadastre")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            self._seed(_recipe(options["recipe"]), options)
        except KeyboardInterrupt:
            raise CommandError("Stopped; what was loaded stays.") from None

    def _seed(self, recipe: dict[str, Any], options: dict[str, Any]) -> None:
        seeding.note(seeding.BEGUN, options["recipe"].name)
        with tempfile.TemporaryDirectory(prefix="landgis-") as folder, _program(recipe, folder, options) as written:
            for name in written:
                told = [file for file in recipe["files"] if file["name"] == name]
                if not told:
                    raise CommandError(f"{options['recipe']} does not say how {name} is loaded.")
                for file in told:
                    self._take(Path(folder, name), file, recipe)
                Path(folder, name).unlink()
        follow_all()  # so that search finds it at once, worker or not
        seeding.note(seeding.DONE, options["recipe"].name)

    def _take(self, path: Path, told: dict[str, Any], recipe: dict[str, Any]) -> None:
        start = time.monotonic()
        more = {key: value for key, value in told.items() if key != "name"}
        if "dataset" in told:
            _load(path, recipe["load"] | more)
        elif path.suffix == ".zip":
            _keep_documents(path)
        elif path.suffix == ".pmtiles":
            add_base_map(path, AboutArchive(name=slugify(path.stem), **recipe["base_map"] | more), by=None)
        else:
            add_scene(path, About(name=path.stem, **recipe["scene"] | more), by=None)
        self.stdout.write(
            f"  {told.get('dataset') or KINDS[path.suffix]}: {path.name}, {time.monotonic() - start:.1f} s"
        )


def _recipe(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8")) | {"folder": path.parent}
    except FileNotFoundError:
        raise CommandError(f"There is no {path}: only a clone of landgis has the demo.") from None


@contextmanager
def _program(recipe: dict[str, Any], folder: str, options: dict[str, Any]) -> Iterator[Iterator[str]]:
    """Start the program of the recipe; the names of the files it has written, each when it is whole."""
    command = [sys.executable, "-m", recipe["program"], folder, "--today", timezone.localdate().isoformat()]
    if options["parcels"] is not None:
        command += ["--parcels", str(options["parcels"])]
    if options["scenes"] is not None:
        command += ["--scenes", *options["scenes"]]
    with subprocess.Popen(
        command,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(recipe["folder"]), str(settings.BASE_DIR)])},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        encoding="utf-8",
        preexec_fn=end_with_parent,  # noqa: PLW1509  # this process has one thread
    ) as process:
        try:
            yield (line.rstrip("\n") for line in process.stdout or ())
            if process.wait():
                raise CommandError(f"The demo's files could not be made (status {process.returncode}); see above.")
        finally:
            process.kill()


def _load(path: Path, told: dict[str, Any]) -> None:
    try:
        call_command("load", path, **told, commit=True, verbosity=0)
    except SystemExit as stopped:
        raise CommandError(
            f"{path.name} was not loaded into {told['dataset']}: its change set has errors."
        ) from stopped


def _keep_documents(path: Path) -> None:
    """What is in the archive becomes files that rows may name."""
    with tempfile.TemporaryDirectory(prefix="landgis-") as folder, zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            store.keep(Path(archive.extract(name, folder)))
