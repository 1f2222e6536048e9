"""What an address knows is declared once; all else is refused by name, in every exit."""

import json
import re
from collections.abc import Iterator
from html import unescape
from urllib.parse import quote

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

pytestmark = pytest.mark.usefixtures("world")

PAGES = (
    "/",
    "/en/",
    "/embed",
    "/lots/",
    "/en/public-land/",
    "/datasets/",
    "/guides/words/",
    "/search?q=an",
    "/feedback/",
    "/offline",
)
DATA = (
    *("/lots.json", "/lots.geojson", "/lots.csv", "/lots.xlsx", "/lots/feed.atom", "/lots/calendar.ics"),
    *("/datasets.json", "/datasets/public-land.json", "/tiles/public-land.json", "/styles/public-land.json"),
    *("/tiles/public-land/10/816/481.mvt", "/imagery/", "/imagery/map.json", "/api/search?q=an", "/livez", "/readyz"),
    *("/measure.json?points=107,10;107.1,10", "/qr.svg?to=/", "/pictures/still.webp?view=9/10.5/107.17&size=60x40"),
    *("/site.webmanifest", "/worker.js", "/robots.txt", "/sitemap.xml", "/en/lots.json"),
)


def patterns(resolver: URLResolver, place: str = "") -> Iterator[tuple[str, URLPattern]]:
    for one in resolver.url_patterns:
        if isinstance(one, URLResolver):
            yield from patterns(one, f"{place}{one.pattern}")
        else:
            yield f"{place}{one.pattern}", one


def test_every_address_says_what_it_knows() -> None:
    told = {place: hasattr(one.callback, "knows") for place, one in patterns(get_resolver())}
    assert len(told) > 60
    # The admin's lists have parameters of their own, which Django looks at.
    assert [place for place, is_told in told.items() if not is_told and not place.startswith("admin/")] == []


def asked(address: str, parameter: str) -> str:
    return f"{address}{'&' if '?' in address else '?'}{parameter}"


@pytest.mark.parametrize("address", PAGES)
def test_a_page_leaves_alone_what_messengers_add_and_refuses_the_rest(client: Client, address: str) -> None:
    for added in ("utm_source=zalo", "fbclid=IwAR0", "gclid=x", "zarsrc=30", "mibextid=x", "igsh=x"):
        assert client.get(asked(address, added)).status_code == 200, added
    answer = client.get(asked(address, "qwxz=1"))
    assert answer.status_code == 400
    page = answer.content.decode()
    assert "qwxz" in page and f'href="{address}"' in page  # without it


@pytest.mark.parametrize("address", ["/", "/en/", "/embed", "/lots/", "/public-land/P-00001/"])
def test_a_page_refuses_an_image_that_is_not_there(client: Client, address: str) -> None:
    for parameter in ("scene", *(["compare"] if address != "/lots/" else [])):
        assert client.get(f"{address}?{parameter}=none").status_code in (200, 404)
        answer = client.get(f"{address}?{parameter}=nonne")
        assert answer.status_code == 400, parameter
        page = unescape(answer.content.decode())
        assert "nonne" in page and f"{parameter}=none" in page  # with a link to the nearest


@pytest.mark.parametrize("address", DATA)
def test_data_refuse_what_they_do_not_know(client: Client, address: str) -> None:
    for parameter in ("qwxz", "utm_source", "fbclid"):
        answer = client.get(asked(address, f"{parameter}=1"))
        assert (answer.status_code, answer.headers["Content-Type"]) == (400, "application/problem+json"), parameter
        assert answer.json()["parameter"] == parameter
    assert client.get(address).status_code in (200, 204, 503)


def test_the_nearest_names_are_told_and_a_link_mends_the_address(client: Client) -> None:
    told = client.get("/public-land.json?landuse=ODT").json()
    assert told["near"][0] == "land_use" and "land_use" in told["detail"] and "bbox" in told["known"]
    page = client.get("/en/public-land/?landuse=ODT&district_name=An+Nh%C6%A1n").content.decode()
    mended = "/en/public-land/?land_use=ODT&amp;district_name=An+Nh%C6%A1n"
    assert f'href="{mended}"' in page and "There is no parameter “landuse” here" in page
    assert client.get(mended.replace("&amp;", "&")).status_code == 200
    assert client.get("/api/search?q=an&lim=3&lang=en").json()["title"] == "There is no parameter “lim” here"
    assert "Địa chỉ này" in client.get("/api/search?q=an&lim=3&lang=vi").json()["detail"]


def test_whoever_follows_a_link_to_a_file_gets_a_page(client: Client) -> None:
    page = client.get("/lots.csv?statsu=open", headers={"Accept": "text/html,*/*;q=0.8"})
    assert (
        page.headers["Content-Type"].startswith("text/html") and 'href="/lots.csv?status=open"' in page.content.decode()
    )
    assert "Accept" in page.headers["Vary"]


@pytest.mark.parametrize(
    "parameter", ["as_of=1&as_of=2", "bbox=1,1,2,2&bbox=1,1,2,3", "area_legal_m2_min=1&area_legal_m2_min=2"]
)
def test_what_has_one_value_has_no_two(client: Client, parameter: str) -> None:
    for address in ("/public-land/", "/public-land.csv", "/tiles/public-land.json"):
        answer = client.get(asked(address, parameter))
        assert answer.status_code == 400 and parameter.partition("=")[0] in answer.content.decode()
    assert client.get("/tiles/public-land.json?lang=vi&lang=en").status_code == 400


def test_an_unknown_value_of_a_list_is_refused_with_the_nearest(client: Client) -> None:
    for address in (
        "/lots.json",
        "/lots.geojson",
        "/lots.csv",
        "/tiles/auction-lots.json",
        "/styles/auction-lots.json",
    ):
        told = client.get(asked(address, "status=opne&status=won")).json()
        assert told["status"] == 400 and told["near"][0] == "open" and "opne" in told["detail"], address
    page = client.get("/lots/?status=opne&status=won").content.decode()
    assert 'href="/lots/?status=open&amp;status=won"' in page
    assert client.get("/tiles/auction-lots.json?lang=xx").json()["parameter"] == "lang"
    assert client.get("/?off=parcles").status_code == client.get("/embed?off=parcels,x").status_code == 400
    assert client.get("/print.pdf?view=14/10.5/107.1&scale=5000&layers=parcles").status_code == 400
    assert client.get("/?status=opne").status_code == client.get("/embed?status=opne").status_code == 400


def test_an_empty_value_is_none(client: Client) -> None:
    plain = client.get("/lots.json").json()
    assert client.get("/lots.json?status=&land_use=&as_of=&bbox=&after=").json() == plain
    assert client.get("/search?q=an&as_of=").status_code == 200


def test_one_question_has_one_address(client: Client) -> None:
    one = client.get("/tiles/auction-lots.json?status=won&land_use=&status=open&status=won").content
    assert one == client.get("/tiles/auction-lots.json?status=open&status=won").content
    assert json.loads(one)["tiles"][0].endswith(".mvt?status=open&status=won")


def test_several_values_of_a_filter_mean_any_of_them(client: Client) -> None:
    def count(query: str) -> int:
        return client.get(f"/lots.json?{query}").json()["totals"][""][0]["count"]

    assert count("status=open&status=won") == count("status=open") + count("status=won") > count("status=open") > 0

    def rows(address: str) -> list:
        return json.loads(client.get(address).getvalue())["features"]

    both = "status=open&status=won"
    refs = {feature["id"] for feature in rows(f"/lots.geojson?{both}")}
    assert len(refs) == count(both)
    told = client.get(f"/lots.csv?{both}").getvalue().decode()
    assert sum(ref in told for ref in refs) == len(refs) == told.strip().count("\n")
    communes = {feature["properties"]["commune_name"] for feature in rows("/lots.geojson")}
    first, second = sorted(communes)[:2]
    either = "&".join(f"place={quote(name)}" for name in (first, second))
    assert count(either) >= max(count(f"place={quote(first)}"), count(f"place={quote(second)}")) > 0


@pytest.mark.parametrize(
    "address",
    [
        *("/?status=open&status=won&off=parcels", "/en/lots/?status=open&place=vung+tau", "/places/?is_current="),
        *(
            pytest.param(address, marks=pytest.mark.prove)
            for address in (
                *("/", "/embed?land_use=ODT", "/public-land/?as_of=2&land_use=ODT&land_use=CLN"),
                *("/planning/", "/parcels/"),
            )
        ),
    ],
)
def test_no_page_leads_to_what_its_server_refuses(client: Client, address: str) -> None:
    page = client.get(address).content.decode().replace(r"\u0026", "&")
    found = {unescape(url) for url in re.findall(r'/(?:en/)?(?:[a-z-]+)(?:[/.][^"\s<>{}]*)?\?[^"\s<>{}]*', page)}
    assert len(found) > 1
    refused = {url: answer.content for url in found if (answer := client.get(url)).status_code == 400}
    assert refused == {}
