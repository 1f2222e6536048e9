"""manage.py scene add FILE ...: a dated image becomes a scene of the map; scene withdraw NAME takes it back."""

import datetime
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from landgis.imagery.actions import About, add_scene, withdraw_scene
from landgis.imagery.models import Scene
from landgis.imagery.raster import GROUND, RasterError
from landgis.lib import geometry

WRONG_USE = 2


class Command(BaseCommand):
    help = "Add a dated satellite or aerial image (GeoTIFF), or withdraw one."
    requires_migrations_checks = True

    def add_arguments(self, parser: CommandParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        add = verbs.add_parser("add", help="add a GeoTIFF")
        add.add_argument("file", type=Path)
        add.add_argument("--name", help="name in addresses; the file's name if not said")
        add.add_argument("--acquired", type=datetime.date.fromisoformat, required=True, help="day it was taken")
        add.add_argument("--source", required=True, help="who took it, shown to the public")
        add.add_argument("--licence", required=True)
        add.add_argument("--attribution", required=True, help="credit shown on every map")
        add.add_argument("--cloud", type=float, help="cloud cover in percent")
        add.add_argument("--crs", help="coordinate system, such as EPSG:5899, if the file does not say it")
        add.add_argument(
            "--nodata", choices=["0", "255", "none"], help="value of pixels without an image; none if all are ground"
        )
        add.add_argument("--made-up", action="store_true", help="mark it as made up")
        withdraw = verbs.add_parser("withdraw", help="take a scene from the public")
        withdraw.add_argument("name")
        withdraw.add_argument("--reason", required=True)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            {"add": self.add, "withdraw": self.withdraw}[options["verb"]](options)
        except (RasterError, ValueError, OSError) as error:
            raise CommandError(str(error), returncode=WRONG_USE) from error

    def add(self, options: dict[str, Any]) -> None:
        path: Path = options["file"]
        about = About(
            name=options["name"] or path.stem,
            acquired_on=options["acquired"],
            source=options["source"],
            licence=options["licence"],
            attribution=options["attribution"],
            cloud_percent=options["cloud"],
            is_made_up=options["made_up"],
        )
        srid = geometry.parse_srid(options["crs"]) if options["crs"] else None
        said = options["nodata"]
        nodata = None if said is None else GROUND if said == "none" else int(said)
        scene, is_new = add_scene(path, about, srid=srid, nodata=nodata, by=None)
        if options["verbosity"]:
            told = f"{scene.resolution_m:g} m, {scene.acquired_on}" if is_new else "known already, nothing changed"
            self.stdout.write(f"{scene.name}: {told}")

    def withdraw(self, options: dict[str, Any]) -> None:
        scene = Scene.objects.filter(name=options["name"]).first()
        if scene is None:
            raise CommandError(f"There is no scene {options['name']}.", returncode=WRONG_USE)
        withdraw_scene(scene, by=None, reason=options["reason"])
