"""The page of a feature as a PDF: read as a reader's program reads it."""

from typing import Any

import pytest
import segno
from django.test import Client, RequestFactory
from weasyprint.urls import FatalURLFetchingError

from landgis.catalog import queries, registry
from landgis.pages import paper, pdf
from tests import samples
from tests.pdf import read

pytestmark = pytest.mark.usefixtures("world")

A4 = (210, 297)


def first(name: str, **wanted: Any) -> dict[str, Any]:
    rows = queries.rows(registry.get(name))
    return next(row for row in rows if all(row[field] == value for field, value in wanted.items()))


def printed(client: Client, address: str) -> bytes:
    response = client.get(address)
    assert response.status_code == 200
    assert response["Content-Type"] == "application/pdf"
    return response.content


def test_a_lot_on_paper_says_what_its_page_says(client: Client) -> None:
    lot = first("auction-lots", status="open")
    pages = read(printed(client, f"/lots/{lot['ref']}.pdf")).pages
    text = " ".join(pages)
    assert lot["name"] in pages[0] and "còn " in pages[0] and " ngày nộp hồ sơ" in pages[0]
    for heading in ("Có liên quan", "Không liên quan", "Không có dữ liệu tại đây"):
        assert heading in pages[0]
    price = f"{lot['starting_price_vnd']:,}".replace(",", ".")
    for said in (
        f"{price} đ",
        lot["address"],
        "Nguồn: Dữ liệu minh họa",
        "Tọa độ đỉnh ranh giới",
        "Lịch sử và nguồn gốc",
    ):
        assert said in text
    assert f"/lots/{lot['ref']}/" in text
    assert "chỉ có giá trị tham khảo" in text
    assert "�" not in text


def test_every_page_has_content_its_number_the_revision_and_the_mark_of_made_up_data(client: Client) -> None:
    lot = first("auction-lots", status="won")
    pages = read(printed(client, f"/lots/{lot['ref']}.pdf")).pages
    revision = lot["from_revision"]
    for number, page in enumerate(pages, 1):
        assert len(page) > 400, f"page {number} is nearly empty: {page}"
        assert f"{number} / {len(pages)}" in page
        assert lot["ref"] in page and f"lần công bố {revision}," in page
        assert "ữ liệu minh họa" in page


@pytest.mark.parametrize(("prefix", "words"), [("", ("Diện tích theo giấy tờ", "Không áp dụng")),
                                              ("/en", ("Legal area", "Does not apply"))])  # fmt: skip
def test_public_land_in_both_languages(client: Client, prefix: str, words: tuple[str, ...]) -> None:
    plot = first("public-land", current_use="vacant")
    text = " ".join(read(printed(client, f"{prefix}/public-land/{plot['ref']}.pdf")).pages)
    for word in (*words, plot["name"], plot["decision_no"]):
        assert word in text


def test_it_is_a4_with_our_own_letters_and_a_way_back(client: Client) -> None:
    lot = first("auction-lots")
    body = printed(client, f"/lots/{lot['ref']}.pdf")
    sheet = read(body)
    assert sheet.sheet_mm == pytest.approx(A4, abs=0.1)
    families = {str(font["/BaseFont"]).partition("+")[2] for font in sheet.fonts}
    assert families and all(name.startswith("BVP") for name in families), families
    assert all(
        "/FontFile2" in font["/FontDescriptor"] or "/FontFile3" in font["/FontDescriptor"] for font in sheet.fonts
    )
    assert f"http://testserver/lots/{lot['ref']}/" in sheet.links
    assert "/StructTreeRoot" in sheet.catalogue and sheet.catalogue["/Lang"] == "vi"


def test_the_code_holds_the_address_of_the_page() -> None:
    url = "https://example.org/lots/DG-2026-001-01/"
    assert paper.qr(url) == segno.make(url, error="m", micro=False).svg_data_uri(border=0, xmldecl=False)


def test_the_same_facts_give_the_same_sheet(client: Client) -> None:
    lot = first("auction-lots")
    address = f"/lots/{lot['ref']}.pdf"
    response = client.get(address)
    again = client.get(address, headers={"If-None-Match": response["ETag"]})
    assert again.status_code == 304 and not again.content
    assert client.get(address).content == response.content


def test_the_page_leads_to_it_and_what_is_not_there_has_none(client: Client) -> None:
    lot = first("auction-lots")
    assert f'href="/lots/{lot["ref"]}.pdf"' in client.get(f"/lots/{lot['ref']}/").content.decode()
    assert client.get("/lots/never-was.pdf").status_code == 404


def test_nothing_is_fetched_from_elsewhere() -> None:
    request = RequestFactory().get("/")
    for address in ("https://example.org/x.png", "file:///etc/passwd", "http://testserver.example.org/x.png"):
        with pytest.raises(FatalURLFetchingError, match="is not of this site"):
            pdf.document(request, f'<img src="{address}">')


@pytest.mark.usefixtures("empty_world")
def test_the_picture_is_on_the_sheet(client: Client, tmp_path: Any, settings: Any) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"
    samples.the_whole_state([samples.plot(1)])
    without = printed(client, "/public-land/P-00001.pdf")
    samples.scene(tmp_path)
    body = printed(client, "/public-land/P-00001.pdf")
    assert b"/DCTDecode" in body and b"/DCTDecode" not in without
    text = " ".join(read(body).pages)
    assert "Ảnh chụp ngày 20/02/2026 · Nguồn: test" in text
