"""What search engines are led to: pages as they are today, in both languages, and no filter, later page or past state."""

import re
from urllib.robotparser import RobotFileParser

import pytest
from django.test import Client

from landgis.catalog import exits, queries, registry

pytestmark = pytest.mark.usefixtures("world")
PLOT = "/public-land/{}/"


@pytest.fixture
def ref(world: None) -> str:
    return str(queries.rows(registry.get("public-land"), limit=1)[0]["ref"])


def locations(path: str) -> list[str]:
    answer = Client().get(path)
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/xml")
    return re.findall(r"<loc>([^<]+)</loc>", answer.content.decode())


@pytest.mark.prove
def test_every_feature_that_may_be_found_is_named_once_in_each_language() -> None:
    listed = [path for sitemap in locations("/sitemap.xml") for path in locations(sitemap)]
    assert len(listed) == len(set(listed))
    wanted = sum(queries.count(dataset) for dataset in exits.datasets("pages", "indexed"))
    refs = [
        path
        for path in listed
        if re.search(
            r"/(?!datasets/|guides/)[a-z-]+/[A-Z0-9a-z-]+/$",
            path.removeprefix("http://testserver/en").removeprefix("http://testserver"),
        )
    ]
    assert len(refs) == 2 * wanted > 0
    assert {f"http://testserver/{'en/' if english else ''}" for english in (0, 1)} <= set(listed)
    assert not any("/parcels/" in path for path in listed)  # a cadastre is not for search engines
    assert {Client().get(path).status_code for path in listed[:: len(listed) // 6]} == {200}


def allowed(path: str) -> bool:
    """As the first crawlers read it; `*` and the longest match are what newer ones add."""
    rules = RobotFileParser()
    rules.parse(line for line in Client().get("/robots.txt").content.decode().splitlines() if "*?" not in line)
    return rules.can_fetch("Anybot", f"http://testserver{path}")


def test_robots_keep_to_the_pages(ref: str) -> None:
    text = Client().get("/robots.txt").content.decode()
    assert "Disallow: /*?" in text and "Sitemap: http://testserver/sitemap.xml" in text
    assert all(allowed(path) for path in ("/", "/en/", PLOT.format(ref), "/pictures/still.jpg?zoom=3"))
    assert not any(
        allowed(path) for path in ("/officer/", "/en/officer/", "/admin/", "/tiles/parcels/1/1/1.mvt", "/embed")
    )


@pytest.mark.parametrize("query", ["", "?utm_source=zalo&fbclid=1"])
@pytest.mark.parametrize("prefix", ["", "/en"])
def test_a_page_names_its_own_address(ref: str, prefix: str, query: str) -> None:
    for path in (f"{prefix}/", f"{prefix}/public-land/", prefix + PLOT.format(ref)):
        html = Client().get(path + query).content.decode()
        assert f'<link rel="canonical" href="http://testserver{path}">' in html
        assert "noindex" not in html


@pytest.mark.parametrize(
    "path",
    [
        "/public-land/?land_use=ODT",
        "/public-land/?after=P",
        "/public-land/?as_of=1",
        "/?off=parcels",
        "/search?q=an",
        "/nothing",
    ],
)
def test_what_is_a_state_of_a_page_is_not_kept(path: str) -> None:
    html = Client().get(path).content.decode()
    assert html.count('content="noindex"') == 1 and "canonical" not in html


@pytest.mark.parametrize(
    "path",
    [
        "/public-land.json",
        "/public-land.csv",
        "/public-land.geojson",
        "/datasets.json",
        "/api/search?q=a",
        "/none.json",
    ],
)
def test_a_script_of_another_site_is_told_what_it_may(path: str) -> None:
    asked = Client().options(path, headers={"Origin": "https://example.org", "Access-Control-Request-Method": "GET"})
    assert (asked.status_code, asked["Access-Control-Allow-Origin"]) == (204, "*")
    assert "GET" in asked["Access-Control-Allow-Methods"] and "If-None-Match" in asked["Access-Control-Allow-Headers"]
    answer = Client().get(path)
    assert "ETag" in answer["Access-Control-Expose-Headers"] and answer["X-Robots-Tag"] == "noindex"


def test_what_is_no_data_is_for_this_site_alone() -> None:
    for path in ("/officer/", "/public-land/"):
        assert "Access-Control-Allow-Origin" not in Client().options(path)


def test_a_reference_in_small_letters_leads_to_the_feature(ref: str) -> None:
    for suffix in ("/", ".json", ".geojson", "/?as_of=1"):
        answer = Client().get(f"/en/public-land/{ref.lower()}{suffix}")
        assert (answer.status_code, answer["Location"]) == (302, f"/en/public-land/{ref}{suffix}")
    assert Client().get("/public-land/p-nothing/").status_code == 404
