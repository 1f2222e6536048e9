"""What an operator says of a file."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from landgis.catalog.dataset import Dataset
from landgis.ingest import fields


@dataclass(frozen=True)
class Instructions:
    """What the operator says of a file. What is None is taken from the file."""

    layer: str | None = None
    srid: int | None = None
    fix: str | None = None
    repairs: frozenset[str] = frozenset()  # kinds that are accepted
    encoding: str | None = None
    columns: Mapping[str, str] = field(default_factory=dict)
    constants: Mapping[str, str] = field(default_factory=dict)  # field -> what stands in every row
    notations: Mapping[str, str] = field(default_factory=dict)  # heading -> "point" or "comma": its decimal mark
    codes: Mapping[str, Mapping[str, str]] = field(default_factory=dict)  # field -> value of the file -> code
    is_assumed: bool = False  # srid and fix are those of a profile: right for the files before, not confirmed for this
    profile: Mapping[str, str] = field(default_factory=dict)  # columns as a profile knows them; the file may lack some


def of_fields(dataset: Dataset, instructions: Instructions) -> Instructions:
    """The instructions with the names of the fields, where somebody said their labels. FileError for what is said twice."""
    columns = {heading: fields.named(dataset, said) for heading, said in instructions.columns.items()}
    constants = fields.all_named(dataset, instructions.constants)
    fields.must_be_said_once(columns, constants)
    return replace(
        instructions,
        columns=columns,
        constants=constants,
        codes={fields.named(dataset, said): codes for said, codes in instructions.codes.items()},
    )
