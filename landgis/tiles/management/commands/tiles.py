"""manage.py tiles build|verify|export FILE.pmtiles: the stored tiles of all datasets, or of those that are named."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from landgis.catalog import exits
from landgis.catalog.dataset import Dataset
from landgis.tiles import archive, pyramid
from landgis.tiles.store import sweep

WRONG_USE, FOUND_FAULTS = 2, 1
SHOWN = 20


class Command(BaseCommand):
    help = "Cut the stored tiles, hold them against the database, or write those of a dataset into one file (PMTiles)."
    requires_migrations_checks = True

    def add_arguments(self, parser: CommandParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        build = verbs.add_parser("build", help="cut what is missing or out of date; goes on where it was cut off")
        build.add_argument("datasets", nargs="*", metavar="DATASET", help="all if none is named")
        build.add_argument("--anew", action="store_true", help="throw away what is there before")
        verify = verbs.add_parser(
            "verify", help="hold every stored tile against the database; leaves 1 for differences"
        )
        verify.add_argument("datasets", nargs="*", metavar="DATASET", help="all if none is named")
        verify.add_argument("--repair", action="store_true", help="cut anew what differs")
        export = verbs.add_parser("export", help="write the tiles of one dataset into a file")
        export.add_argument("datasets", nargs=1, metavar="DATASET")
        export.add_argument("file", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        datasets = self._named(options["datasets"])
        try:
            {"build": self.build, "verify": self.verify, "export": self.export}[options["verb"]](datasets, options)
        except (ValueError, OSError) as error:  # nothing to write, a folder that is not there, no room
            raise CommandError(str(error), returncode=WRONG_USE) from error

    def build(self, datasets: Sequence[Dataset], options: dict[str, Any]) -> None:
        sweep(Path(settings.TILES))
        for dataset in datasets:
            if options["anew"]:
                pyramid.store_of(dataset).remove()
            pyramid.TileFollower().follow(dataset)
            self._say(options, f"{dataset.name}: {pyramid.cut(dataset)} tiles cut")

    def verify(self, datasets: Sequence[Dataset], options: dict[str, Any]) -> None:
        count = 0
        for dataset in datasets:
            pyramid.TileFollower().follow(dataset)
            found = list(pyramid.differences(dataset))
            for (z, x, y), what in found[:SHOWN]:
                self.stdout.write(f"{dataset.name} {z}/{x}/{y}: {what}")
            if found and options["repair"]:
                pyramid.mark(dataset, [key for key, _what in found])
                self._say(options, f"{dataset.name}: {pyramid.cut(dataset)} tiles cut anew")
            else:
                count += len(found)
            self._say(options, f"{dataset.name}: {len(found)} differ")
        if count:
            raise CommandError(
                f"{count} stored tiles are not what the database has. Cut them anew: manage.py tiles verify --repair",
                returncode=FOUND_FAULTS,
            )

    def export(self, datasets: Sequence[Dataset], options: dict[str, Any]) -> None:
        for dataset in datasets:
            count = archive.write(dataset, options["file"])
            self._say(options, f"{options['file']}: {count} tiles of {dataset.name}")

    def _named(self, names: Sequence[str]) -> list[Dataset]:
        there = {dataset.name: dataset for dataset in exits.datasets("tiles")}
        for name in names:
            if name not in there:
                raise CommandError(
                    f"{name} has no tiles here. Those that have: {', '.join(there)}", returncode=WRONG_USE
                )
        return [there[name] for name in names] if names else list(there.values())

    def _say(self, options: dict[str, Any], text: str) -> None:
        if options["verbosity"]:
            self.stdout.write(text)
