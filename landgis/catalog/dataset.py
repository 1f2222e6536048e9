"""What a dataset declares. Everything else is derived from here.

A dataset is an ordinary class with attributes; an app registers one instance of it (see `registry`).
Labels, types and code lists are not repeated here: they are those of the model's fields.
"""

import datetime
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
    """One key of the objects in a declared JSON list: text, a code of a list, a date (kept as ISO text) or a number."""

    name: str
    codes: str | None = None
    is_date: bool = False
    is_number: bool = False
    source_names: Sequence[str] = ()


@dataclass(frozen=True)
class Field:
    """One declared column: who may see it and which exits use it.

    `name` is the name of a model field, `codes` that of its code list (see `codelists`). `tile_from` is
    the zoom from which it travels in tiles; `source_names` are the headings under which files bring it.
    A filter with a `default` holds it until the address names the filter (empty for all); one that is not
    `in_form` is only used by addresses. What is not `in_facts` is shown by a page part of the dataset.
    `parts` are the keys of a JSON list. The words of a `searched` field lead to the feature, as those of the title do.
    Facts stand together by `group`; a page says of a fact without a value that the office has not given it, unless it
    is shown `only_if_given`.
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
    group: Label = ""
    only_if_given: bool = False
    tile_from: int | None = None
    source_names: Sequence[str] = ()
    parts: Sequence[Part] = ()


@dataclass(frozen=True)
class Fact:
    """A fact that a dataset works out for the page of a feature, beside those of its fields.

    `text` is as the reader reads it, empty where the office has given nothing. `source` says where it comes from and
    of when it is, where that is another than the feature's own. One that `is_as_given` is in the office's language.
    """

    group: Label
    label: Label
    text: str
    unit: Label = ""
    description: Label = ""
    url: str | None = None
    source: str = ""
    is_as_given: bool = False


@dataclass(frozen=True)
class Moment:
    """A day or a time for a reader's own calendar. `key` names it for ever; of a deadline the calendar warns."""

    key: str
    title: str
    begin: datetime.date | datetime.datetime
    end: datetime.date | datetime.datetime
    place: str = ""
    about: str = ""
    url: str | None = None
    is_deadline: bool = False


@dataclass(frozen=True)
class Lookup:
    """A filter that is no column: `read` makes a filter of what the address says, or raises FilterError.

    `kind` is "text" or "date": what its control in the form takes.
    """

    name: str
    label: Label
    read: Callable[[str], Any]
    kind: str = "text"


@dataclass(frozen=True)
class Exits:
    """Which exits are open: pages of the features, tiles, all rows at once as GeoJSON, lists that can be leafed through,
    and such lists as CSV and XLSX.

    What is not `indexed` search engines are asked to leave alone.
    """

    pages: bool = True
    tiles: bool = True
    geojson: bool = True
    lists: bool = True
    tables: bool = True
    indexed: bool = True


CLOSED = Exits(pages=False, tiles=False, geojson=False, lists=False, tables=False, indexed=False)


@dataclass(frozen=True)
class Tiles:
    """The zoom plan: from which zoom features are drawn as they are.

    Where they would be too many to be told apart, from zoom `counts_from` on a point stands for all those that have
    the same value in the field `counts_by`, with their true number.
    """

    minzoom: int = 6
    maxzoom: int = 16
    counts_by: str = ""
    counts_from: int = 8

    @property
    def lowest(self) -> int:
        return self.counts_from if self.counts_by else self.minzoom


AREA, OUTLINE, BOUNDARY, MESH = "area", "outline", "boundary", "mesh"


@dataclass(frozen=True)
class Style:
    """How features are drawn on a map, over a satellite picture or without one.

    `kind`: an "area" is filled, an "outline" hatched so that what lies under it is seen, a "boundary" a thin line, a
    "mesh" thin lines between neighbours that leave the picture free.
    The codes of the field `colour_by` have the `colours`, the first drawn on top; other values that of the dataset.
    Features whose code is one of `dashed` have a broken line and nothing inside it.
    What the map is opened for `is_headline`: it is drawn stronger and seen from far away. A label has a line for
    each field of `label`, from zoom `label_from` on; `label` and `colour_by` must travel in tiles by then. `selected` is the colour of the one feature that a page is
    about, where its usual one would not tell it from its neighbours.
    """

    kind: str = AREA
    colour_by: str = ""
    colours: Mapping[str, str] = dataclass_field(default_factory=dict)
    dashed: Sequence[str] = ()
    is_headline: bool = False
    label: Sequence[str] = ()
    label_from: int = 15
    selected: str = ""


@dataclass(frozen=True)
class Licence:
    name: Label
    url: str = ""


@dataclass(frozen=True)
class Place:
    """A unit of today or of the past as people call it, for whoever reads questions.

    `within` names what it lay in. `today` are the refs in which it lives on, its own when it is of today; `origins`
    those of the oldest units it was formed from.
    """

    ref: str
    name: str
    code: str
    within: Sequence[str]
    today: Sequence[str]
    origins: Sequence[str]


class Dataset:
    """Base of all declarations. Subclasses set the attributes; see landgis/planning/dataset.py.

    `counted` names the features after a number ("150 zones"). `checks` are callables (dataset, change_set) that yield issues of what is staged;
    `page_parts` are (template, query) pairs, the query taking the public row and giving a context; those in
    `head_parts` stand under the title of the page, those in `home_parts` beside the map of the first page (their
    query takes nothing), those in `list_parts` over the rows of the list (theirs takes the filter, the revision or
    None for now, and the parameters of the address); `drawn_with` names a dataset and a field of it: the map of a
    feature draws the rows whose field holds the ref;
    `detail_fields` tell features of one title apart where they are found; those of a dataset that is `found_first`
    come before others that match as well;
    `names_areas_by` makes the features reference areas, among which other data must lie, and says by which of their
    fields other files name them;
    `derived_facts` gives more facts of a public row, `fact_groups` is the order of their groups; `moments` gives the
    dates of some rows, for calendars; `lookups` are filters that are no columns;
    a dataset with `theme_fields` is a theme: pages of other features say whether it touches them, with these fields;
    `pending_when` names a public field and those of its values with which a feature is not in force yet: such a rule is told
    apart from those that hold;
    `coverage_field` holds the place by which its coverage is told;
    `list_first` names a public field and some of its values, whose rows stand first in the list, in this order;
    `public_when` names the boolean model field that says whether a row is public (None: all rows); features that
    reach into an area of the dataset `withheld_by` are not public either, and of one that `is_internal` none is;
    `optional_identity` are fields that are added to the ref where they are filled;
    `completions` are callables (dataset, change_set) that fill fields of the staged items before they are checked and
    give the names of those fields; `has_search_entries` False leaves its rows out of the words that search
    keeps (a million of them would all have the same ones), so that they are found by their ref and by these alone:
    `number_fields` are two numbers that name a row together within a place, sheet and parcel, for which an index is
    needed; `code_fields` each name a row alone, and need an index too; `place_fields` hold the names of the places a
    row lies in, those of today and earlier ones; `address_field` holds number and street. `places` gives the units
    by which search understands names of places, where the features are such.
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
    optional_identity: Sequence[str] = ()
    fields: Sequence[Field]
    title_field: str
    detail_fields: Sequence[str] = ()
    found_first: bool = False
    has_search_entries: bool = True
    number_fields: Sequence[str] = ()
    code_fields: Sequence[str] = ()
    place_fields: Sequence[str] = ()
    address_field: str = ""
    places: Callable[[], Iterable[Place]] | None = None
    geometry: str | None = "boundary"
    legal_area: str | None = None
    names_areas_by: Sequence[str] = ()
    public_when: str | None = None
    withheld_by: str | None = None
    is_internal: bool = False
    completions: Sequence[Callable[..., Iterable[str]]] = ()
    checks: Sequence[Callable[..., Iterable[Any]]] = ()
    head_parts: Sequence[tuple[str, Callable[..., Mapping[str, Any]]]] = ()
    page_parts: Sequence[tuple[str, Callable[..., Mapping[str, Any]]]] = ()
    home_parts: Sequence[tuple[str, Callable[[], Mapping[str, Any]]]] = ()
    list_parts: Sequence[tuple[str, Callable[[Any, int | None, Mapping[str, str]], Mapping[str, Any]]]] = ()
    drawn_with: tuple[str, str] | None = None
    derived_facts: Callable[[Mapping[str, Any]], Iterable[Fact]] | None = None
    fact_groups: Sequence[Label] = ()
    moments: Callable[[Sequence[Mapping[str, Any]]], Iterable[Moment]] | None = None
    lookups: Sequence[Lookup] = ()
    theme_fields: Sequence[str] = ()
    pending_when: tuple[str, Sequence[str]] | None = None
    coverage_field: str = ""
    list_first: tuple[str, Sequence[str]] | None = None
    exits = Exits()
    tiles = Tiles()
    colour = "#b3541e"
    style = Style()
    licence: Licence | None = None
    attribution: str = ""

    def ref(self, values: Mapping[str, Any]) -> str:
        """The public reference of a row: its identity, written with letters, digits and hyphens.

        Empty when a part of the identity is missing (an optional one may be).
        """
        parts = [values.get(name) for name in self.identity]
        if any(part in (None, "") for part in parts):
            return ""
        parts += [values[name] for name in self.optional_identity if values.get(name)]
        return NOT_IN_REF.sub("-", "-".join(str(part) for part in parts)).strip("-")

    def title_of(self, values: Mapping[str, Any]) -> str:
        """What a reader calls the feature, in the reader's language; its ref where it has no name."""
        return str(values.get(self.title_field) or values["ref"])

    def is_pending(self, values: Mapping[str, Any]) -> bool:
        """Whether the feature is announced and not in force yet."""
        return self.pending_when is not None and values.get(self.pending_when[0]) in self.pending_when[1]

    def has_own_name(self, values: Mapping[str, Any]) -> bool:
        """Whether the title is what the office wrote, and so in its language."""
        return bool(values.get(self.title_field)) and self.title_of(values) == values[self.title_field]

    def is_free_text(self, name: str) -> bool:
        """Whether the values are words of the office: neither codes nor numbers, dates or lists."""
        return isinstance(self.model_field(name), models.CharField | models.TextField) and not self.choices(name)

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
    def selected_colour(self) -> str:
        """The colour of the one feature that a page or a picture is about."""
        return self.style.selected or self.colour

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
