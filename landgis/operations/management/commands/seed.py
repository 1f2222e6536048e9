"""manage.py seed: the demo's made-up province, written as offices send files and loaded like them."""

import tempfile
import time
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from landgis.imagery.actions import About, add_scene
from landgis.operations.demo import admin_units, auctions, cadastre, planning_zones, public_land, scenes
from landgis.search.actions import follow

# (file name, what `load` is told), in the order in which one refers to the other
FILES: list[tuple[str, dict[str, Any]]] = [
    ("don_vi_hanh_chinh.gpkg", {"dataset": "admin-units"}),
    ("dat_cong.zip", {"dataset": "public-land", "crs": "EPSG:5899", "encoding": "TCVN3"}),
    ("quy_hoach.gpkg", {"dataset": "planning-zones"}),
    ("dau_gia.gpkg", {"dataset": "auctions", "layer": "auctions"}),
    ("dau_gia.gpkg", {"dataset": "auction-lots", "layer": "auction_lots"}),
    *cadastre.FILES,
]

CADASTRE = {told["dataset"] for _, told in cadastre.FILES}


class Command(BaseCommand):
    help = "Write the demo's files and load them. Loaded again on the same day, nothing changes."
    requires_migrations_checks = True

    def add_arguments(self, parser: CommandParser) -> None:
        names = [frame.name for frame in scenes.FRAMES]
        parser.add_argument("--scenes", nargs="*", choices=names, default=names, help="which images are drawn")
        parser.add_argument(
            "--parcels",
            type=int,
            default=cadastre.COUNT,
            metavar="N",
            help="how many parcels; 0 leaves out the cadastre",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        left_out = set() if options["parcels"] else CADASTRE
        files = [(name, told) for name, told in FILES if told["dataset"] not in left_out]
        with tempfile.TemporaryDirectory(prefix="landgis-") as folder, translation.override("vi"):
            start = time.monotonic()
            plots = _write(Path(folder), options["parcels"])
            self.stdout.write(f"  files written, {time.monotonic() - start:.1f} s")
            for name, told in files:
                start = time.monotonic()
                _load(Path(folder) / name, told)
                self.stdout.write(f"  {told['dataset']}: {name}, {time.monotonic() - start:.1f} s")
            follow()  # so that search finds it at once, worker or not
            self._add_scenes(Path(folder), plots, options["scenes"])

    def _add_scenes(self, folder: Path, plots: Any, wanted: list[str]) -> None:
        start = time.monotonic()
        frames = [frame for frame in scenes.FRAMES if frame.name in wanted]
        for made in scenes.write_all(folder, plots, frames):
            about = About(
                name=made.name,
                acquired_on=made.acquired_on,
                source=_("Image drawn by a program, made up"),
                licence="CC0-1.0",
                attribution=_("Made-up image"),
                cloud_percent=0,
                is_made_up=True,
            )
            add_scene(made.path, about, by="command line")
            made.path.unlink()
            self.stdout.write(f"  {made.name}, {time.monotonic() - start:.1f} s")
            start = time.monotonic()


def _load(path: Path, told: dict[str, Any]) -> None:
    about = {"complete": True, "made_up": True, "source": "Dữ liệu minh họa", "commit": True}
    try:
        call_command("load", path, **(about | told), verbosity=0)
    except SystemExit as stopped:
        raise CommandError(
            f"{path.name} was not loaded into {told['dataset']}: its change set has errors."
        ) from stopped


def _write(folder: Path, parcels: int) -> Any:
    """The files of FILES; gives the plots of the inventory, of which lots and images are made too."""
    plots = public_land.plots()
    admin_units.write(folder / "don_vi_hanh_chinh.gpkg")
    public_land.save(plots, folder / "dat_cong.zip")
    planning_zones.write(folder / "quy_hoach.gpkg")
    auctions.write(folder / "dau_gia.gpkg", plots, timezone.localdate())
    if parcels:
        _write_cadastre(folder, plots, parcels)
    return plots


def _write_cadastre(folder: Path, plots: Any, parcels: int) -> None:
    try:
        cadastre.write(folder, plots, parcels)
    except ValueError as error:
        raise CommandError(str(error)) from error
