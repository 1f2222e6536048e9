"""One address by which other systems lead to a parcel."""

import unicodedata
from typing import Any

import pytest
from django.test import Client

from landgis.catalog import queries, registry
from landgis.places import queries as places

pytestmark = pytest.mark.usefixtures("world")


@pytest.fixture
def parcel() -> dict[str, Any]:
    """One whose numbers no other has in its commune of today, nor in the one that had its sheet."""
    rows = queries.rows(registry.get("parcels"))

    def numbers(row: dict[str, Any], name: str) -> tuple[str, str, str]:
        return row["map_sheet"], row["parcel_no"], row[name]

    for row in rows:
        if all(
            sum(numbers(one, name) == numbers(row, name) for one in rows) == 1
            for name in ("old_commune_name", "commune_name")
        ):
            return row
    raise AssertionError("every parcel has a twin")


def lead(client: Client, path: str = "/p", **query: str) -> Any:
    return client.get(path, query)


def test_codes_and_names_old_and_new_lead_to_the_parcel(client: Client, parcel: dict[str, Any]) -> None:
    numbers = {"to": parcel["map_sheet"], "thua": parcel["parcel_no"]}
    units = places.all_units().values()
    named = [
        unit for unit in units if unit.name == parcel["old_commune_name"] and unit.code == parcel["old_commune_code"]
    ]
    old = parcel["old_commune_name"]
    assert named
    for commune in (parcel["old_commune_code"], old, old.lower(), old.split(maxsplit=1)[1], parcel["commune_name"]):
        answer = lead(client, xa=commune, **numbers)
        assert (answer.status_code, answer["Location"]) == (302, f"/parcels/{parcel['ref']}/"), commune
    english = lead(client, "/en/p", commune=old, sheet=numbers["to"], parcel=numbers["thua"], utm_source="x")
    assert english["Location"] == f"/en/parcels/{parcel['ref']}/"


@pytest.mark.parametrize(
    "ways",
    [
        ("tờ {s}", "thửa {n}"), ("to {s}", "THUA {n}"), ("Tờ bản đồ số {s}", "thửa đất số {n}"), ("0{s}", "00{n}"),
        (" {s} ", "\u200b{n}\u00a0"), ("sheet {s}", "No. {n}"), ("số {s}", "số {n}"),
    ],
)  # fmt: skip
def test_numbers_are_read_as_other_systems_write_them(
    client: Client, parcel: dict[str, Any], ways: tuple[str, str]
) -> None:
    sheet, number = (way.format(s=parcel["map_sheet"], n=parcel["parcel_no"]) for way in ways)
    place = parcel["old_commune_name"]
    written = [place.upper(), f" {place} ", unicodedata.normalize("NFD", place), f"{parcel['old_commune_code']} "]
    for commune in written:
        answer = lead(client, xa=commune, to=sheet, thua=number, ma="")
        assert (answer.status_code, answer["Location"]) == (302, f"/parcels/{parcel['ref']}/"), (commune, sheet, number)


def test_a_letter_behind_the_number_is_read_in_either_case(client: Client) -> None:
    row = next(row for row in queries.rows(registry.get("parcels")) if (row["twin"] or "").isalpha())
    for number in (f"{row['parcel_no']}{row['twin']}", f"{row['parcel_no']}{row['twin'].upper()}"):
        answer = lead(client, xa=row["old_commune_name"], to=row["map_sheet"], thua=number)
        assert f"/parcels/{row['ref']}/" in answer.get("Location", answer.content.decode()), number


def test_a_code_leads_to_the_parcel(client: Client) -> None:
    row = next(row for row in queries.rows(registry.get("parcels")) if row["parcel_code"])
    for code in (row["parcel_code"], row["parcel_code"].upper(), row["ref"]):
        assert lead(client, ma=code)["Location"] == f"/parcels/{row['ref']}/"


def test_where_several_fit_they_are_asked_about(client: Client) -> None:
    rows = queries.rows(registry.get("parcels"))
    pairs: dict[tuple[str, str], list[str]] = {}
    for row in rows:
        pairs.setdefault((row["map_sheet"], row["parcel_no"]), []).append(row["ref"])
    (sheet, number), refs = next((pair, refs) for pair, refs in pairs.items() if 1 < len(refs) < 10)
    page = lead(client, to=sheet, thua=number)
    assert page.status_code == 200
    assert all(f'href="/parcels/{ref}/"' in page.content.decode() for ref in refs)


@pytest.mark.parametrize(
    ("query", "status", "text"),
    [
        ({"xa": "Đà Lạt", "to": "1", "thua": "2"}, 404, "Tại đây không có đơn vị hành chính nào"),
        ({"xa": "Bình Châu", "to": "99", "thua": "9999"}, 404, "chưa được số hóa tại đây"),
        ({"ma": "w00000000000"}, 404, ""),
        ({"xax": "26506", "to": "1", "thua": "2"}, 400, "Gần nhất là: xa"),
        ({"xa": "26506", "to": "1"}, 400, "thua"),
        ({"to": "1' OR 1=1", "thua": "2"}, 400, "to"),
        ({"to": "1", "sheet": "2", "thua": "3"}, 400, "sheet"),
        ({"xa": "26506", "sheet": "one", "parcel": "2"}, 400, "sheet"),
        ({"xa": "26506", "to": "tờ 1 thửa 2", "thua": "2"}, 400, "to"),
        ({"xa": "26506", "to": "1", "thua": "2 và 3"}, 400, "345a"),
        ({"xa": "26506", "to": "1", "thua": "12,5"}, 400, "thua"),
        ({"ma": "26506-1-2", "to": "1", "thua": "2"}, 400, "ma"),
        ({"xa": "Bình Chôu", "to": "1", "thua": "2"}, 404, "Gần nhất là: Xã Bình Châu"),
    ],
)
def test_what_leads_nowhere_is_explained(client: Client, query: dict[str, str], status: int, text: str) -> None:
    answer = lead(client, **query)
    assert answer.status_code == status
    assert text in answer.content.decode()


def test_the_page_names_the_office_of_todays_commune(client: Client) -> None:
    rows = queries.rows(registry.get("parcels"), fields=("ref", "commune_code"))
    for commune, name in (("26506", "Vung Tau branch"), ("26560", "Land registration office (demonstration)")):
        ref = next(row["ref"] for row in rows if row["commune_code"] == commune)
        page = client.get(f"/en/parcels/{ref}/").content.decode()
        assert name in page and "Monday to Friday" in page
