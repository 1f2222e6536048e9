"""Pages: whole without scripts, in two languages, true to the rows, and clear when something is wrong."""

import json
import re
from collections.abc import Sequence
from decimal import Decimal

import pytest
from django.test import Client
from django.utils.html import escape

from landgis.catalog import queries, registry

pytestmark = pytest.mark.usefixtures("world")


def a_ref() -> str:
    return queries.rows(registry.get("public-land"), limit=1)[0]["ref"]


def test_the_inventory_says_its_number_and_area_in_both_languages(client: Client) -> None:
    vietnamese = client.get("/public-land/").content.decode()
    english = client.get("/en/public-land/").content.decode()
    assert "7.571" in vietnamese
    assert "11.104,20 ha" in vietnamese
    assert "7,571" in english
    assert "11,104.20 ha" in english
    assert '<html lang="vi">' in vietnamese
    assert '<html lang="en">' in english


@pytest.mark.parametrize("path", ["/public-land/", "/en/lots/"])
def test_the_rows_come_before_the_statistics_to_which_a_line_at_the_top_leads(client: Client, path: str) -> None:
    head, rows, statistics = (
        client.get(path).content.decode().replace('id="statistics"', '<table class="rows"').split('<table class="rows"')
    )
    assert 'href="#statistics"' in head and '<details class="group"' not in head + rows
    assert statistics.count('<details class="group"') >= 3


def test_the_sum_of_the_groups_is_the_total(client: Client) -> None:
    totals = client.get("/public-land.json").json()["totals"]
    total = totals.pop("")[0]
    assert total["count"] == 7571
    assert total["area_legal"] == 111_042_000
    for lines in totals.values():
        assert sum(line["count"] for line in lines) == 7571
        assert sum(Decimal(str(line["area_legal"])) for line in lines) == Decimal("111042000.0")


@pytest.mark.parametrize(
    ("path", "shown", "texts", "other"),
    [
        ("", "≥ 10.000 m²", ("10000", "10.000", "1 ha", "10.000,0 m2"), "10,000"),
        ("/en", "≥ 10,000 m²", ("10000", "10,000", "1 ha", "10,000.0 sqm"), "10.000"),
    ],
)
def test_a_filter_reads_what_pages_write(
    client: Client, path: str, shown: str, texts: Sequence[str], other: str
) -> None:
    for text in texts:
        page = client.get(f"{path}/public-land/", {"area_legal_m2_min": text})
        content = page.content.decode()
        assert page.status_code == 200 and shown in content and f'value="{text}"' in content
        assert "/public-land.csv?area_legal_m2_min=10000" in content  # programs get the strict form
    # The mark of the other language leaves it open: nothing is filtered by it, and both readings are links.
    page = client.get(f"{path}/public-land/", {"area_legal_m2_min": other, "land_use": "ODT"})
    content = page.content.decode()
    assert page.status_code == 400 and f'value="{other}"' in content and 'aria-invalid="true"' in content
    assert "area_legal_m2_min=10&" in content and "area_legal_m2_min=10000&" in content
    assert content.count('class="chip"') >= 3  # the land use is still applied
    assert client.get("/public-land.json", {"area_legal_m2_min": "10.000"}).status_code == 400
    assert client.get("/public-land.json?area_legal_m2_min=10000").json()["totals"][""][0]["count"] == 1498


def test_the_geojson_holds_every_plot_and_their_areas_add_up(client: Client) -> None:
    body = b"".join(client.get("/public-land.geojson").streaming_content)
    features = json.loads(body)["features"]
    assert len(features) == 7571
    assert sum(Decimal(str(f["properties"]["area_legal_m2"])) for f in features) == Decimal("111042000.0")
    assert all(f["properties"]["is_made_up"] for f in features)


def test_a_list_can_be_walked_to_its_end(client: Client) -> None:
    seen: list[str] = []
    address = "/public-land.json?commune_name=Phường Phú Mỹ"
    while address:
        page = client.get(address).json()
        seen += [row["ref"] for row in page["rows"]]
        address = page["next"]
    expected = client.get("/public-land.json?commune_name=Phường Phú Mỹ").json()["totals"][""][0]["count"]
    assert len(seen) == len(set(seen)) == expected > 20


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_the_page_of_a_plot_is_whole_without_scripts(client: Client, prefix: str) -> None:
    ref = a_ref()
    row = queries.feature(registry.get("public-land"), ref)
    html = client.get(f"{prefix}/public-land/{ref}/").content.decode()
    text = re.sub(r"<script.*?</script>", "", html, flags=re.DOTALL)
    for fact in (row["plot_code"], row["name"], row["manager"], row["commune_name"]):
        assert fact in text
    assert ("dữ liệu minh họa" if not prefix else "made-up data") in text.lower()
    # Every coded fact is shown by its name.
    assert row["current_use"] not in text


def test_no_page_mixes_the_languages(client: Client) -> None:
    ref = a_ref()
    for path in ("/", "/public-land/", f"/public-land/{ref}/", "/planning/", "/public-land/none/"):
        vietnamese = client.get(path).content.decode()
        for english in ("Plot", "Filter", "Source", "published", "Back", "Address", "Land use", "Nothing", "Skip"):
            assert not re.search(rf">[^<]*\b{english}\b[^<]*<", strip_english_link(vietnamese)), (path, english)


def test_what_the_office_wrote_is_marked_as_vietnamese_on_english_pages(client: Client) -> None:
    dataset = registry.get("public-land")
    row = queries.rows(dataset, limit=1)[0]
    title = escape(dataset.title_of(row))
    page = f"/public-land/{row['ref']}/"
    assert f'<h1 lang="vi">{title}</h1>' in client.get(f"/en{page}").content.decode()
    assert f"<h1>{title}</h1>" in client.get(page).content.decode()
    listed = client.get("/en/public-land/").content.decode()
    assert f'<a href="/en{page}" lang="vi">{title}</a>' in listed
    assert f'lang="vi">{escape(row["commune_name"])}</span>' in listed
    found = client.get("/en/search", {"q": row["ref"]}).content.decode()
    assert f'<a href="/en{page}" lang="vi">{title}</a>' in found
    assert len(re.findall(r' lang="vi"', client.get("/public-land/").content.decode())) == 1  # that of the page


def strip_english_link(html: str) -> str:
    html = re.sub(r"<(script|style)\b.*?</\1>", "", html, flags=re.DOTALL)
    return re.sub(r'<a [^>]*hreflang="en".*?</a>', "", html, flags=re.DOTALL)


def test_the_three_renderings_of_a_plot_agree(client: Client) -> None:
    ref = a_ref()
    facts = client.get(f"/public-land/{ref}.json").json()
    feature = client.get(f"/public-land/{ref}.geojson").json()
    for name, value in feature["properties"].items():
        if name == "area_legal_m2":
            assert Decimal(str(value)) == Decimal(str(facts[name]))
        elif name != "area_m2":
            assert facts[name] == value, name
    assert feature["geometry"]["type"] == "MultiPolygon"
    assert feature["id"] == ref


@pytest.mark.parametrize(
    ("address", "status", "named"),
    [
        ("/public-land/?as_of=0", 400, "as_of"),
        ("/public-land/?as_of=2026-13-45", 400, "as_of"),
        ("/public-land/?as_of=1900-01-01", 400, "as_of"),
        ("/public-land/?current_use=x", 400, "current_use"),
        ("/public-land/?area_legal_m2_min=1e400", 400, "area_legal_m2_min"),
        ("/public-land/?area_legal_m2_min=NaN", 400, "area_legal_m2_min"),
        ("/public-land/?lease_ends_on_max=31.13.2026", 400, "lease_ends_on_max"),
        ("/public-land/?bbox=a,b,c,d", 400, "bbox"),
        ("/public-land/?commune_name=%00", 400, "commune_name"),
        ("/public-land/?after=%00", 400, "after"),
        ("/public-land/?unknown=1", 400, "unknown"),
        ("/public-land/nope/", 404, ""),
        ("/public-land/" + "x" * 65 + "/", 404, ""),
        ("/nothing/", 404, ""),
        ("/en/nothing/", 404, ""),
    ],
)
def test_wrong_addresses_say_what_is_wrong(client: Client, address: str, status: int, named: str) -> None:
    for suffix_free in (address, address.replace("/?", ".json?")):
        response = client.get(suffix_free)
        assert response.status_code == status, suffix_free
        assert named in response.content.decode()


def test_an_error_of_a_data_address_is_problem_json_in_the_readers_language(client: Client) -> None:
    response = client.get("/public-land.json?current_use=x")
    assert response["Content-Type"] == "application/problem+json"
    problem = response.json()
    assert problem["status"] == 400
    assert "tham số" in problem["title"]
    assert client.get("/en/public-land.json?current_use=x").json()["title"].startswith("The parameter")


def test_every_page_carries_the_security_headers(client: Client) -> None:
    for path in ("/", "/public-land/", "/nothing/", "/public-land/?as_of=x"):
        response = client.get(path)
        assert "script-src 'self'" in response["Content-Security-Policy"]
        assert response["X-Content-Type-Options"] == "nosniff"
        assert "unsafe-inline" not in response["Content-Security-Policy"]
        assert not re.search(r"<script(?![^>]*(src=|application/json))", response.content.decode())
        assert ' style="' not in response.content.decode()


def test_the_policy_of_documents_is_on_documents_and_workers_alone(client: Client) -> None:
    def has_policy(path: str) -> bool:
        response = client.get(path)
        assert response.status_code in (200, 204)
        assert response["X-Content-Type-Options"] == "nosniff"
        assert ("Content-Security-Policy" in response) == ("Cross-Origin-Opener-Policy" in response)
        return "Content-Security-Policy" in response

    page = client.get("/").content.decode()
    worker = str(re.search(r'"(/static/vendor/[^"]*worker[^"]*)"', page)[1])  # type: ignore[index]
    assert all(map(has_policy, ("/", "/worker.js", "/qr.svg?to=/", worker)))
    module = worker.replace("-worker", "")
    assert not any(map(has_policy, ("/tiles/public-land/8/204/120.mvt", module)))
    for path in ("/tiles/parcels.json", "/public-land.geojson"):
        assert client.get(path)["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'none'"


def test_the_switch_of_language_leads_to_the_same_page_and_filter(client: Client) -> None:
    html = client.get("/public-land/?current_use=vacant").content.decode()
    assert 'href="/en/public-land/?current_use=vacant"' in html
    html = client.get("/en/public-land/?current_use=vacant").content.decode()
    assert 'href="/public-land/?current_use=vacant"' in html
