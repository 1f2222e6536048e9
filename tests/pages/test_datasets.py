"""The pages that say what is published, and the same for programs."""

import json

import pytest
from django.test import Client
from django.utils import translation

from landgis.catalog import queries, registry, schema
from landgis.catalog.dataset import CLOSED, Exits
from tests.members import some_of

pytestmark = pytest.mark.usefixtures("world")


def _json(url: str) -> dict:
    response = Client().get(url)
    assert response.status_code == 200
    assert response["Access-Control-Allow-Origin"] == "*"
    return response.json()


def test_every_dataset_with_an_open_exit_is_told_of() -> None:
    listed = _json("/datasets.json")["datasets"]
    assert [one["name"] for one in listed] == [one.name for one in registry.all_datasets() if one.exits.pages]
    assert registry.get("parcel-masks").name not in [one["name"] for one in listed]
    page = Client().get("/datasets/").content.decode()
    for one in listed:
        assert f'href="/datasets/{one["name"]}/"' in page
        assert one["title"]["vi"] in page


@pytest.mark.parametrize(
    "name", some_of((one.name for one in registry.all_datasets() if schema.is_shown(one)), every=2)
)
def test_a_document_says_what_the_declaration_says_and_counts_what_is_listed(name: str) -> None:
    dataset = registry.get(name)
    document = _json(f"/datasets/{name}.json")
    public = [field.name for field in dataset.public_fields]
    reported = [dataset.state.reported_field] if dataset.state.field else []
    computed = ["area_m2", "legal_srid"] if dataset.geometry else []
    assert [field["name"] for field in document["fields"]] == ["ref", *public, *reported, *computed, "is_made_up"]
    assert document["count"] == _json(document["links"]["list_json"])["totals"][""][0]["count"]
    assert document["is_made_up"] is (document["count"] > 0)
    newest = queries.latest_revision(dataset)
    if newest is None:
        assert document["revision"] is None and document["count"] == 0
    else:
        assert document["revision"]["number"] == newest.number and document["count"] > 0
        assert document["revision"]["source"] == newest.source
    client = Client()
    for kind, address in document["links"].items():
        # A workbook of all rows takes seconds, and leads nowhere else than one of none.
        asked = f"{address}?bbox=1,1,2,2" if kind.endswith("xlsx") and dataset.geometry else address
        assert client.get(asked).status_code == 200, asked


def test_a_field_has_label_unit_codes_and_filter_in_both_languages() -> None:
    fields = {field["name"]: field for field in _json("/datasets/auction-lots.json")["fields"]}
    price = fields["starting_price_vnd"]
    assert price["type"] == "integer"
    assert price["label"] == {"vi": "giá khởi điểm", "en": "starting price"}
    assert price["unit"] == {"vi": "đ", "en": "VND"}
    assert fields["starting_price_per_m2_vnd"]["unit"] == {"vi": "đ/m²", "en": "VND/m²"}
    assert price["filter"]["parameters"] == ["starting_price_vnd_min", "starting_price_vnd_max"]
    [won] = [one for one in fields["status"]["codes"] if one["code"] == "won"]
    assert won["label"] == {"vi": "Đã trúng đấu giá", "en": "Sold"}
    assert won["meaning"]["en"] == "Somebody made the highest bid and signed."
    assert fields["is_corner"]["type"] == "boolean"
    assert fields["area_m2"]["unit"]["en"] == "m²"
    assert _json("/datasets/admin-units.json")["title"]["vi"] == "Đơn vị hành chính"


def test_the_json_is_the_same_in_either_language_but_for_its_links() -> None:
    one, other = _json("/datasets/planning-zones.json"), _json("/en/datasets/planning-zones.json")
    assert other.pop("links")["list"] == "/en" + one.pop("links")["list"]
    assert one == other


@pytest.mark.parametrize(("prefix", "language"), [("", "vi"), ("/en", "en")])
def test_the_page_is_whole_without_scripts(prefix: str, language: str) -> None:
    dataset = registry.get("auction-lots")
    response = Client().get(f"{prefix}/datasets/auction-lots/")
    page = response.content.decode()
    assert "<script" not in page[page.index("<main") :]
    with translation.override(language):
        for field in dataset.public_fields:
            assert f">{field.name}</span>" in page
            assert str(dataset.label(field.name)) in page
        assert str(dataset.choices("status")["won"]) in page
    assert "<code>area_legal_m2_min</code>" in page
    assert f'href="{prefix}/lots/"' in page


def test_as_of_counts_the_past_and_refuses_the_future() -> None:
    assert _json("/datasets/public-land.json?as_of=1")["count"] == 0
    assert _json("/datasets/public-land.json?as_of=1")["revision"] is None
    response = Client().get("/datasets/public-land.json?as_of=9999")
    assert response.status_code == 400
    assert "as_of" in response.json()["title"]


def test_what_has_no_open_exit_is_as_what_never_was(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry.get("planning-zones"), "exits", CLOSED)
    assert "planning" not in Client().get("/datasets.json").content.decode()
    for suffix in ("/", ".json"):
        assert Client().get(f"/datasets/planning-zones{suffix}").status_code == 404
        assert Client().get(f"/datasets/never-was{suffix}").status_code == 404


def test_a_closed_exit_is_no_link(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry.get("parcels"), "exits", Exits(geojson=False, lists=False, tables=False))
    assert set(_json("/datasets/parcels.json")["links"]) == {"self", "about", "list", "tilejson"}
    monkeypatch.setattr(registry.get("planning-zones"), "exits", Exits(tiles=False, geojson=False, tables=False))
    document = _json("/datasets/planning-zones.json")
    assert set(document["links"]) == {"self", "about", "list", "list_json"}
    assert document["exits"]["geojson"] is False


def test_the_database_says_the_same_as_the_server() -> None:
    from psycopg import sql

    told = queries.fetch(sql.SQL("SELECT dataset, content::text AS content FROM published.dataset_schema"), [])
    assert {row["dataset"]: json.loads(row["content"]) for row in told} == {
        dataset.name: schema.describe(dataset) for dataset in registry.all_datasets() if schema.is_shown(dataset)
    }
