"""manage.py basemap add FILE.pmtiles: an archive of vector tiles becomes the ground of the map; list, and withdraw NAME."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.text import slugify

from landgis.imagery.basemap import schemas
from landgis.imagery.basemap.actions import AboutArchive, add_base_map, withdraw_base_map
from landgis.imagery.models import MapArchive

WRONG_USE = 2


class Command(BaseCommand):
    help = "Add a base map (an archive of vector tiles, PMTiles), list those that are there, or withdraw one."
    requires_migrations_checks = True

    def add_arguments(self, parser: CommandParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        add = verbs.add_parser("add", help="add an archive; it is shown in place of the one before")
        add.add_argument("file", type=Path)
        add.add_argument("--name", help="the file's name if not said")
        add.add_argument(
            "--attribution", default="", help="credit shown on every map; what the archive says if not said"
        )
        add.add_argument("--licence", default="ODbL-1.0", help="that of OpenStreetMap if not said")
        add.add_argument("--schema", choices=schemas.by_name(), default="", help="where its layers fit several")
        add.add_argument("--made-up", action="store_true", help="mark it as made up")
        verbs.add_parser("list", help="list the archives, the one that is shown first")
        withdraw = verbs.add_parser("withdraw", help="take a base map from the public")
        withdraw.add_argument("name")
        withdraw.add_argument("--reason", required=True)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            {"add": self.add, "list": self.show, "withdraw": self.withdraw}[options["verb"]](options)
        except (ValueError, OSError) as error:
            raise CommandError(str(error), returncode=WRONG_USE) from error

    def add(self, options: dict[str, Any]) -> None:
        path: Path = options["file"]
        said = AboutArchive(
            name=slugify(options["name"] or path.stem),
            attribution=options["attribution"],
            licence=options["licence"],
            schema=options["schema"],
            is_made_up=options["made_up"],
        )
        made, is_new = add_base_map(path, said, by=None)
        if options["verbosity"]:
            told = _about(made) if is_new else "known already, nothing changed"
            self.stdout.write(f"{made.name}: {told}")

    def show(self, options: dict[str, Any]) -> None:
        for made in MapArchive.objects.all():
            withdrawn = f", withdrawn on {made.withdrawn_at:%Y-%m-%d}" if made.withdrawn_at else ""
            self.stdout.write(f"{made.name}: {_about(made)}{withdrawn}")

    def withdraw(self, options: dict[str, Any]) -> None:
        made = MapArchive.objects.filter(name=options["name"]).first()
        if made is None:
            raise CommandError(f"There is no base map {options['name']}.", returncode=WRONG_USE)
        withdraw_base_map(made, by=None, reason=options["reason"])


def _about(made: MapArchive) -> str:
    title = schemas.by_name()[made.schema_name].title
    return f"{title}, zoom {made.minzoom} to {made.maxzoom}, {made.attribution}"
