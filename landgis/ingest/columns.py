"""Which column of a file is which field of the dataset: what is said, then names, then values."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from landgis.catalog import codelists, file_columns
from landgis.catalog.dataset import PUBLIC, Dataset, Field
from landgis.ingest import areas, headings
from landgis.ingest.errors import FileError
from landgis.ingest.headings import Personal
from landgis.lib.text import nfc

SURE = 0.95  # of the values of a column are codes of a list
HALF = 0.5  # of the codes of a column at least must be those of areas in force
DIFFERENT = 3  # codes at least, so that a column of yes and no is not taken for a list


@dataclass(frozen=True)
class Columns:
    """Heading -> field; `by_values` names the headings that were told by their values only, `lacking` the fields of
    the identity that no column holds.

    `second` are headings that are a field as no column has a better one, `unfit` those called like a field (the second of
    the pair) whose codes they do not hold.
    `personal` are the columns that look like personal data; of those none is a public field unless somebody said so.
    `added` are those that our own exits add to the facts of a file, and that nobody has to bring.
    """

    fields: Mapping[str, str]
    by_values: tuple[str, ...] = ()
    personal: tuple[Personal, ...] = ()
    said_public: tuple[str, ...] = ()
    second: tuple[str, ...] = ()
    unfit: tuple[tuple[str, str], ...] = ()
    lacking: tuple[str, ...] = ()
    added: tuple[str, ...] = ()


def propose(
    dataset: Dataset,
    names: Sequence[str],
    values: Mapping[str, Sequence[object]],
    said: Mapping[str, str],
    constants: Mapping[str, str] = {},
) -> Columns:
    """The columns of a file with these headings and first values.

    A heading that is `said` to be "" is left unused. Raises FileError for a heading or a field that does not exist.
    """
    _must_exist(dataset, names, said, constants)
    added = [name for name in _added(dataset, names) if name not in said]
    found = dict.fromkeys(added, "") | dict(said)
    _by_names(dataset, names, found)
    unfit = _unfit(dataset, values, {name: field for name, field in found.items() if name not in said})
    found = {name: field for name, field in found.items() if field not in constants and (name, field) not in unfit}
    second = _by_second_names(dataset, _filled(names, values), found, constants)
    personal = [
        one
        for name in names
        if name not in added
        and (one := headings.personal_by_heading(name) or _personal_by_values(dataset, name, values, found))
    ]
    hidden = {one.column for one in personal if one.column not in said}
    found = {name: field for name, field in found.items() if not (name in hidden and _is_public(dataset, field))}
    told = _by_values(dataset, [name for name in names if name not in hidden], values, found, constants)
    found = {name: field for name, field in found.items() if field}
    lacking = tuple(name for name in dataset.identity if name not in {*found.values(), *constants})
    public = [one.column for one in personal if said.get(one.column) and _is_public(dataset, said[one.column])]
    return Columns(
        found,
        tuple(told),
        tuple(personal),
        tuple(public),
        second=tuple(second),
        unfit=tuple(unfit),
        lacking=lacking,
        added=tuple(added),
    )


def by_names(dataset: Dataset, names: Sequence[str]) -> dict[str, str]:
    """Heading -> field, by the headings alone."""
    found: dict[str, str] = dict.fromkeys(_added(dataset, names), "")
    _by_names(dataset, names, found)
    return {name: field for name, field in found.items() if field}


def _added(dataset: Dataset, names: Sequence[str]) -> list[str]:
    """The columns of a file of ours that its exit added to the facts."""
    if not file_columns.is_written_by_us(dataset, names):
        return []
    headings_of_facts, facts = file_columns.fields_by_heading(dataset), {field.name for field in dataset.fields}
    derived = {field.name for field in dataset.derived_fields}
    cut = [group for group in file_columns.cut_names(dataset) if group.keys() <= set(names)]
    added = {
        *file_columns.added_headings(dataset),
        *(heading for group in cut for heading, name in group.items() if name in derived),
    }
    then = file_columns.of_then(dataset) if file_columns.is_told_twice(dataset, names) else set()
    return [
        name
        for name in names
        if name in then or (name in added and name not in headings_of_facts and name.lower() not in facts)
    ]


def _must_exist(dataset: Dataset, names: Sequence[str], said: Mapping[str, str], constants: Mapping[str, str]) -> None:
    declared = {field.name: str(dataset.label(field.name)) for field in dataset.fields}
    for heading in said:
        if heading not in names:
            raise FileError(
                "column-unknown",
                heading=heading,
                columns=", ".join(names),
            )
    for name in (*said.values(), *constants):
        if name and name not in declared:
            raise FileError(
                "field-unknown",
                dataset=dataset.name,
                field=name,
                fields=", ".join(declared.values()),
            )


def _by_names(dataset: Dataset, names: Sequence[str], found: dict[str, str]) -> None:
    """Add what the headings say: the spellings that the fields declare, then the headings of our own files, then those
    that mean the same."""
    declared = {
        headings.bare(spelling): field.name
        for field in dataset.fields
        for spelling in (*field.source_names, field.name)
    }
    exact = {spelling.lower(): field.name for field in dataset.fields for spelling in (*field.source_names, field.name)}
    alike: dict[str, str] = {}
    for field in dataset.fields:
        for spelling in headings.spellings((field.name, *field.source_names)):
            alike.setdefault(spelling, field.name)
    ours = file_columns.fields_by_heading(dataset)
    in_any_case = {heading.casefold(): name for heading, name in ours.items()}
    ways: tuple[tuple[Mapping[str, str], Callable[[str], str]], ...] = (
        (exact, str.lower),
        (ours, nfc),
        (in_any_case, lambda heading: nfc(heading).casefold()),
        (declared, headings.bare),
        (alike, headings.bare),
    )
    for known, key in ways:
        for name in names:
            meant = known.get(key(name))
            if name not in found and meant and meant not in found.values():
                found[name] = meant
    for group in file_columns.cut_names(dataset):
        if group.keys() <= set(names):
            found.update(
                {cut: field for cut, field in group.items() if field in declared.values() and cut not in found}
            )
    for name in names:
        whole = headings.cut_short(name, alike) if name not in found else None
        if whole and alike[whole] not in found.values():
            found[name] = alike[whole]


def _filled(names: Sequence[str], values: Mapping[str, Sequence[object]]) -> list[str]:
    """The columns with a value: an empty one that is called so by chance would empty a field."""
    return [name for name in names if any(value not in (None, "") for value in values.get(name, ()))]


def _by_second_names(
    dataset: Dataset, names: Sequence[str], found: dict[str, str], constants: Mapping[str, str]
) -> list[str]:
    """Add the fields that have no column, by headings that are less certain; gives those headings."""
    told = []
    for field in dataset.fields:
        known = headings.second(field.name)
        fitting = [name for name in names if name not in found and headings.bare(name) in known]
        if len(fitting) == 1 and field.name not in {*found.values(), *constants}:
            found[fitting[0]] = field.name
            told.append(fitting[0])
    return told


def _unfit(dataset: Dataset, values: Mapping[str, Sequence[object]], found: Mapping[str, str]) -> list[tuple[str, str]]:
    """Headings that are called like a field and hold none of its codes, with the field."""
    return [
        (heading, name)
        for heading, name in found.items()
        if name and not _may_be_codes(dataset.field(name), heading, values.get(heading, ()))
    ]


def _may_be_codes(field: Field, heading: str, values: Sequence[object]) -> bool:
    """Whether a column may hold the codes of the field; one without a value may. What it declares is not doubted."""
    given = {str(value).strip() for value in values if value not in (None, "")}
    if not given:
        return True
    if field.is_area_code:
        known = areas.codes()
        return not known or sum(areas.key(value) in known for value in given) >= HALF * len(given)
    if not codelists.labels(field.codes) or _is_declared(field, heading):
        return True
    return any(codelists.read_code(str(field.codes), value) for value in given)


def _is_declared(field: Field, heading: str) -> bool:
    return headings.bare(heading) in {headings.bare(spelling) for spelling in (*field.source_names, field.name)}


def _by_values(
    dataset: Dataset,
    names: Sequence[str],
    values: Mapping[str, Sequence[object]],
    found: dict[str, str],
    constants: Mapping[str, str],
) -> list[str]:
    """Add coded fields whose codes a column without a known heading holds; gives those headings."""
    told = []
    for field in dataset.fields:
        if not field.codes or field.name in {*found.values(), *constants} or field.parts:
            continue
        fitting = [name for name in names if name not in found and _holds_codes(field, values.get(name, ()))]
        if len(fitting) == 1:
            found[fitting[0]] = field.name
            told.append(fitting[0])
    return told


def _holds_codes(field: Field, values: Sequence[object]) -> bool:
    given = [value.strip() for value in values if isinstance(value, str) and value.strip()]
    listed = codelists.labels(field.codes)
    if not listed or len(set(given)) < DIFFERENT:
        return False
    return sum(codelists.read_code(str(field.codes), value) is not None for value in given) >= SURE * len(given)


def _personal_by_values(
    dataset: Dataset, name: str, values: Mapping[str, Sequence[object]], found: Mapping[str, str]
) -> Personal | None:
    """By the values; but a street is called after a person too, and a column that a field declares is what it says."""
    told = headings.personal_by_values(name, values.get(name, ()))
    if told is None or not found.get(name):
        return told
    field = dataset.field(found[name])
    return None if _is_declared(field, name) or name in file_columns.fields_by_heading(dataset) else told


def _is_public(dataset: Dataset, field: str) -> bool:
    return dataset.field(field).visibility == PUBLIC
