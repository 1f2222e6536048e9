"""Profiles: how the files of one supplier are read, kept under a name and used again."""

from collections.abc import Container, Mapping
from dataclasses import replace
from typing import Any

from landgis.catalog.dataset import Dataset
from landgis.changes.models import ChangeSet
from landgis.ingest.coordinate_columns import WKT
from landgis.ingest.errors import FileError
from landgis.ingest.headings import EAST, NORTH
from landgis.ingest.instructions import Instructions
from landgis.ingest.models import SupplierProfile


def completed(instructions: Instructions, name: str, dataset: Dataset, headings: Container[str]) -> Instructions:
    """The instructions with what the profile says where the operator says nothing. FileError when there is none.

    The file may lack some of the headings that the profile knows.
    """
    profile = SupplierProfile.objects.filter(name=name, dataset=dataset.name).first()
    if profile is None:
        names = SupplierProfile.objects.filter(dataset=dataset.name).values_list("name", flat=True)
        raise FileError("profile-unknown", name=name, names=list(names) or "-")
    is_said = bool(instructions.srid or instructions.fix)
    return replace(
        instructions,
        is_assumed=not is_said and bool(profile.srid or profile.fix),
        profile=profile.columns,
        notations={heading: how for heading, how in profile.notations.items() if heading in headings}
        | dict(instructions.notations),
        codes=_together(profile.codes, instructions.codes),
        encoding=instructions.encoding or profile.encoding or None,
        srid=instructions.srid or profile.srid,
        fix=instructions.fix or profile.fix or None,
    )


def _together(
    kept: Mapping[str, Mapping[str, str]], said: Mapping[str, Mapping[str, str]]
) -> dict[str, dict[str, str]]:
    """Codes of values, field by field; what is said goes before what was kept."""
    return {field: {**kept.get(field, {}), **said.get(field, {})} for field in {*kept, *said}}


def _coordinates(read: Mapping[str, Any]) -> dict[str, str]:
    """Heading -> coordinate of the columns of which somebody said that they hold the boundaries."""
    shape = read.get("geometry") or {"kind": "", "columns": []}
    names = (WKT,) if shape["kind"] == WKT else (EAST, NORTH)
    return {heading: name for heading, name in zip(shape["columns"], names, strict=False) if heading in read["said"]}


def save(name: str, instructions: Instructions, change_set: ChangeSet) -> None:
    """Keep how a file was read under a name, in place of what stood there.

    Encoding and coordinate system are kept only where somebody said them: else each file is looked at anew.
    """
    SupplierProfile.objects.update_or_create(
        name=name,
        defaults={
            "dataset": change_set.dataset,
            "columns": change_set.reading["columns"] | _coordinates(change_set.reading),
            "notations": dict(instructions.notations),
            "codes": {field: dict(codes) for field, codes in instructions.codes.items()},
            "encoding": instructions.encoding or "",
            "srid": instructions.srid,
            "fix": instructions.fix or "",
        },
    )
