"""Datasets as tables: from the server and from the database the same, with the types and words of the declaration."""

import csv
import datetime
import io
import json
import subprocess
import sys
from typing import Any
from zoneinfo import ZoneInfo

import geopandas
import pandas as pd
import pytest
from django.test import Client
from geopandas.testing import assert_geodataframe_equal
from pandas.testing import assert_frame_equal

from landgis import env
from landgis.analysis import labelled, list_datasets, open_dataset, open_view, to_legal, value_text
from landgis.analysis.filters import names
from landgis.catalog import queries, registry, schema
from landgis.catalog.dataset import Exits
from landgis.catalog.subject import subject_of
from landgis.pages import corners
from landgis.pages.texts import number_text
from tests.members import some_of

PROVE = pytest.mark.prove
NAMES = [dataset.name for dataset in registry.all_datasets() if schema.is_shown(dataset)]


def refs(path: str) -> list[str]:
    """What the list holds: the first column of its CSV."""
    answer = Client().get(path.replace(".json", ".csv"))
    lines = csv.reader(io.StringIO(answer.getvalue().decode("utf-8-sig")))
    return [line[0] for line in lines][1:]


# Without Django


def test_a_notebook_loads_no_django(address: str) -> None:
    """Imported, and used, where Django cannot be imported at all."""
    program = (
        "import sys; sys.modules['django'] = None\n"
        "from landgis.analysis import open_dataset\nimport landgis.analysis.maps\n"
        f"print(len(open_dataset('auction-lots', source={address!r})))\n"
        "assert not [name for name in sys.modules if name.startswith('django.')]\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, cwd=env.BASE_DIR, check=False
    )
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) == queries.count(registry.get("auction-lots"))


# The two sources


def same(one: pd.DataFrame, other: pd.DataFrame) -> None:
    if isinstance(one, geopandas.GeoDataFrame):
        assert_geodataframe_equal(one, other)
    assert_frame_equal(pd.DataFrame(one), pd.DataFrame(other))
    assert {**one.attrs, "source": ""} == {**other.attrs, "source": ""}


@pytest.mark.parametrize("name", some_of(NAMES, every=2))
def test_server_and_database_give_the_same_table(address: str, database: str, name: str) -> None:
    table = open_dataset(name, source=address)
    assert list(table.index) == refs(f"/{registry.get(name).path}.json")
    assert len(table) > 0 or queries.latest_revision(registry.get(name)) is None
    same(table, open_dataset(name, source=database))


# One of each kind of filter, and of each of its spellings.
FILTERED: list[tuple[str, dict[str, Any]]] = [
    ("auction-lots", {"status": "won"}),
    ("auction-lots", {"starting_price_vnd_min": 2_000_000_000, "area_legal_m2_max": "200.5"}),
    ("auction-lots", {"commune_name": "Phường Bà Rịa", "land_use": "ODT"}),
    ("auction-lots", {"bbox": (107.1, 10.4, 107.3, 10.6)}),
    ("auction-lots", {"plot_code": "x' OR 1=1 --"}),
    ("auctions", {"opens_at_min": datetime.date(2026, 1, 1), "opens_at_max": "2027-12-31"}),
    ("auction-lots", {"place": "Vũng Tàu"}),
    ("parcels", {"commune_name": "26560"}),
    ("public-land", {"commune_today": "Phường Bà Rịa"}),
    ("admin-units", {"is_current": False}),
]
# The same filters of other datasets, and in other words.
OTHERS: list[tuple[str, dict[str, Any]]] = [
    ("auction-lots", {"commune_name": "Phường Phú Mỹ"}),
    ("parcels", {"commune_name": "bà rịa"}),
    ("public-land", {"commune_today": "26506"}),
    ("public-land", {"commune_name": "Phường Bà Rịa"}),
    ("planning-zones", {"commune_today": "Bà Rịa"}),
    ("auctions", {"commune_today": "Phường Vũng Tàu"}),
    ("admin-units", {"is_current": ""}),
    ("public-land", {"lease_ends_on_min": "2026-06-30"}),
]


@pytest.mark.parametrize(
    ("name", "filters"), [*FILTERED, *(pytest.param(*one, marks=PROVE) for one in OTHERS)], ids=str
)
def test_filters_choose_what_the_list_lists(address: str, database: str, name: str, filters: dict[str, Any]) -> None:
    table = open_dataset(name, source=address, **filters)
    same(table, open_dataset(name, source=database, **filters))
    query = "&".join(
        f"{key}={value if not isinstance(value, tuple) else ','.join(map(str, value))}".replace("False", "false")
        for key, value in filters.items()
    )
    assert list(table.index) == refs(f"/{registry.get(name).path}.json?{query}")
    assert len(table) != len(open_dataset(name, source=address))


@pytest.mark.parametrize(
    ("filters", "said"),
    [
        ({"price_min": 1}, "no filter of auction-lots.*starting_price_vnd_min"),
        ({"status": "sold"}, "status"),
        ({"commune_name": "x' OR 1=1 --"}, "commune_name"),
        ({"place": "Xã Không Có"}, "place"),
        ({"area_legal_m2_min": "much"}, "area_legal_m2_min"),
        ({"area_legal_m2_min": "NaN"}, "area_legal_m2_min"),
        ({"area_legal_m2_min": "1e18"}, "area_legal_m2_min"),
        ({"bbox": "1,2"}, "bbox"),
        ({"as_of": 9999}, "9999"),
        ({"as_of": "yesterday"}, "as_of"),
        ({"as_of": "1999-01-01"}, "1999-01-01"),
        ({"as_of": "2999-01-01"}, "2999-01-01"),
        ({"status": ["open", "opne"]}, "opne"),
        ({"statsu": "open"}, "Did you mean status"),
        ({"status": []}, "status"),
        ({"language": "fr"}, "'fr'"),
    ],
    ids=str,
)
def test_what_cannot_be_asked_is_refused_by_name(
    address: str, database: str, filters: dict[str, Any], said: str
) -> None:
    for source in (address, database):
        with pytest.raises(ValueError, match=said):
            open_dataset("auction-lots", source=source, **filters)


def test_what_only_a_server_can_look_up_is_refused_by_a_database(address: str, database: str) -> None:
    assert len(open_dataset("auction-lots", source=address, opens_from="2026-01-01")) > 0
    with pytest.raises(ValueError, match="opens_from is no column: only a server"):
        open_dataset("auction-lots", source=database, opens_from="2026-01-01")


def test_a_dataset_that_is_not_there_is_said_with_those_that_are(address: str, database: str) -> None:
    for source in (address, database):
        with pytest.raises(LookupError, match=r"'lots'; there are: .*auction-lots"):
            open_dataset("lots", source=source)


def test_a_closed_exit_says_so(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry.get("auction-lots"), "exits", Exits(geojson=False))
    with pytest.raises(LookupError, match="has not opened"):
        open_dataset("auction-lots", source=address)


def test_nobody_there_is_said() -> None:
    with pytest.raises(ConnectionError, match="does the server run"):
        open_dataset("auction-lots", source="http://127.0.0.1:9")
    with pytest.raises(ValueError, match="http://HOST:PORT"):
        open_dataset("auction-lots", source="file:///etc")


@pytest.mark.parametrize("as_of", [pytest.param(1, marks=PROVE), "2", pytest.param(3, marks=PROVE)])
def test_a_past_state_is_that_of_the_page(address: str, database: str, as_of: Any) -> None:
    for name in ("admin-units", "public-land"):
        table = open_dataset(name, source=address, as_of=as_of)
        same(table, open_dataset(name, source=database, as_of=as_of))
        assert list(table.index) == refs(f"/{registry.get(name).path}.json?as_of={as_of}")
        assert table.attrs["revision"] is None or table.attrs["revision"] <= int(as_of)


def test_several_values_mean_any_of_them(address: str, database: str) -> None:
    for source in (address, database):
        one, other, both = (
            open_dataset("auction-lots", source=source, status=status)
            for status in ("open", "won", ["won", "open", "won"])
        )
        assert sorted(both.index) == sorted([*one.index, *other.index]) and len(one) and len(other)
    pasted = open_view(f"{address}/lots/?status=won&status=open&utm_source=zalo")
    assert list(pasted.index) == list(both.index)
    with pytest.raises(ValueError, match="statsu"):
        open_view(f"{address}/lots/?statsu=won")


def test_today_is_a_day(address: str, database: str) -> None:
    for source in (address, database):
        # Not the day of this machine: where the office is another one may have begun.
        day = queries.latest_revision().applied_at.astimezone(ZoneInfo("Asia/Ho_Chi_Minh")).date()
        assert len(open_dataset("auctions", source=source, as_of=day)) == 12


# Types and words


def test_columns_have_the_types_of_the_declaration(address: str) -> None:
    lots = open_dataset("auction-lots", source=address)
    assert isinstance(lots, geopandas.GeoDataFrame)
    assert lots.crs == "EPSG:4326" and lots.geometry.name == "boundary"
    assert lots.geometry.is_valid.all() and set(lots.geometry.geom_type) == {"MultiPolygon"}
    assert lots["starting_price_vnd"].dtype == "Int64"
    assert lots["area_legal_m2"].dtype == "float64"
    assert lots["is_corner"].dtype == "boolean"
    assert lots["name"].dtype == "string"
    assert list(lots["status"].cat.categories) == list(registry.get("auction-lots").choices("status"))
    auctions = open_dataset("auctions", source=address)
    assert str(auctions["opens_at"].dtype) == "datetime64[us, Asia/Ho_Chi_Minh]"
    assert auctions["plan_decision_date"].dtype == "datetime64[s]"
    first = auctions.iloc[0]
    told = Client().get(f"/auctions/{first.name}.json").json()
    assert first["documents"] == told["documents"]
    assert first["opens_at"] == pd.Timestamp(told["opens_at"])


def test_a_table_knows_what_its_columns_mean(address: str) -> None:
    lots = open_dataset("auction-lots", source=address)
    about = lots.attrs
    assert about["labels"]["starting_price_vnd"] == "giá khởi điểm"
    assert about["units"] == {**about["units"], "starting_price_vnd": "đ", "area_m2": "m²"}
    assert about["licence"] == "Dữ liệu mở của cơ quan công bố"
    assert about["attribution"]
    assert about["is_made_up"] is True
    newest = queries.latest_revision(registry.get("auction-lots"))
    assert newest and about["revision"] == newest.number
    assert json.loads(json.dumps(about)) == about
    assert open_dataset("auction-lots", source=address, language="en").attrs["labels"]["name"] == "lot"


def test_words_for_readers(address: str) -> None:
    lots = open_dataset("auction-lots", source=address)
    shown = labelled(lots)
    assert "giá khởi điểm (đ)" in shown
    assert set(shown["trạng thái"].dropna()) <= set(map(str, lots.attrs["codes"]["status"].values()))
    assert value_text(lots, "starting_price_vnd", 1_234_567) == "1.234.567 đ"
    assert value_text(lots, "area_legal_m2", 1234.5) == "1.234,5 m²"
    assert value_text(lots, "is_corner", lots["is_corner"].iloc[0]) in ("có", "không")
    assert value_text(lots, "bid_step_vnd", pd.NA) == ""


def test_what_the_source_is_holds_no_password(address: str, database: str) -> None:
    password = database.split(":")[2].split("@", maxsplit=1)[0]
    assert password not in json.dumps(open_dataset("auctions", source=database).attrs)
    listed = list_datasets(database)
    assert list(listed.index) == list(list_datasets(address).index) == sorted(NAMES)


# What a person sees


@pytest.mark.parametrize(
    ("path", "same_as"),
    [
        ("/lots/", "/lots.json"),
        ("/en/lots/?status=won&after=X&scene=2026-02", "/lots.json?status=won"),
        ("/lots.geojson?starting_price_vnd_min=2000000000&status=", "/lots.json?starting_price_vnd_min=2000000000"),
        ("/public-land/?as_of=2&bbox=107.1,10.4,107.2,10.5", "/public-land.json?as_of=2&bbox=107.1,10.4,107.2,10.5"),
        ("/places/?is_current=", "/places.json?is_current="),
        ("/lots/?place=vung+tau", "/lots.json?place=vung+tau"),
        ("/lots.csv?opens_from=2026-01-01", "/lots.json?opens_from=2026-01-01"),
    ],
)
def test_a_pasted_list_gives_its_rows(address: str, path: str, same_as: str) -> None:
    assert list(open_view(address + path).index) == refs(same_as)


def test_a_pasted_map_gives_what_it_shows(address: str) -> None:
    others = ",".join(set(NAMES) - {"planning-zones"})
    assert list(open_view(f"{address}/?off={others}#9/10.5/107.2").index) == refs("/planning.json")
    assert list(open_view(f"{address}/en/", dataset="auction-lots").index) == refs("/lots.json")
    with pytest.raises(ValueError, match=r"This map shows: .*public-land.*dataset="):
        open_view(f"{address}/")
    for wrong in ("/search?q=x", "/datasets/", "/nothing/"):
        with pytest.raises(ValueError, match="no list and no map"):
            open_view(address + wrong)


def test_a_window_on_the_map_shows_what_lies_in_it(address: str) -> None:
    lots = open_dataset("auction-lots", source=address)
    middle = lots.geometry.iloc[0].centroid
    seen = open_view(f"{address}/#15/{middle.y}/{middle.x}", dataset="auction-lots", window=(800, 600))
    # At zoom 15 a pixel is 360 / 512 / 2**15 degrees of longitude, and at this latitude nearly the same of latitude.
    pixel = 360 / 512 / 2**15
    around = lots.cx[middle.x - 400 * pixel : middle.x + 400 * pixel, middle.y - 300 * pixel : middle.y + 300 * pixel]
    assert lots.index[0] in seen.index
    assert set(seen.index) <= set(around.index) | set(seen.index[seen.touches(around.union_all())])
    assert 0 < len(seen) < len(lots)


def test_every_filter_of_a_list_is_known_to_both(address: str) -> None:
    from landgis.catalog.filters import filterable

    for name in NAMES:
        document = Client().get(f"/datasets/{name}.json").json()
        declared = {field.name for field in filterable(registry.get(name))}
        declared |= {lookup.name for lookup in registry.get(name).lists.lookups}
        assert {one.removesuffix("_min").removesuffix("_max") for one in names(document)} - {"bbox"} == declared


# The coordinates of the law


def printed_corners(name: str, ref: str) -> list[tuple[str, str]]:
    """Northing and easting of every corner, as the page prints them."""
    found = subject_of(registry.get(name), ref)
    assert found
    table = corners.table(found)
    assert table
    return [(corner["first"], corner["second"]) for ring in table["rings"] for corner in ring["corners"]]


@pytest.mark.parametrize("name", some_of(["auction-lots", "public-land", "parcels", "planning-zones"], every=2))
def test_a_table_comes_to_the_coordinates_that_the_pages_print(address: str, database: str, name: str) -> None:
    table = open_dataset(name, source=address)
    legal = to_legal(table[: len(table) : len(table) // 60])
    assert {legal.crs.to_epsg()} == set(legal["legal_srid"])
    assert not hasattr(geopandas.GeoDataFrame, "to_legal")
    for ref, shape in legal.geometry.items():
        rings = [ring for part in shape.geoms for ring in (part.exterior, *part.interiors)]
        places = [place for ring in rings for place in ring.coords[:-1]]
        given = [(number_text(y, 3), number_text(x, 3)) for x, y in places]
        assert given == (printed_corners(name, str(ref)) or given)
    same(to_legal(table), to_legal(open_dataset(name, source=database)))
    assert "to_legal" in table.attrs["crs_note"] and "to_legal" in str(open_dataset.__doc__)


def test_a_table_is_led_to_one_system_that_is_known(address: str) -> None:
    table = open_dataset("auction-lots", source=address)
    moved = to_legal(table, 3405)
    assert moved.crs.to_epsg() == 3405
    assert_geodataframe_equal(table, open_dataset("auction-lots", source=address))  # it stays as it is
    with pytest.raises(ValueError, match="in degrees"):
        to_legal(moved)
    with pytest.raises(LookupError, match="EPSG:2044"):
        to_legal(table, 2044)
    mixed = table.copy()
    mixed.attrs = table.attrs
    mixed.loc[mixed.index[0], "legal_srid"] = 3405
    with pytest.raises(ValueError, match=r"3405, 5899.*to_legal\(frame, 3405\)"):
        to_legal(mixed)
