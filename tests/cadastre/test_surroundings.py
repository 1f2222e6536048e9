"""The page of a parcel names its public neighbours and no other, and has its sheet of paper."""

from typing import Any

from django.test import Client

from tests import pdf
from tests.cadastre.conftest import parcel

USES = "ODT:150; CLN:250"


def test_neighbours_are_named_if_they_are_public(places_world: str, load: Any, client: Client) -> None:
    """1 and 3 lie beside 2, 12 above it, 5 apart; 3 is not public."""
    load([parcel(number, is_public=number != 3) for number in (1, 2, 3, 5, 12)])
    page = client.get("/parcels/26558-12-2/").content.decode()
    for number in (1, 12):
        assert f'href="/parcels/26558-12-{number}/"' in page
        assert f"Thửa {number}, tờ" in page
    for number in (3, 5):
        assert f"/parcels/26558-12-{number}/" not in page


def test_the_sheet_of_a_parcel_has_uses_and_corners_and_nobody_s_name(
    places_world: str, load: Any, client: Client
) -> None:
    load([parcel(1, land_uses=USES, land_user="Nguyễn Văn Canary", certificate_no="CT 123456")])
    response = client.get("/parcels/26558-12-1.pdf")
    assert response.status_code == 200 and response["X-Robots-Tag"] == "noindex"
    text = " ".join(pdf.read(response.content).pages)
    for said in ("150,0", "250,0", "1.162.000,000", "440.420,000", "26558-12-1"):
        assert said in text
    for hidden in ("Canary", "123456"):
        assert hidden not in text
