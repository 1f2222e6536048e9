"""What leads out of the site: the one page that others may frame, QR codes, what messengers show."""

import io
import json
import re

import pytest
from django.test import Client
from PIL import Image

from landgis.catalog import queries, registry

pytestmark = pytest.mark.usefixtures("world")
OTHERS = ["/", "/en/", "/public-land/", "/search?q=an", "/print.pdf", "/offline", "/admin/login/", "/measure.json"]


@pytest.mark.parametrize("path", ["/embed", "/en/embed?off=planning-zones&land_use=ODT"])
def test_others_may_frame_the_embedded_map(path: str) -> None:
    response = Client().get(path)
    policy = response["Content-Security-Policy"]
    assert response.status_code == 200
    assert "frame-ancestors *" in policy
    assert "script-src 'self'" in policy
    assert "X-Frame-Options" not in response


@pytest.mark.parametrize("path", OTHERS)
def test_nobody_may_frame_another_page(path: str) -> None:
    response = Client().get(path)
    assert "frame-ancestors 'none'" in response["Content-Security-Policy"]
    assert response["X-Frame-Options"] == "DENY"


def test_a_code_leads_to_this_site_and_to_no_other() -> None:
    response = Client().get("/qr.svg", {"to": "/lots/?status=open#14/10.5/107.1"})
    assert response["Content-Type"] == "image/svg+xml"
    assert response.content.startswith(b"<svg")
    for to in ("https://example.org/", "//example.org/", "/\\example.org", "", "x", "/" + "a" * 1001):
        assert Client().get("/qr.svg", {"to": to}).status_code == 400


def test_the_code_holds_the_full_address() -> None:
    """The modules of the picture are those that the address gives."""
    import segno

    drawn = Client().get("/qr.svg", {"to": "/lots/"}).content
    wanted = io.BytesIO()
    code = segno.make("http://testserver/lots/", error="m", micro=False)
    code.save(wanted, kind="svg", scale=4, border=4, light="#fff", xmldecl=False)
    assert drawn == wanted.getvalue()
    assert drawn != Client().get("/qr.svg", {"to": "/lots"}).content


def meta(html: str) -> dict[str, str]:
    return dict(re.findall(r'<meta property="(og:[\w:]+)" content="([^"]*)">', html))


@pytest.mark.parametrize("path", ["/", "/lots/", "lot"])
def test_messengers_are_given_a_title_a_line_and_a_picture(path: str) -> None:
    lots = registry.get("auction-lots")
    row = queries.rows(lots, limit=1)[0]
    path = f"/lots/{row['ref']}/" if path == "lot" else path
    found = meta(Client().get(path).content.decode())
    assert found["og:title"]
    assert found["og:description"]
    assert found["og:url"] == f"http://testserver{path}"
    assert found["og:image"].startswith("http://testserver/pictures/")
    assert (found["og:image:width"], found["og:image:height"]) == ("1200", "630")
    if path.startswith("/lots/D"):
        assert row["name"] in found["og:title"]


def test_the_picture_of_a_map_for_messengers_is_a_jpeg_of_their_size() -> None:
    url = meta(Client().get("/").content.decode())["og:image"].replace("&amp;", "&")
    response = Client().get(url.removeprefix("http://testserver"))
    image = Image.open(io.BytesIO(response.content))
    assert response["Content-Type"] == "image/jpeg"
    assert (image.format, image.size) == ("JPEG", (1200, 630))
    assert len(image.getcolors(1200 * 630) or []) > 50


def test_the_frame_begins_with_the_feature_that_its_address_names() -> None:
    """The script writes into the address what somebody chose: loaded again it is shown again."""
    ref = queries.rows(registry.get("auction-lots"), limit=1)[0]["ref"]
    html = Client().get(f"/embed?feature=auction-lots/{ref}").content.decode()
    assert json.loads(re.search(r'id="map-config"[^>]*>(.*?)</script>', html)[1])["focus"]["ref"] == ref
