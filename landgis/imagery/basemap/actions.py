"""Write doors of the base map."""

import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.db.models.functions import Now

from landgis.changes import audit
from landgis.imagery.basemap import archive, schemas
from landgis.imagery.basemap.archive import ArchiveError, Contents
from landgis.imagery.models import MapArchive
from landgis.lib import files

SIDES = ("west", "south", "east", "north")


@dataclass(frozen=True)
class AboutArchive:
    """What is said of an archive; of what is empty the archive itself is asked."""

    name: str
    attribution: str = ""
    licence: str = ""
    schema: str = ""
    is_made_up: bool = False


def add_base_map(path: Path, said: AboutArchive, *, by: str | None) -> tuple[MapArchive, bool]:
    """Keep an archive in the file store and show it from now on, in place of the one before; (it, whether it is new).

    The same file again changes nothing. It lies whole in the store before it is known. Raises ArchiveError for what is no
    such archive or of no schema that is known; ValueError where the name is taken or nobody is credited.
    """
    sha256 = files.sha256_of(path)
    known = MapArchive.objects.filter(file_sha256=sha256, withdrawn_at=None).first()
    if known:
        return known, False
    found = archive.contents(path)
    schema = _schema(found, said.schema)
    attribution = said.attribution or found.attribution
    if not attribution.strip():
        raise ValueError("the archive credits nobody: say --attribution, such as “© OpenStreetMap contributors”")
    if not said.name or MapArchive.objects.filter(name=said.name).exists():
        raise ValueError(
            f"a base map cannot be named “{said.name}”, or there was one already: give this one another --name"
        )
    stored = f"basemaps/{sha256}.pmtiles"
    _store(path, Path(settings.MEDIA_ROOT) / stored)
    with transaction.atomic():
        made = MapArchive.objects.create(
            name=said.name,
            schema_name=schema,
            attribution=attribution,
            licence=said.licence,
            is_made_up=said.is_made_up,
            **dict(zip(SIDES, found.box, strict=True)),
            minzoom=found.minzoom,
            maxzoom=found.maxzoom,
            file_name=path.name,
            file_sha256=sha256,
            stored=stored,
        )
        audit.write(by, "basemap.add", f"base map {made.name}", sha256=sha256)
    return made, True


def withdraw_base_map(made: MapArchive, *, by: str | None, reason: str) -> None:
    """Take an archive from the public; its file is kept, and the one that was added before it is shown again."""
    if not reason.strip():
        raise ValueError("a withdrawal needs a reason")
    with transaction.atomic():
        if MapArchive.objects.filter(pk=made.pk, withdrawn_at=None).update(withdrawn_at=Now()):
            audit.write(by, "basemap.withdraw", f"base map {made.name}", reason=reason)


def _schema(found: Contents, said: str) -> str:
    """The name of its schema. Raises ArchiveError where it is none of ours, or could be several and nobody says which."""
    fitting = {schema.name for schema in schemas.recognised(found.layers)}
    known = ", ".join(schema.title for schema in schemas.by_name().values())
    if said and said not in fitting:
        raise ArchiveError(f"it lacks layers of the schema {said}; it has: {', '.join(found.layers) or 'none'}")
    if not fitting:
        raise ArchiveError(
            f"its layers are those of no schema that is known ({known}); it has: {', '.join(found.layers) or 'none'}"
        )
    if len(fitting) > 1 and not said:
        raise ArchiveError(f"it may be of several schemas; say --schema, one of: {', '.join(sorted(fitting))}")
    return said or fitting.pop()


def _store(source: Path, target: Path) -> None:
    """Copy the file beside its place and move it there in one step."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent, prefix="part-") as folder:
        part = Path(folder) / target.name
        shutil.copyfile(source, part)
        files.put(part, target)
