"""Profiles: how the files of one supplier are read, kept under a name and used again."""

from dataclasses import replace

from landgis.catalog.dataset import Dataset
from landgis.changes.models import ChangeSet
from landgis.ingest.errors import FileError
from landgis.ingest.errors import marked as _
from landgis.ingest.models import Profile
from landgis.ingest.understanding import Reading


def completed(reading: Reading, name: str, dataset: Dataset) -> Reading:
    """The reading with what the profile says where the operator says nothing. FileError when there is none."""
    profile = Profile.objects.filter(name=name, dataset=dataset.name).first()
    if profile is None:
        names = Profile.objects.filter(dataset=dataset.name).values_list("name", flat=True)
        raise FileError(_("There is no profile “%(name)s”; there are: %(names)s."), name=name, names=list(names) or "-")
    return replace(
        reading,
        profile=profile.columns,
        encoding=reading.encoding or profile.encoding or None,
        srid=reading.srid or profile.srid,
        fix=reading.fix or profile.fix or None,
    )


def save(name: str, reading: Reading, change_set: ChangeSet) -> None:
    """Keep how a file was read under a name, in place of what stood there.

    Encoding and coordinate system are kept only where somebody said them: else each file is looked at anew.
    """
    Profile.objects.update_or_create(
        name=name,
        defaults={
            "dataset": change_set.dataset,
            "columns": change_set.reading["columns"],
            "encoding": reading.encoding or "",
            "srid": reading.srid,
            "fix": reading.fix or "",
        },
    )
