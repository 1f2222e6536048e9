"""A declaration that says what is not so is refused, in a sentence that names dataset, attribute and word."""

import importlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass, replace
from typing import Any

import pytest

from landgis import wsgi
from landgis.cadastre.models import Parcel, ParcelItem
from landgis.catalog import apps, registry
from landgis.catalog.dataset import (
    OFFICER,
    Beside,
    Dataset,
    Exits,
    Field,
    Licence,
    LiesIn,
    Lists,
    Lookup,
    Map,
    Meaning,
    NumberFields,
    Part,
    Parts,
    ScaleFields,
    Search,
    Spoken,
    StateByClock,
    Style,
    Theme,
    Tiles,
    Turn,
    Units,
    rules,
)
from landgis.catalog.dataset.attributes import OnlyWhen
from landgis.catalog.dataset.faults import CHECKS, faults
from landgis.catalog.dataset.list_attributes import Headed, Heading
from landgis.catalog.dataset.rules import RULES, Rule
from landgis.catalog.dataset.told import MadeTitle
from landgis.catalog.geometry_kinds import NONE, POINT, GeometryKind


def nothing(*_given: Any) -> Any:
    return ()


class Whole(Dataset):
    """Says something in every attribute."""

    name = "whole"
    path = "whole"
    title = "Whole"
    title_plural = "Wholes"
    counted = "wholes"
    description = "Says something in every attribute"
    licence = Licence("Open", url="https://example.org/")
    attribution = "The office"
    in_force = Parcel
    proposed = ParcelItem
    identity = ("parcel_code",)
    optional_identity = ("twin",)
    title_field = "parcel_no"
    made_title = MadeTitle(("address",), nothing)
    detail_fields = ("address",)
    legal_area = "area_legal_m2"
    public_when = "is_public"
    withheld_by = "parcel-masks"
    completions = (nothing,)
    checks = (nothing,)
    names_areas_by = ("commune_name",)
    units = Units("parcel_code", "parcel_no", kind="land_use", is_current="is_public", successors="address")
    lies_in = LiesIn(
        "old_commune_name",
        "map_sheet",
        today="commune_name",
        today_code="parcel_code",
        group="Use",
        of=("parcels", "commune_name"),
    )
    map = Map(
        "#b3541e",
        Style(
            colour_by="land_use",
            colours={"ODT": "#f5167a"},
            dashed=("ODT",),
            label=("parcel_no",),
            label_from=16,
            selected="#00d5ff",
        ),
        Tiles(
            minzoom=12,
            counts_by="commune_name",
            sheets_by=("map_sheet",),
            sheets_from=9,
            blocks_from=11,
            gathered_to=15,
            least="area_legal_m2",
            least_of=("ODT",),
            together=("auctions", "commune_name", "opens_at"),
        ),
        drawn_with=("parcels", "commune_name"),
    )
    lists = Lists(
        headed=Headed("land_use", (Heading("Homes", ("ODT",)),), rest=Heading("All others", ("ODT",))),
        lookups=(Lookup("near", "Near", nothing),),
        beside=Beside("auctions", "commune_name", ("opens_at",)),
        sorts=("area_legal_m2",),
        has_pictures=True,
        spoken=Spoken("lots", ("land_use",), (("homes", "land_use", "ODT"),)),
    )
    search = Search(codes=("parcel_code",), places=("commune_name",), address="address", units=nothing)
    numbers = NumberFields("map_sheet", "parcel_no")
    parts = Parts(
        head=(("pages/feature.html", nothing),),
        page=(("pages/feature.html", nothing),),
        home=(("pages/feature.html", nothing),),
        list=(("pages/feature.html", nothing),),
        facts=nothing,
        contradictions=nothing,
        explained_in="address",
        fact_groups=("Use",),
    )
    theme = Theme(("land_use",), ("land_use", ("ODT",)))
    state = StateByClock(
        "land_use",
        (Turn("ODT", ("ODT",), at="opens_at", theirs=("announced",)),),
        beside=("auctions", "commune_name"),
        unreported=("ODT",),
    )
    moments = staticmethod(nothing)
    coverage_field = "commune_name"
    surveyed_field = "surveyed_on"
    drawn_at = ScaleFields("area_legal_m2", "land_use")
    meanings = {"address": Meaning("Where the mail goes", "The register")}
    period = ("surveyed_on", "surveyed_on")
    fields = (
        Field(
            "land_use",
            codes="land-use",
            unit="m²",
            filters=True,
            default="ODT",
            group="Use",
            only_when=OnlyWhen("land_use", ("ODT",)),
            tile_from=6,
            source_names=("USE",),
        ),
        Field("land_user", OFFICER, source_names=("USER",)),
        Field(
            "land_uses",
            parts=(Part("use", codes="land-use", source_names=("CODE",)), Part("size", source_names=("SIZE",))),
        ),
        Field("land_user_kind", codes="land-user-kind"),
        *(
            Field(name)
            for name in ("surveyed_on", "parcel_code", "twin", "address", "commune_name", "map_sheet")
            + ("old_commune_name", "is_public")
        ),
        Field("parcel_no", tile_from=16),
        Field("area_legal_m2", tile_from=12),
    )


FIRST, OFFICERS, LISTED = range(3)
# What the field must be -> one that is something else.
OTHER_TYPE = {
    rules.NUMBER: "address",
    rules.WORDS: "area_legal_m2",
    rules.CODED: "address",
    rules.YES_NO: "address",
    rules.ONE_VALUE: "land_uses",
    rules.DAY: "address",
}
WRONG: Mapping[str, Sequence[Any]] = {
    rules.NAME: ("parcels", "two words", 5),
    rules.PATH: ("planning", "two words", 5),
    rules.TEXT: (5,),
    rules.FLAG: ("yes", 1),
    rules.HEADING: ("user", "land_user", "size", 5),
    rules.CALLABLE: ("area_positive",),
    rules.MODEL: ("Parcel", dict),
    rules.FIELD: ("no_such", 5),
    rules.COLUMN: ("no_such", 5),
    rules.PARAMETER: ("land_use", "commune_name", "area_legal_m2_min"),
    rules.VALUE: ("NO",),
    rules.FILTER: ("no_such", "address", 5),
    rules.COLOUR: ("red", "#12345", "#12345g"),
    rules.ZOOM: (23, -1, "6", True),
    rules.CHOICE: ("dotted",),
    rules.STYLE: ("dotted", "point"),
    rules.GEOMETRY: (POINT, 5),
    rules.MEANING: ("a text", 5, Meaning("Whose", accuracy=5)),  # type: ignore[arg-type]
    rules.GROUP: ("No such group",),
    rules.KEYED: ("size",),
    rules.DATASET: ("no-such", "land-prices"),
    rules.THEIR_FIELD: ("no_such", "land_user", "address"),
    rules.CODE_LIST: ("no-such",),
    rules.CODE: ("NO",),
    rules.TEMPLATE: ("no/such.html",),
    rules.NEIGHBOUR: ("no-such", "land-prices"),
    rules.MOMENT: ("no_such", "title"),
    rules.THEIR_CODE: ("NO",),
}


def attribute(path: str) -> str:
    return ".".join(step for step in path.split(".") if not re.fullmatch(r"\*|\d|keys|values", step))


def put(value: Any, steps: Sequence[str], word: Any, at: int) -> Any:
    """The value with another word at the end of the path; in the outermost list it stands in the element `at`."""
    if not steps:
        return word
    if steps[0] == "keys":
        return {word: "#b3541e"}
    if steps[0] == "values":
        return {"ODT": word}
    if steps[0] == "*" or steps[0].isdecimal():
        place = at if steps[0] == "*" else int(steps[0])
        return (*value[:place], put(value[place], steps[1:], word, 0), *value[place + 1 :])
    inner = put(getattr(value, steps[0]), steps[1:], word, at)
    return replace(value, **{steps[0]: inner})


def declared(path: str, word: Any, at: int = FIRST) -> Dataset:
    """The whole dataset with one other word."""
    dataset = Whole()
    first, *rest = path.split(".")
    setattr(dataset, first, put(getattr(dataset, first), rest, word, at))
    return dataset


def found(dataset: Dataset) -> list[str]:
    others = {one.name: one for one in registry.all_datasets()}
    return list(faults(dataset, others, is_late=True))


def mistakes(path: str, rule: Rule) -> Iterator[tuple[Any, int]]:
    """Words that may not stand there, and in which of the fields."""
    at = LISTED if path.startswith("fields.*.parts") else FIRST
    for word in WRONG[rule.what]:
        is_of_part = word == "size"
        if rule.what != rules.HEADING or word == 5 or is_of_part == (at == LISTED):
            yield word, at
    is_of_field = path.startswith("fields.") and rule.what != rules.FIELD
    if rule.public and is_of_field:
        yield (6 if rule.what == rules.ZOOM else True), OFFICERS
    elif rule.public:
        yield "land_user", at
    if rule.type in OTHER_TYPE and is_of_field:
        yield True, LISTED
    elif rule.type in OTHER_TYPE:
        yield OTHER_TYPE[rule.type], at
    if rule.in_tiles:
        yield "land_user_kind", at


CASES = [(path, word, at) for path, rule in RULES.items() for word, at in mistakes(path, rule)]


def test_what_is_true_is_accepted() -> None:
    assert found(Whole()) == []
    registry.verify()


@pytest.mark.parametrize(("path", "word", "at"), CASES, ids=[f"{path}={word}" for path, word, _at in CASES])
def test_a_wrong_word_is_refused_by_name(path: str, word: Any, at: int) -> None:
    dataset = declared(path, word, at)
    name = str(word) if path == "name" else "whole"
    shown = repr(word) if isinstance(word, str) else str(word)
    told = [line for line in found(dataset) if line.startswith(f"{name}: {attribute(path)} ") and shown in line]
    assert told, found(dataset)


@pytest.mark.parametrize("path", [path for path, rule in RULES.items() if rule.needed])
def test_what_is_needed_is_missed(path: str) -> None:
    at = LISTED if path.startswith("fields.*.parts") else FIRST
    steps = path.removesuffix(".*")
    assert [line for line in found(declared(steps, () if steps != path else None, at)) if attribute(path) in line]


@pytest.mark.parametrize("path", [path for path in RULES if path.endswith(".*")])
def test_a_text_in_place_of_a_list_is_refused(path: str) -> None:
    """("plan_name") without its comma."""
    at = LISTED if path.startswith("fields.*.parts") else FIRST
    told = found(declared(path.removesuffix(".*"), "land_use", at))
    assert [line for line in told if attribute(path) in line and "'land_use', where a list belongs" in line]


def test_every_kind_of_word_has_its_check_and_its_mistakes() -> None:
    assert set(CHECKS) == set(WRONG) == {rule.what for rule in RULES.values()}


def leaves(value: Any, path: str) -> Iterator[str]:
    """Everything that a declaration can say, from one that says something everywhere."""
    one = value[0] if isinstance(value, tuple) and value else value
    if is_dataclass(one) and not isinstance(one, GeometryKind):
        for field in fields(one):
            yield from leaves(getattr(one, field.name), f"{path}.{field.name}")
    else:
        yield path


def test_every_attribute_has_its_row() -> None:
    dataset = Whole()
    methods = {name for name, one in vars(Dataset).items() if callable(one) or isinstance(one, property)}
    said = set(Dataset.__annotations__) | {name for name in vars(Dataset) if not name.startswith("_")}
    places = dataset.fields[LISTED].parts
    whole = [replace(dataset.fields[FIRST], parts=places), *dataset.fields[1:]]
    values = {name: getattr(dataset, name) for name in said - methods} | {"fields": tuple(whole)}
    assert {path for name, value in values.items() for path in leaves(value, name)} == set(map(attribute, RULES))


def other(**attributes: Any) -> Dataset:
    dataset = Whole()
    vars(dataset).update(attributes)
    return dataset


@pytest.mark.parametrize(
    ("dataset", "told"),
    [
        (other(map=replace(Whole.map, tiles=Tiles(minzoom=17))), "map.tiles.minzoom is 17"),
        (other(map=replace(Whole.map, tiles=Tiles(minzoom=8, counts_by="commune_name"))), "map.tiles.counts_from is 8"),
        (other(map=replace(Whole.map, tiles=replace(Whole.map.tiles, blocks_from=12))), "blocks_from 12, which must"),
        (
            other(map=replace(Whole.map, tiles=replace(Whole.map.tiles, counts_by=""))),
            "but nothing is counted farther out",
        ),
        (other(map=Map(style=Style(label_from=15))), "title_field names 'parcel_no', but it does not travel"),
        (other(map=Map(style=Style(colours={"ODT": "#b3541e"}))), "map.style.colours names 'ODT', but"),
        (other(map=Map(style=Style(dashed=("ODT",)))), "map.style.dashed names 'ODT', but"),
        (other(names_areas_by=("address",), geometry_kind=NONE), "names_areas_by names 'address', but"),
        (other(numbers=NumberFields(sheet="map_sheet")), "numbers names 'map_sheet' alone"),
        (other(fields=(*Whole.fields, Field("address"))), "fields.name names 'address', which is declared twice"),
        (other(fields=(*Whole.fields, Field("map_scale", tile_from=18))), "of map_scale names 18, which is nearer"),
        (other(fields=(*Whole.fields, Field("map_scale", default="5"))), "names '5', but the field is no filter"),
        (
            other(state=StateByClock("land_use", (Turn("ODT", (), at="surveyed_on", theirs=("ODT",)),))),
            "but state.beside.0",
        ),
        (other(state=StateByClock("land_use", (Turn("ODT", (), at="area_legal_m2"),))), "is no day and no time"),
        (other(state=StateByClock("land_use"), identity=("land_use",)), "state.field names 'land_use', by which"),
        (
            other(state=replace(Whole.state, turns=(Turn("ODT", (), at="opens_at", is_last_day=True),))),
            "names 'opens_at', which is a time",
        ),
        (other(exits={"pages": True}), "exits is {'pages': True}, where Exits(...) belongs"),
        (other(detial_fields=("address",)), "no dataset has an attribute 'detial_fields'"),
    ],
    ids=lambda given: given if isinstance(given, str) else "",
)
def test_what_contradicts_itself_is_refused(dataset: Dataset, told: str) -> None:
    assert [line for line in found(dataset) if line.startswith("whole: ") and told in line], found(dataset)


def test_the_label_need_not_travel_where_there_are_no_tiles() -> None:
    dataset = other(map=Map(style=Style(label_from=15)), exits=Exits(tiles=False))
    assert found(dataset) == []


def test_a_wrong_declaration_is_not_registered() -> None:
    with pytest.raises(
        registry.WrongDeclaration, match="whole: detail_fields names 'no_such', which is no field of it"
    ):
        registry.register(declared("detail_fields.*", "no_such"))
    assert "whole" not in {one.name for one in registry.all_datasets()}


def test_a_dataset_may_be_named_before_it_is_registered_but_must_come() -> None:
    """The order of the apps does not matter; what never comes stops the start."""
    registry.register(declared("withheld_by", "comes-later"))
    try:
        [error] = apps.declarations_are_true(None)
        assert error.msg == "whole: withheld_by names 'comes-later', which is no dataset here"
        with pytest.raises(registry.WrongDeclaration, match="comes-later"):
            importlib.reload(wsgi)
        later = Whole()
        later.name = later.path = "comes-later"
        registry.register(later)
        try:
            assert apps.declarations_are_true(None) == []
        finally:
            registry.unregister("comes-later")
    finally:
        registry.unregister("whole")
