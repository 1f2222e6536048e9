"""What a dataset declares. Everything else is derived from here.

A dataset is an ordinary class with attributes; an app registers one instance of it (see `registry`).
Labels, types and code lists are not repeated here: they are those of the model's fields.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from landgis.catalog import codelists
from landgis.catalog.codelists import Label

PUBLIC, OFFICER, NEVER = "public", "officer", "never"
REF = re.compile(r"[A-Za-z0-9-]{1,64}")
NUMBERS = (models.DecimalField, models.FloatField, models.IntegerField)
NOT_IN_REF = re.compile(r"[^A-Za-z0-9-]+")


@dataclass(frozen=True)
class Part:
    """One key of the objects in a declared JSON list: text, a code of a list, or a date (kept as ISO text)."""

    name: str
    codes: str | None = None
    is_date: bool = False
    source_names: Sequence[str] = ()


@dataclass(frozen=True)
class Field:
    """One declared column: who may see it and which exits use it.

    `name` is the name of a model field, `codes` that of its code list (see `codelists`). `tile_from` is
    the zoom from which it travels in tiles; `source_names` are the headings under which files bring it.
    A filter with a `default` holds it until the address names the filter (empty for all); one that is not
    `in_form` is only used by addresses. What is not `in_facts` is shown by a page part of the dataset.
    `parts` are the keys of a JSON list. The words of a `searched` field lead to the feature, as those of the title do.
    """

    name: str
    visibility: str = PUBLIC
    unit: str = ""
    codes: str | None = None
    required: bool = False
    filters: bool = False
    default: str = ""
    in_form: bool = True
    groups: bool = False
    searched: bool = False
    in_list: bool = False
    in_facts: bool = True
    tile_from: int | None = None
    source_names: Sequence[str] = ()
    parts: Sequence[Part] = ()


@dataclass(frozen=True)
class Exits:
    """Which exits are open: pages of the features, tiles, and all rows at once as GeoJSON."""

    pages: bool = True
    tiles: bool = True
    geojson: bool = True


@dataclass(frozen=True)
class Tiles:
    """The zoom plan: from which zoom features are drawn as they are."""

    minzoom: int = 6
    maxzoom: int = 16


AREA, OUTLINE, BOUNDARY = "area", "outline", "boundary"


@dataclass(frozen=True)
class Style:
    """How features are drawn on a map, over a satellite picture or without one.

    `kind`: an "area" is filled, an "outline" hatched so that what lies under it is seen, a "boundary" a thin line.
    The codes of the field `colour_by` have the `colours`, the first drawn on top; other values that of the dataset.
    What the map is opened for `is_headline`: it is drawn stronger and seen from far away. A label has a line for
    each field of `label`, from zoom `label_from` on; `label` and `colour_by` must travel in tiles by then.
    """

    kind: str = AREA
    colour_by: str = ""
    colours: Mapping[str, str] = dataclass_field(default_factory=dict)
    is_headline: bool = False
    label: Sequence[str] = ()
    label_from: int = 15


@dataclass(frozen=True)
class Licence:
    name: Label
    url: str = ""


class Dataset:
    """Base of all declarations. Subclasses set the attributes; see landgis/planning/dataset.py.

    `counted` names the features after a number ("150 zones"). `checks` are callables (dataset, change_set) that yield issues of what is staged;
    `page_parts` are (template, query) pairs, the query taking the public row and giving a context; those in
    `head_parts` stand under the title of the page, those in `home_parts` beside the map of the first page (their
    query takes nothing);
    `detail_fields` tell features of one title apart where they are found; those of a dataset that is `found_first`
    come before others that match as well;
    `names_areas_by` makes the features reference areas, among which other data must lie, and says by which of their
    fields other files name them;
    `public_when` names the boolean model field that says whether a row is public (None: all rows).
    """

    name: str
    path: str
    title: Label
    title_plural: Label
    counted: Label
    description: Label
    in_force: type[models.Model]
    proposed: type[models.Model]
    identity: Sequence[str]
    fields: Sequence[Field]
    title_field: str
    detail_fields: Sequence[str] = ()
    found_first: bool = False
    geometry: str | None = "boundary"
    legal_area: str | None = None
    names_areas_by: Sequence[str] = ()
    public_when: str | None = None
    checks: Sequence[Callable[..., Iterable[Any]]] = ()
    head_parts: Sequence[tuple[str, Callable[..., Mapping[str, Any]]]] = ()
    page_parts: Sequence[tuple[str, Callable[..., Mapping[str, Any]]]] = ()
    home_parts: Sequence[tuple[str, Callable[[], Mapping[str, Any]]]] = ()
    exits = Exits()
    tiles = Tiles()
    colour = "#b3541e"
    style = Style()
    licence: Licence | None = None
    attribution: str = ""

    def ref(self, values: Mapping[str, Any]) -> str:
        """The public reference of a row: its identity, written with letters, digits and hyphens.

        Empty when a part of the identity is missing.
        """
        parts = [values.get(name) for name in self.identity]
        if any(part in (None, "") for part in parts):
            return ""
        return NOT_IN_REF.sub("-", "-".join(str(part) for part in parts)).strip("-")

    def field(self, name: str) -> Field:
        for declared in self.fields:
            if declared.name == name:
                return declared
        raise KeyError(name)

    def model_field(self, name: str) -> models.Field:
        found = self.in_force._meta.get_field(name)
        if not isinstance(found, models.Field):
            raise TypeError(f"{self.name}: {name} is the other end of a relation, not a field")
        return found

    def label(self, name: str) -> Label:
        return self.model_field(name).verbose_name

    def is_number(self, name: str) -> bool:
        return isinstance(self.model_field(name), NUMBERS)

    def is_range(self, name: str) -> bool:
        """Whether the field is filtered by a lowest and a highest value."""
        return isinstance(self.model_field(name), (*NUMBERS, models.DateField))

    def choices(self, name: str) -> dict[str, Label]:
        """Code -> label of a coded field, or of yes and no; empty for the others."""
        codes = self.field(name).codes
        if codes is None and isinstance(self.model_field(name), models.BooleanField):
            return {"true": _("yes"), "false": _("no")}
        return codelists.labels(codes)

    @property
    def public_fields(self) -> list[Field]:
        return [declared for declared in self.fields if declared.visibility == PUBLIC]

    @property
    def tile_fields(self) -> list[Field]:
        return [declared for declared in self.public_fields if declared.tile_from is not None]

    @property
    def label_fields(self) -> Sequence[str]:
        """The fields of a label on the map: those of the style, else the title."""
        return self.style.label or (self.title_field,)

    @property
    def relation(self) -> str:
        """The name of the dataset in SQL: `public-land` is `public_land`."""
        return self.name.replace("-", "_")

    @property
    def columns(self) -> list[str]:
        """The declared columns and those of the geometry, as the two tables hold them."""
        shape = [self.geometry, "area_m2", "legal_srid"] if self.geometry else []
        return [declared.name for declared in self.fields] + shape
