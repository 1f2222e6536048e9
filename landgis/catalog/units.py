"""Units of administration as a dataset declares them: which ones a name or a code means, and what they are today.

Whoever asks need not know which dataset they are of. Where none is installed nothing is known of them.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from psycopg import sql

from landgis.catalog import codelists, registry
from landgis.catalog.dataset import Dataset, Units
from landgis.lib.text import fold
from landgis.lib.unit_names import KnownUnit, known_units, today

codelists.register(
    "commune-today-by",
    {
        "file": _("as the file says"),
        "name": _("by what became of the commune in the documents"),
        "place": _("by where it lies"),
        "others": _("by where what belongs to it lies"),
        "name-elsewhere": _("by the commune in the documents; its boundary lies in another one"),
        "not-known": _("not known: neither the documents nor its place tell"),
    },
    {
        "file": _("The file that was taken in names it, or names a unit that lives on in this one alone."),
        "name": _("The unit that the documents name lives on in this one alone."),
        "place": _(
            "The documents name no known unit or leave several open: it is the one in which a point of the feature lies."
        ),
        "others": _(
            "It has no boundary of its own: these are the units in which the published features lie that belong to it."
        ),
        "name-elsewhere": _(
            "Documents and map contradict each other: what follows from the documents is shown; either may be wrong."
        ),
        "not-known": _(
            "What the documents name leads to no single unit, and the feature has no boundary, or one that does not tell either."
        ),
    },
)


def datasets() -> list[Dataset]:
    """The datasets whose features are units."""
    return [dataset for dataset in registry.all_datasets() if dataset.units]


def declared() -> list[tuple[Dataset, Units]]:
    """The same with what makes them so."""
    return [(dataset, dataset.units) for dataset in registry.all_datasets() if dataset.units]


def columns_sql(said: Units) -> sql.Composable:
    """What `read` takes of each row, under the names that it has here."""
    pairs = [(said.code, "code"), (said.name, "name"), (said.kind, "kind")]
    pairs += [(said.is_current, "is_current"), (said.successors, "successors")]
    parts = [sql.SQL("{} AS {}").format(sql.Identifier(name), sql.Identifier(known)) for name, known in pairs]
    return sql.SQL(", ").join([sql.SQL("ref"), *parts])


def read(dataset: Dataset, rows: Iterable[Mapping[str, Any]]) -> Iterator[KnownUnit]:
    """The units of such rows."""
    return known_units(rows, _kinds(dataset))


def _kinds(dataset: Dataset) -> dict[str, set[str]]:
    """Code -> what such a unit is called in every language of the site, folded."""
    called: dict[str, set[str]] = {}
    for language, _title in settings.LANGUAGES:
        with translation.override(language):
            for code, label in dataset.choices(dataset.units.kind if dataset.units else "").items():
                called.setdefault(code, set()).add(fold(str(label)))
    return called


def meant(units: Mapping[str, KnownUnit], name: str | None, code: str | None) -> list[KnownUnit]:
    """The units that a document may mean by name and code. A code was given to several units one after the other: beside
    a name it only tells which of those called so.
    """
    called = [unit for unit in units.values() if name and fold(name) in unit.called]
    coded = [unit for unit in units.values() if code and unit.code == code]
    return [unit for unit in coded if unit in called] or called or coded


def of_today(
    units: Mapping[str, KnownUnit], issued: tuple[str | None, str | None], said: tuple[str | None, str | None]
) -> list[KnownUnit]:
    """The units of today that a feature may lie in, by what a file says of today, else by what its documents name."""
    found = meant(units, *said)
    if any(unit.is_current for unit in found):
        found = [unit for unit in found if unit.is_current]
    now = {one.ref: one for unit in found or meant(units, *issued) for one in today(units, unit.ref)}
    return list(now.values())
