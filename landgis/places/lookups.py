"""Rows of other datasets by the name of a place, whichever of its names a reader knows."""

from collections.abc import Callable, Iterable

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from landgis.catalog import codelists
from landgis.catalog.dataset import Lookup
from landgis.lib.filters import Filter, OneOf
from landgis.lib.text import fold
from landgis.places.queries import PublishedUnit, all_units, origins, today

NAME = "place"


def by_place(*, current: str | None = None, former: str) -> Lookup:
    """A filter `?place=` on the columns with the name of the place today and a former one.

    A name of today finds what lies in that unit; a former one what lay in the unit of that name. A dataset may have
    former names only: a name of today then finds the units it was formed from. An unknown name finds nothing.
    """

    def read(text: str, as_of: int | None) -> Filter:
        units = all_units(as_of=as_of)
        named = list(_named(units.values(), text))
        if current and any(unit.is_current for unit in named):
            return OneOf(current, _names(now for unit in named for now in today(units, unit.ref)))
        if not current:
            named += [one for unit in named if unit.is_current for one in origins(units, unit.ref)]
        return OneOf(former, _names(named))

    return Lookup(NAME, _("place, also by a former name"), read)


def _named(units: Iterable[PublishedUnit], text: str) -> Iterable[PublishedUnit]:
    """The units of that name, written with or without what kind of unit they are, with or without marks."""
    kinds = _kinds()
    wanted = fold(text)
    for unit in units:
        name = fold(unit.name)
        if wanted == name or any(f"{kind} {wanted}" == name for kind in kinds(unit)):
            yield unit


def _kinds() -> Callable[[PublishedUnit], set[str]]:
    """For each unit what its kind is called, folded, in every language of the site."""
    called: dict[str, set[str]] = {}
    for language, _title in settings.LANGUAGES:
        with translation.override(language):
            for code, label in codelists.labels("unit-kind").items():
                called.setdefault(code, set()).add(fold(str(label)))
    return lambda unit: called.get(unit.kind, set())


def _names(units: Iterable[PublishedUnit]) -> tuple[str, ...]:
    return tuple(sorted({unit.name for unit in units}))
