"""The columns of the files that exits write, and what they are called there: who reads such a file again knows them."""

from collections import defaultdict
from collections.abc import Collection, Iterable

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from landgis.catalog.codelists import Label
from landgis.catalog.dataset import Dataset

REF = "ref"
# What tables say of each row beside its facts.
ABOUT: dict[str, Label] = {
    "from_revision": _("Revision"),
    "source": _("Source"),
    "source_as_of": _("State of the source"),
    "is_made_up": _("Made up"),
}
# What programs get beside the facts, the number of a feature that GeoJSON and GeoPackage have, and what every KML has.
FOR_PROGRAMS = (
    "id",
    "fid",
    "feature_id",
    "applied_at",
    "until_revision",
    "lon",
    "lat",
    "west",
    "south",
    "east",
    "north",
)
OF_KML = ("Name", "description", "timestamp", "begin", "end", "altitudeMode", "tessellate", "extrude", "visibility")
OF_LATER_KML = ("drawOrder", "icon", "id2")
DBF_LETTERS, KEPT_LETTERS = 10, 8


def table_columns(dataset: Dataset) -> list[tuple[str, str]]:
    """(column of the view, its heading): ref, the public facts, what is measured, and where each row comes from."""
    measure = dataset.geometry_kind.measure
    facts = [field.name for field in dataset.public_fields if not field.parts]
    names = [REF, *facts, *([measure.column] if measure else []), *ABOUT]
    return [(name, heading(dataset, name)) for name in names]


def heading(dataset: Dataset, name: str) -> str:
    """Label and unit of a column in the active language: "Diện tích (m²)"."""
    if name == REF:
        return str(_("Reference"))
    if name in ABOUT:
        return str(ABOUT[name])
    measure = dataset.geometry_kind.measure
    if measure and name == measure.column:
        return f"{dataset.label(name)} ({measure.unit})"
    unit = dataset.field(name).unit
    return f"{dataset.label(name)} ({unit})" if unit else str(dataset.label(name))


def fields_by_heading(dataset: Dataset) -> dict[str, str]:
    """Heading in any language of the site -> public field that files bring."""
    return _by_heading(dataset, [field.name for field in dataset.stated_fields])


def added_headings(dataset: Dataset) -> dict[str, str]:
    """What exits add to the facts, by the headings that it has: the reference, what is computed, where a row comes from."""
    measure = dataset.geometry_kind.measure
    derived = [field.name for field in dataset.derived_fields]
    shown = [REF, *derived, *([measure.column] if measure else []), *ABOUT]
    plain = [REF, *ABOUT, *derived, *dataset.geometry_kind.computed, *FOR_PROGRAMS, *OF_KML, *OF_LATER_KML]
    return {name: name for name in plain} | _by_heading(dataset, shown)


def is_written_by_us(dataset: Dataset, headings: Collection[str]) -> bool:
    """Whether headings are those of a file that an exit of ours wrote, perhaps taken through another program."""
    identity = [{name, name[:DBF_LETTERS], *_headings(dataset, name)} for name in dataset.identity]
    return not {REF, *_headings(dataset, REF)}.isdisjoint(headings) and all(
        not known.isdisjoint(headings) for known in identity
    )


def cut_names(dataset: Dataset) -> list[dict[str, str]]:
    """Headings in a .dbf that GDAL writes of our columns -> column, for each group that only its order tells apart.

    It keeps ten letters; the next column with the same ten has eight and a number: `starting_p`, `starting_1`.
    """
    columns = [
        "id",
        REF,
        *(field.name for field in dataset.public_fields),
        *dataset.geometry_kind.computed,
        "is_made_up",
    ]
    groups: dict[str, list[str]] = defaultdict(list)
    for name in columns:
        groups[name[:DBF_LETTERS]].append(name)
    return [
        {cut: names[0]} | {f"{cut[:KEPT_LETTERS]}_{number}": name for number, name in enumerate(names[1:], 1)}
        for cut, names in groups.items()
        if 1 < len(names) <= DBF_LETTERS
    ]


def _by_heading(dataset: Dataset, names: Iterable[str]) -> dict[str, str]:
    return {text: name for name in names for text in _headings(dataset, name)}


def _headings(dataset: Dataset, name: str) -> set[str]:
    """What a column is called, in every language of the site."""
    found = set()
    for language, _title in settings.LANGUAGES:
        with translation.override(language):
            found.add(heading(dataset, name))
    return found
