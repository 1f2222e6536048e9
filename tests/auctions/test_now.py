"""What the state of a lot is now reads the same in every exit, at any minute, and no file has to be loaded for it."""

import csv
import datetime
import io
import json
import re
from collections.abc import Mapping, Sequence
from html import unescape
from typing import Any
from urllib.parse import quote
from xml.etree import ElementTree

import mapbox_vector_tile
import openpyxl
import pytest
from django.core.management import call_command
from django.db import connections
from django.test import Client
from django.utils import translation
from icalendar import Calendar
from shapely.geometry import shape

from landgis.analysis import open_dataset
from landgis.auctions.models import AuctionStatus, LotStatus
from landgis.catalog import memory, queries, registry
from landgis.changes import actions, followers, ticks
from landgis.changes.models import Door, Position
from landgis.lib import geometry
from landgis.lib.webmap import View
from landgis.pictures.shapes import shapes_in
from tests import clocks
from tests.pdf import read

VIETNAM = datetime.timezone(datetime.timedelta(hours=7))
MINUTE = datetime.timedelta(minutes=1)
FROM = datetime.datetime(2031, 3, 3, 8, tzinfo=VIETNAM)
UNTIL = datetime.datetime(2031, 3, 18, 17, tzinfo=VIETNAM)
OPENS = datetime.datetime(2031, 3, 21, 8, 30, tzinfo=VIETNAM)
NEW_UNTIL = datetime.datetime(2031, 4, 18, 17, tzinfo=VIETNAM)
NEW_OPENS = datetime.datetime(2031, 4, 21, 8, 30, tzinfo=VIETNAM)
DATES = {"dossiers_from": FROM, "dossiers_to": UNTIL, "deposit_until": UNTIL, "opens_at": OPENS}
ATOM = "{http://www.w3.org/2005/Atom}"
LIVE = ("đang diễn ra", "ngày nộp hồ sơ", "kết thúc sau")


def report(name: str, ref: str, **values: Any) -> int:
    """Put in force what an office says of one feature, as a file of it would; gives the revision."""
    dataset = registry.get(name)
    told = {dataset.identity[0]: ref, **values}
    change_set = actions.draft(dataset, by=None, door=Door.COMMAND_LINE, source="Notice")
    record = tuple(json.dumps(value) if isinstance(value, list) else value for value in told.values())
    actions.stage(change_set, list(told), [(1, ref, None, *record)])
    actions.check(change_set)
    actions.submit(change_set, by=change_set.author)
    actions.approve(change_set, by=None)
    return actions.apply(change_set, by=None)


@pytest.fixture
def lot(own_world: str) -> dict[str, Any]:
    """A lot that was reported to be not open yet, of an auction that was announced with times to come."""
    auction = next(
        one for one in queries.rows(registry.get("auctions")) if one["reported_status"] == "selling-dossiers"
    )
    found = next(one for one in queries.rows(registry.get("auction-lots")) if one["auction_code"] == auction["ref"])
    report("auctions", auction["ref"], status="announced-twice", events=[], viewing_from=None, viewing_to=None, **DATES)
    report("auction-lots", found["ref"], status="not-open")
    return found


def text_of(response: Any) -> str:
    html = re.sub(r"<script.*?</script>", "", response.content.decode(), flags=re.DOTALL)
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", html)))


def body(response: Any) -> bytes:
    assert response.status_code == 200
    return b"".join(response.streaming_content) if response.streaming else response.content


def lists(client: Client, lot: Mapping[str, Any]) -> set[str]:
    """The states in whose list the lot stands."""
    found = set()
    for code in LotStatus.values:
        rows = client.get(f"/lots.json?status={code}&auction_code={lot['auction_code']}").json()["rows"]
        found |= {code for row in rows if row["ref"] == lot["ref"]}
    return found


def tile(client: Client, lot: Mapping[str, Any], query: str = "") -> set[str]:
    """The states of the lot in the tile of the whole province."""
    x, y = 102 * 2, 60 * 2
    for column, line in ((a, b) for a in range(x - 2, x + 4) for b in range(y - 2, y + 4)):
        answer = client.get(f"/tiles/auction-lots/8/{column}/{line}.mvt{query}")
        if answer.status_code != 200:
            continue
        features = mapbox_vector_tile.decode(answer.content)["auction-lots"]["features"]
        if found := {f["properties"]["status"] for f in features if f["properties"]["ref"] == lot["ref"]}:
            return found
    return set()


def tables(client: Client, lot: Mapping[str, Any]) -> tuple[str, str]:
    """The state in CSV and XLSX, in English."""
    rows = list(csv.DictReader(io.StringIO(body(client.get("/en/lots.csv")).decode("utf-8-sig"))))
    in_csv = next(row["status"] for row in rows if lot["ref"] in row.values())
    sheet = openpyxl.load_workbook(io.BytesIO(body(client.get("/en/lots.xlsx")))).active
    assert sheet is not None
    heads, *lines = sheet.iter_rows(values_only=True)
    line = next(line for line in lines if line[0] == lot["ref"])
    return in_csv, str(line[heads.index("status")])


def in_picture(lot: Mapping[str, Any]) -> set[str]:
    """The states by which the server's picture of the map colours the lot."""
    feature = queries.geojson_feature(registry.get("auction-lots"), lot["ref"])
    assert feature is not None
    inside = shape(feature["geometry"]).representative_point()
    drawn = shapes_in(registry.get("auction-lots"), View(inside.x, inside.y, 18, 400, 300))
    point = geometry.from_wgs84(inside, 3857)
    return {str(code) for code, area in drawn.shapes if area.contains(point)}


def in_card(client: Client, page: str, code: str) -> str:
    """The state that the card of a map, or of a map in another site, says of a feature with this code in its tile."""
    config = re.search(r'<script id="map-config"[^>]*>(.*?)</script>', client.get(page).content.decode(), re.DOTALL)
    assert config is not None
    layer = next(one for one in json.loads(config[1])["layers"] if one["name"] == "auction-lots")
    return next(fact for fact in layer["facts"] if fact["name"] == "status")["values"][code]


def in_search(client: Client, lot: Mapping[str, Any]) -> tuple[str, str]:
    """The state that stands with a hit, among the suggestions and on the page of results, in English."""
    hit = client.get("/api/search", {"q": lot["ref"], "lang": "en"}).json()["features"][0]["properties"]
    assert hit["ref"] == lot["ref"]
    page = text_of(client.get("/en/search", {"q": lot["ref"]}))
    said = hit["details"][0]["text"]
    return said, said if f"{hit['title']} {said} ·" in page else "missing"


def to_the_eye(client: Client, lot: Mapping[str, Any], labels: Mapping[str, str], in_tile: str) -> dict[str, str]:
    """The code of the state of the lot by what maps, their cards and search show."""
    [drawn] = in_picture(lot)
    suggested, found = in_search(client, lot)
    return {
        "picture of the map": drawn,
        "card of the map": labels[in_card(client, "/en/", in_tile)],
        "card of a map in another site": labels[in_card(client, "/en/embed", in_tile)],
        "suggestion": labels.get(suggested, suggested),
        "hit": labels.get(found, found),
    }


def in_every_exit(client: Client, lot: Mapping[str, Any]) -> dict[str, str]:
    """The code of the state of the lot as each exit tells it."""
    ref, dataset = lot["ref"], registry.get("auction-lots")
    told = connections["public"].settings_dict
    host = quote(str(told["HOST"]), safe="")
    database = f"postgresql://{told['USER']}:{quote(told['PASSWORD'])}@/{told['NAME']}?host={host}&port={told['PORT']}"
    collection = json.loads(body(client.get("/lots.geojson")))
    legend = memory.of_each("legend", [dataset], lambda one: queries.totals(one, by=["status"])["status"])(dataset)
    with translation.override("en"):
        labels = {str(status.label): status.value for status in LotStatus}
        in_csv, in_xlsx = tables(client, lot)
        feed = body(client.get(f"/en/lots/feed.atom?auction_code={lot['auction_code']}")).decode()
    entry = next((one for one in feed.split("<entry>") if f"/lots/{ref}/" in one), "")
    summary = re.search(r"<summary[^>]*>([^<·]*)", entry)
    [listed], [in_tile] = lists(client, lot), tile(client, lot)
    return {
        **to_the_eye(client, lot, labels, in_tile),
        "page": client.get(f"/lots/{ref}.json").json()["status"],
        "list": listed,
        "geojson": client.get(f"/lots/{ref}.geojson").json()["properties"]["status"],
        "all as geojson": next(f["properties"]["status"] for f in collection["features"] if f["id"] == ref),
        "tile": in_tile,
        "tile of a filter": (tile(client, lot, f"?status={listed}") or {"missing"}).pop(),
        "csv": labels[in_csv],
        "xlsx": labels[in_xlsx],
        "feed": labels[unescape(summary[1]).strip()] if summary else "missing",
        "notebook": str(open_dataset("auction-lots", source=database).loc[ref, "status"]),
        "legend": listed if any(line["value"] == listed for line in legend) else "missing",
    }


TIMES = [
    ("before", FROM - MINUTE, "not-open", "announced-twice"),
    ("at the beginning", FROM, "open", "selling-dossiers"),
    ("during", FROM + 24 * 60 * MINUTE, "open", "selling-dossiers"),
    ("the minute before the deadline", UNTIL - MINUTE, "open", "selling-dossiers"),
    ("the deadline", UNTIL, "registration-closed", "registration-closed"),
    ("the minute before the session", OPENS - MINUTE, "registration-closed", "registration-closed"),
    ("the session", OPENS, "not-reported", "not-reported"),
    ("much later", OPENS + 365 * 24 * 60 * MINUTE, "not-reported", "not-reported"),
]
# Where one state gives way to the next; `make prove` looks at what lies between, too.
TURNS = ("before", "at the beginning", "the minute before the deadline", "the deadline", "the session")
PRINTED = ("at the beginning", "the session")


@pytest.mark.parametrize(
    "times",
    [pytest.param(TURNS, id="turns"), pytest.param([one[0] for one in TIMES], id="all", marks=pytest.mark.prove)],
)
def test_every_exit_says_the_same_at_every_minute(lot: dict[str, Any], client: Client, times: Sequence[str]) -> None:
    for when, moment, of_lot, of_auction in [one for one in TIMES if one[0] in times]:
        with clocks.stopped_at(moment):
            told = in_every_exit(client, lot)
            assert set(told.values()) == {of_lot}, (when, told)
            assert client.get(f"/auctions/{lot['auction_code']}.json").json()["status"] == of_auction, when
            page = text_of(client.get(f"/lots/{lot['ref']}/"))
            assert str(LotStatus(of_lot).label) in page, when
            assert client.get(f"/lots/{lot['ref']}.json").json()["reported_status"] == "not-open"
            if moment >= UNTIL:
                assert not [word for word in LIVE[1:] if word in page], when
            if when in PRINTED:
                sheet = " ".join(read(client.get(f"/lots/{lot['ref']}.pdf").content).pages)
                assert str(LotStatus(of_lot).label) in sheet, when


def test_days_are_left_until_the_deadline_and_nobody_knows_of_a_session_that_was_not_reported(
    lot: dict[str, Any], client: Client
) -> None:
    with clocks.stopped_at(FROM + 60 * MINUTE):
        assert "còn 15 ngày nộp hồ sơ" in text_of(client.get(f"/lots/{lot['ref']}/"))
    with clocks.stopped_at(OPENS):
        page = text_of(client.get(f"/lots/{lot['ref']}/"))
        assert "Phiên đấu giá dự kiến lúc 21/03/2031 08:30, chưa có thông tin kết quả" in page
        assert "trạng thái theo báo cáo" in page.lower()
        page = text_of(client.get(f"/en/lots/{lot['ref']}/"))
        assert "Session was due on 21 Mar 2031 08:30, result not reported yet" in page


def test_what_was_reported_goes_before_the_clock(lot: dict[str, Any], client: Client) -> None:
    """Held, but the lot not reported; then the lot reported as sold."""
    report("auctions", lot["auction_code"], status="held")
    with clocks.stopped_at(OPENS + 240 * MINUTE):
        assert set(in_every_exit(client, lot).values()) == {"not-reported"}
        assert client.get(f"/auctions/{lot['auction_code']}.json").json()["status"] == "held"
    report("auction-lots", lot["ref"], status="won", winning_price_vnd=lot["starting_price_vnd"] + 5_000_000)
    with clocks.stopped_at(OPENS + 480 * MINUTE):
        assert set(in_every_exit(client, lot).values()) == {"won"}


def events(client: Client, address: str) -> dict[str, Any]:
    found = Calendar.from_ical(body(client.get(address))).walk("VEVENT")
    return {str(event["uid"]).split("@")[0].rpartition("-")[2]: event for event in found}


@pytest.mark.parametrize(
    ("status", "said"),
    [
        ("postponed", "Hoãn đấu giá"),
        pytest.param("stopped", "Dừng đấu giá", marks=pytest.mark.prove),
        pytest.param("cancelled", "Hủy đấu giá", marks=pytest.mark.prove),
    ],
)
def test_an_auction_that_was_called_off_is_so_everywhere(
    lot: dict[str, Any], client: Client, status: str, said: str
) -> None:
    addresses = [f"/lots/{lot['ref']}/calendar.ics", f"/auctions/{lot['auction_code']}/calendar.ics"]
    noon = FROM + 28 * 60 * MINUTE
    with clocks.stopped_at(noon):
        before = [events(client, address) for address in addresses]
        for found in before:
            assert {str(event["status"]) for event in found.values()} == {"CONFIRMED"}
            assert found["opens_at"].walk("VALARM")
    event = {"status": status, "on": "2031-03-04", "note": "Theo quyết định 12/QĐ"}
    number = report("auctions", lot["auction_code"], status=status, events=[event])
    with clocks.stopped_at(noon):
        assert set(in_every_exit(client, lot).values()) == {status}
        for address, then in zip(addresses, before, strict=True):
            found = events(client, address)
            for name in ("dossiers_to", "deposit_until", "opens_at"):
                assert str(found[name]["status"]) == "CANCELLED" and not found[name].walk("VALARM"), name
                assert found[name]["sequence"] == number > then[name]["sequence"]
                assert str(found[name]["summary"]).startswith(said)
                assert found[name]["uid"] == then[name]["uid"]
        for address in (f"/lots/{lot['ref']}/", f"/auctions/{lot['auction_code']}/"):
            page = text_of(client.get(address))
            told = f"Cuộc đấu giá này: {said.lower()} (04/03/2031): Theo quyết định 12/QĐ"
            assert told in re.sub(r"\s+([):])", r"\1", page)
            assert not [word for word in LIVE if word in page], address
            assert page.count("không diễn ra") == 3, address  # dossiers, deposit, session; what was before it was
            assert "calendar.ics" not in client.get(address).content.decode()
        assert lot["auction_code"] not in text_of(client.get("/"))
        hits = client.get("/api/search", {"q": lot["auction_code"]}).json()["features"]
        assert said in json.dumps(hits, ensure_ascii=False)
        stages = text_of(client.get("/auctions/"))
        assert "Dừng, hoãn hoặc hủy đấu giá" in stages


@pytest.mark.prove
def test_one_that_was_put_off_to_a_new_date_follows_that(lot: dict[str, Any], client: Client) -> None:
    event = {"status": "postponed", "on": "2031-03-10", "note": ""}
    number = report(
        "auctions",
        lot["auction_code"],
        status="announced-twice",
        events=[event],
        dossiers_to=NEW_UNTIL,
        deposit_until=NEW_UNTIL,
        opens_at=NEW_OPENS,
    )
    for moment, code in [
        (UNTIL, "open"),
        (OPENS, "open"),
        (NEW_UNTIL, "registration-closed"),
        (NEW_OPENS, "not-reported"),
    ]:
        with clocks.stopped_at(moment):
            assert set(in_every_exit(client, lot).values()) == {code}
    with clocks.stopped_at(UNTIL):
        page = text_of(client.get(f"/lots/{lot['ref']}/"))
        assert "Cuộc đấu giá này: hoãn đấu giá" in page and "Thời gian mới: 21/04/2031 08:30" in page
        session = events(client, f"/lots/{lot['ref']}/calendar.ics")["opens_at"]
        assert session["dtstart"].dt == NEW_OPENS and session["sequence"] == number
        assert str(session["status"]) == "CONFIRMED"


def test_a_past_revision_says_what_was_reported_then(lot: dict[str, Any], client: Client) -> None:
    number = queries.latest_number()
    with clocks.stopped_at(OPENS):
        for as_of in (number, number - 1):
            row = client.get(f"/lots/{lot['ref']}.json?as_of={as_of}").json()
            assert row["status"] == row["reported_status"]
            [feature] = [
                one
                for one in json.loads(body(client.get(f"/lots.geojson?as_of={as_of}")))["features"]
                if one["id"] == lot["ref"]
            ]
            assert feature["properties"]["status"] == row["status"]
            assert tile(client, lot, f"?as_of={as_of}") == {row["status"]}
        assert client.get(f"/lots/{lot['ref']}.json?as_of={number}").json()["status"] == "not-open"
        assert "chưa có thông tin" not in text_of(client.get(f"/lots/{lot['ref']}/?as_of={number}"))


def test_etags_and_memories_do_not_outlive_a_moment(lot: dict[str, Any], client: Client) -> None:
    """No worker has run: what is kept is kept under the moment."""
    datasets = [registry.get(name) for name in ("auction-lots", "auctions", "public-land")]
    marks, tags, legends = [], [], []
    for moment in (UNTIL - MINUTE, UNTIL, UNTIL + MINUTE, UNTIL + 8 * 60 * MINUTE):
        with clocks.stopped_at(moment):
            marks.append(dict(queries.state_of(datasets)))
            tags.append(client.get(f"/lots/{lot['ref']}.json")["ETag"])
            read_anew = memory.of_each("states", datasets[:1], lambda one: queries.totals(one, by=["status"])["status"])
            legends.append({line["value"]: line["count"] for line in read_anew(datasets[0])})
    assert marks[0]["auction-lots"] != marks[1]["auction-lots"] == marks[2]["auction-lots"]
    assert marks[0]["public-land"] == marks[2]["public-land"]
    assert marks[2]["public-land"] != marks[3]["public-land"]  # midnight
    assert tags[0] != tags[1]
    assert legends[0]["open"] > legends[1].get("open", 0) and legends[1] == legends[2]


def test_the_log_has_one_tick_for_each_moment_and_followers_read_them(lot: dict[str, Any]) -> None:
    with clocks.stopped_at(FROM - MINUTE):
        ticks.write()
        assert ticks.write() == 0
        followers.follow_all()
        start = ticks.newest("auction-lots")
    with clocks.stopped_at(
        OPENS
    ):  # three moments of lots and of auctions, missed by a worker that was down, and midnight
        assert ticks.write() >= 6
        assert ticks.write() == 0
        assert ticks.newest("auction-lots") > start
        assert followers.follow("search entries")["auction-lots"] >= 1
        assert followers.follow("search entries").get("auction-lots") is None
    assert Position.objects.get(follower="search entries", dataset="auction-lots").tick == ticks.newest("auction-lots")


def test_what_goes_out_comes_back_as_it_was_reported(lot: dict[str, Any], client: Client, tmp_path: Any) -> None:
    for ending in ("csv", "geojson"):
        with clocks.stopped_at(OPENS):
            file = tmp_path / f"lots.{ending}"
            file.write_bytes(body(client.get(f"/lots.{ending}")))
            out = io.StringIO()
            before = queries.latest_number()
            call_command("load", file, dataset="auction-lots", commit=True, source="Again", json=True, stdout=out)
            assert queries.latest_number() == before, out.getvalue()
            assert client.get(f"/lots/{lot['ref']}.json").json()["reported_status"] == "not-open"


def test_nobody_reports_what_only_the_clock_says() -> None:
    for name, codes in (("auctions", AuctionStatus), ("auction-lots", LotStatus)):
        assert set(registry.get(name).state.reportable("status", codes.values)) == {*codes.values} - {"not-reported"}


def entry_of(client: Client, lot: Mapping[str, Any]) -> dict[str, str]:
    """What the English feed of the auction's lots says of the lot."""
    feed = ElementTree.fromstring(body(client.get(f"/en/lots/feed.atom?auction_code={lot['auction_code']}")))
    entries = [{one.tag.rpartition("}")[2]: one.text or "" for one in entry} for entry in feed.iter(f"{ATOM}entry")]
    told = next(one for one in entries if f"/lots/{lot['ref']}/" in one["id"])
    return told | {"feed": feed.findtext(f"{ATOM}updated") or ""}


def test_an_entry_of_a_feed_is_told_anew_when_the_state_changes(lot: dict[str, Any], client: Client) -> None:
    seen = set()
    for moment, said in ((FROM - MINUTE, None), (FROM, FROM), (UNTIL - MINUTE, FROM), (UNTIL, UNTIL), (OPENS, OPENS)):
        with clocks.stopped_at(moment):
            told = entry_of(client, lot)
        seen.add(told["id"])
        if said is None:
            assert "state since" not in told["summary"]
            continue
        assert datetime.datetime.fromisoformat(told["updated"]) == said
        assert datetime.datetime.fromisoformat(told["feed"]) >= said
        assert f"state since {said.day} Mar 2031, {said:%H:%M}; reported was: Not open yet" in told["summary"]
    assert len(seen) == 4
    with clocks.stopped_at(FROM + MINUTE):
        report("auctions", lot["auction_code"], status="stopped")
        told = entry_of(client, lot)
        assert told["summary"].startswith("Stopped") and "reported was: Not open yet" in told["summary"]
        assert told["id"] not in seen
    report("auction-lots", lot["ref"], address="Somewhere else")
    with clocks.stopped_at(FROM - MINUTE):
        assert "changed: address" in entry_of(client, lot)["summary"]
