"""What is known first of land: that it is under auction, that a zone is not in force, that a unit has ended."""

import re

import pytest
from django.test import Client

from landgis.auctions.on_ground import UNDER_AUCTION
from landgis.auctions.states import LOTS_CALLED_OFF
from landgis.catalog import queries, registry
from landgis.catalog.surroundings import SurroundingFeature, surroundings
from landgis.planning.models import PENDING

pytestmark = pytest.mark.usefixtures("world")

TELLS = re.compile(r"(Part of t|T)his land (is under auction|is to be auctioned|was put up for auction)")


def head(address: str) -> str:
    """What stands over the map of a page, in words."""
    page = Client().get(address)
    assert page.status_code == 200, address
    return re.sub(
        r"\s+", " ", re.sub("<[^>]+>", " ", page.content.decode().partition("<h1")[2].partition("</header>")[0])
    )


def test_a_plot_says_which_lot_of_it_is_under_auction_and_until_when() -> None:
    lots = [lot for lot in queries.rows(registry.get("auction-lots")) if lot["plot_code"]]
    open_lots = {lot["plot_code"]: lot for lot in lots if lot["status"] in UNDER_AUCTION}
    done = [lot["plot_code"] for lot in lots if lot["status"] in ("won", "failed", *LOTS_CALLED_OFF)]
    of_each_status = {lot["status"]: code for code, lot in open_lots.items()}
    for code in of_each_status.values():
        told, lot = head(f"/en/public-land/{code}/"), open_lots[code]
        assert TELLS.search(told), told
        assert lot["name"] in told
    assert "left for dossiers" in head(f"/en/public-land/{of_each_status['open']}/")
    assert not TELLS.search(head(f"/en/public-land/{next(code for code in done if code not in open_lots)}/"))


def test_a_parcel_says_so_by_its_ground_and_one_beside_it_does_not() -> None:
    lots = [lot for lot in queries.rows(registry.get("auction-lots")) if lot["status"] in UNDER_AUCTION]
    on = [(lot, hit) for lot in lots for hit in parcels_on(lot["ref"]) if (hit.share or 0) > 0.5]
    lot, hit = on[0]
    told = head(f"/en/parcels/{hit.ref}/")
    assert TELLS.search(told), told
    assert lot["name"] in told
    # A shared line, or a strip of two surveys, is no auction.
    under = {hit.ref for _lot, hit in on}
    beside = next(hit.ref for hit in surroundings(registry.get("parcels"), hit.ref).neighbours if hit.ref not in under)
    assert not TELLS.search(head(f"/en/parcels/{beside}/"))


def parcels_on(ref: str) -> list[SurroundingFeature]:
    found = surroundings(registry.get("auction-lots"), ref).ground
    return [hit for hit in found if hit.dataset.name == "parcels"]


def test_a_zone_says_first_that_it_is_not_in_force() -> None:
    zones = queries.rows(registry.get("planning-zones"))
    for state in {zone["plan_state"] for zone in zones}:
        zone = next(zone for zone in zones if zone["plan_state"] == state)
        told = head(f"/en/planning/{zone['ref']}/")
        assert told.lower().count("not in force yet") == (state in PENDING)
        # The day is said of what is decided; a draft has none.
        day = [f"{zone['valid_from']:%-d %b %Y}"] if state == "approved" else []
        assert re.findall("It holds from (.*?) on", told) == day


def test_what_a_draft_cannot_have_does_not_apply() -> None:
    zones = queries.rows(registry.get("planning-zones"))
    draft = next(zone["ref"] for zone in zones if zone["plan_state"] == "drafting")
    page = Client().get(f"/en/planning/{draft}/").content.decode()
    assert page.count("Does not apply") == 3
    vacant = next(row["ref"] for row in queries.rows(registry.get("public-land")) if row["current_use"] == "vacant")
    assert "Does not apply" in Client().get(f"/en/public-land/{vacant}/").content.decode()


def test_a_unit_of_the_past_says_first_what_it_is_today() -> None:
    units = queries.rows(registry.get("admin-units"))
    former = next(unit for unit in units if not unit["is_current"])
    assert "No longer in effect" in head(f"/en/places/{former['ref']}/")
    assert "Today this is" in head(f"/en/places/{former['ref']}/")
    today = next(unit for unit in units if unit["is_current"])
    assert "No longer in effect" not in head(f"/en/places/{today['ref']}/")
