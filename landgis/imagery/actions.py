"""Write doors of imagery."""

import datetime
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.contrib.gis.geos import Polygon
from django.db import transaction
from django.db.models.functions import Now

from landgis.changes import audit
from landgis.imagery import raster
from landgis.imagery.models import Scene
from landgis.lib.files import sha256_of
from landgis.lib.webmap import degrees


@dataclass(frozen=True)
class About:
    """What is to be said of a scene; nobody can see it in the pixels."""

    name: str
    acquired_on: datetime.date
    source: str
    licence: str
    attribution: str
    cloud_percent: float | None = None
    is_made_up: bool = False


def add_scene(
    path: Path, about: About, *, srid: int | None = None, nodata: int | None = None, by: str | None
) -> tuple[Scene, bool]:
    """Keep an image in the file store and publish it as a scene; (scene, whether it is new).

    The same file again changes nothing. The pixels are written whole before the scene is known, so a cut
    leaves either nothing or a file nobody names. Raises RasterError; ValueError when the name is taken.
    """
    sha256 = sha256_of(path)
    known = Scene.objects.filter(file_sha256=sha256).first()
    if known:
        return known, False
    if Scene.objects.filter(name=about.name).exists():
        raise ValueError(f"there is a scene {about.name} already, made from another file")
    stored = f"scenes/{sha256}.tif"
    found = _store(path, Path(settings.MEDIA_ROOT) / stored, srid, nodata)
    footprint = Polygon.from_bbox((*degrees(*found["bounds"][:2]), *degrees(*found["bounds"][2:])))
    footprint.srid = 4326
    with transaction.atomic():
        scene = Scene.objects.create(
            **about.__dict__,
            resolution_m=found["resolution_m"],
            legal_srid=found["srid"],
            maxzoom=found["maxzoom"],
            footprint=footprint,
            cover=found["cover"],
            file_name=path.name,
            file_sha256=sha256,
            stored=stored,
            stored_sha256=found["sha256"],
        )
        audit.write(by, "scene.add", f"scene {scene.name}", sha256=sha256)
    return scene, True


def withdraw_scene(scene: Scene, *, by: str | None, reason: str) -> None:
    """Take a scene from the public; its file is kept."""
    if not reason.strip():
        raise ValueError("a withdrawal needs a reason")
    with transaction.atomic():
        hit = Scene.objects.filter(pk=scene.pk, withdrawn_at=None).update(withdrawn_at=Now())
        if hit:
            audit.write(by, "scene.withdraw", f"scene {scene.name}", reason=reason)


def _store(source: Path, target: Path, srid: int | None, nodata: int | None) -> dict:
    """Write the optimised file beside its place and move it there in one step."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent, prefix="part-") as folder:
        part = Path(folder) / target.name
        found = raster.optimise(source, part, srid, nodata)
        with part.open("rb") as file:
            os.fsync(file.fileno())
        found["sha256"] = sha256_of(part)
        part.replace(target)
    return found
