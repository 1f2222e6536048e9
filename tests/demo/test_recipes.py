"""The recipes of the demo province: exact counts and sums, sound geometry, bytes as an old office writes them."""

import hashlib
import itertools
import json
import re
import struct
import zipfile
from datetime import date, timedelta

import numpy as np
import pandas
import pyogrio
import pytest
import shapely

from demo import admin_units, auctions, planning_zones, public_land, sold_land
from demo.landscape import province
from demo.plot_facts import CERTIFICATES, DECISIONS, FINDINGS
from landgis.lib import text


@pytest.fixture(scope="module")
def land():
    return province()


@pytest.fixture(scope="module")
def archive(tmp_path_factory, plots):
    path = tmp_path_factory.mktemp("demo") / "dat_cong.zip"
    public_land.save(plots, path)
    return path


@pytest.fixture(scope="module")
def zones():
    return planning_zones.zones()


def overlaps(shapes):
    """Areas (m2) that two of the shapes share."""
    a, b = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    return shapely.area(shapely.intersection(shapes[a[a < b]], shapes[b[a < b]]))


def test_the_land_is_cut_into_communes_without_gap_or_overlap(land):
    shapes = np.array([c.boundary for c in land.communes])
    assert len(shapes) == 83  # 82 communes and Côn Đảo, which has none
    assert shapely.is_valid(shapes).all()
    assert overlaps(shapes).max() == 0
    assert shapely.unary_union(shapes).symmetric_difference(land.land).area < 1
    assert all(c.boundary.covers(shapely.Point(c.centre)) for c in land.communes)


def test_communes_of_the_old_division_are_counted_by_district(land):
    counts = [sum(c.district == d for c in land.communes) for d in ("747", "748", "750", "751", "754", "752", "753")]
    assert counts == [17, 11, 16, 13, 10, 7, 8]


def test_neighbouring_communes_share_corners_exactly(land):
    corners = [set(map(tuple, shapely.get_coordinates(c.boundary).tolist())) for c in land.communes[:82]]
    for k, commune in enumerate(land.communes[:82]):
        others = set().union(*(corners[j] for j in range(82) if j != k))
        inner = [xy for xy in corners[k] if land.land.boundary.distance(shapely.Point(xy)) > 1]
        assert others.issuperset(inner), commune.name


def test_the_inventory_has_7571_plots_of_11104_20_ha(plots):
    assert len(plots) == 7571
    assert round(plots["DTICHPL"].sum(), 1) == 111_042_000.0
    assert sum(round(area * 10) for area in plots["DTICHPL"]) == 1_110_420_000
    assert plots["MAKHU"].is_unique and plots["MAKHU"].str.fullmatch(r"[A-Z]{2}-\d{3,5}-\d{4}").all()


def test_plots_are_sound_and_do_not_overlap(plots):
    shapes = plots.geometry.to_numpy()
    assert shapely.is_valid(shapes).all()
    assert set(shapely.get_type_id(shapes)) == {3}
    assert overlaps(shapes).max() < 0.001
    assert sum(len(shape.interiors) for shape in shapes) > 20


def test_plots_lie_in_their_commune_and_on_dry_land(plots, land):
    boundary = {c.code: c.boundary for c in land.communes}
    assert all(boundary[code].covers(shape) for code, shape in zip(plots["MAXA"], plots.geometry, strict=True))
    names = {c.code: c.name for c in land.communes}
    assert (plots["MAXA"].map(names) == plots["TENXA"]).all()
    assert shapely.area(shapely.intersection(plots.geometry.to_numpy(), land.water)).max() < 0.1


def test_area_on_paper_is_near_the_drawing_but_not_always_equal(plots):
    apart = np.abs(plots["DTICHPL"] / shapely.area(plots.geometry.to_numpy()) - 1)
    assert apart.max() < 0.05
    assert 0.1 < (apart > 0.001).mean() < 0.5


def test_three_plots_in_five_are_in_towns(plots):
    assert 0.57 < plots["TENXA"].str.match("Phường|Thị trấn|Huyện").mean() < 0.66


def test_codes_are_those_of_the_lists(plots):
    assert not set(plots["LOAIDAT"]) & {"CQP", "CAN"}
    assert set(plots["HIENTRANG"]) == {"TRONG", "TUSD", "THUE", "MUON"}
    assert set(plots["NGUONGOC"]) <= set(DECISIONS)
    assert set(plots["GCN"]) <= set(CERTIFICATES)
    assert set(plots["KETQUAKT"]) <= {*FINDINGS, ""}
    assert set(plots["PHUONGAN"]) <= {"GIULAI", "THUHOI", "DIEUCHUY", "BAN", "CHUYENGI", "DAUGIA", "XENKET", "CHUAXD"}


def test_dates_make_sense(plots):
    leased = plots["HIENTRANG"].isin(["THUE", "MUON"])
    assert plots.loc[~leased, "HANTHUE"].isna().all() and plots.loc[leased, "HANTHUE"].notna().mean() > 0.9
    assert (plots["NGAYQD"].isna() == (plots["SOQD"] == "")).all()
    assert (plots["KETQUAKT"] == "").equals(plots["NGAYKT"].isna())
    assert all(day.weekday() < 5 for day in plots["NGAYQD"].dropna())


def test_encroachment_is_only_in_the_officers_columns(plots):
    public = plots.drop(columns=["geometry", "KETQUAKT", "GHICHU", "GCN"]).fillna("").astype(str).agg(" ".join, axis=1)
    assert not public.str.contains(r"\blấn\b|lấn chiếm|tranh chấp", flags=re.IGNORECASE).any()
    found = plots["KETQUAKT"].isin(["LANCHIEM", "TRCHAP", "SAIMD", "MOCGIOI"])
    assert found.sum() > 300 and (plots.loc[found, "GHICHU"] != "").all()


def dbf(raw):
    """Rows of a dBASE table as lists of bytes, and the column names."""
    count, head, length = struct.unpack("<IHH", raw[4:12])
    fields = [raw[k : k + 32] for k in range(32, head - 1, 32)]
    names = [f[:11].rstrip(b"\0").decode() for f in fields]
    ends = np.cumsum([1, *(f[16] for f in fields)])
    rows = [raw[head + k * length : head + (k + 1) * length] for k in range(count)]
    return names, [[row[a:b] for a, b in itertools.pairwise(ends)] for row in rows]


def test_the_file_has_no_projection_no_encoding_and_tcvn3_bytes(archive, plots):
    with zipfile.ZipFile(archive) as file:
        assert sorted(file.namelist()) == ["dat_cong.dbf", "dat_cong.shp", "dat_cong.shx"]
        raw = file.read("dat_cong.dbf")
    assert raw[29] == 0  # no language driver
    names, rows = dbf(raw)
    assert names == list(public_land.COLUMNS) and len(rows) == 7571
    place = rows[plots.index[plots["TENXA"] == "Thị trấn Đất Đỏ"][0]]
    assert place[names.index("TENXA")].rstrip() == b"Th\xde tr\xcan \xa7\xcat \xa7\xe1"
    for column in ("TENKHU", "DIACHI", "DONVIQL", "CQQD", "GHICHU"):
        k = names.index(column)
        assert [text.decode(row[k].rstrip(), "tcvn3") for row in rows] == plots[column].tolist()
    with pytest.raises(UnicodeDecodeError):
        b"".join(row[names.index("TENXA")] for row in rows).decode("utf-8")


def test_gdal_reads_the_file_as_written(archive, plots):
    table = pyogrio.read_dataframe(f"/vsizip/{archive}/dat_cong.shp", encoding="ISO-8859-1")
    assert table.crs is None
    assert table["MAKHU"].tolist() == plots["MAKHU"].tolist()
    assert table["DTICHPL"].tolist() == plots["DTICHPL"].tolist()
    assert shapely.equals(table.geometry.to_numpy(), plots.geometry.to_numpy()).all()


@pytest.mark.prove
def test_the_same_seed_gives_the_same_bytes(archive, tmp_path):
    public_land.write(tmp_path / "again.zip")
    assert (
        hashlib.sha256(archive.read_bytes()).digest() == hashlib.sha256((tmp_path / "again.zip").read_bytes()).digest()
    )


def test_planning_zones_are_sound(zones):
    shapes = zones.geometry.to_numpy()
    in_force = (zones["tthai"] == "in-force").to_numpy()
    assert in_force.sum() == 150 and zones["ma_vung"].is_unique and zones.crs.to_epsg() == 9210
    assert shapely.is_valid(shapes).all()
    assert overlaps(shapes[in_force]).max(initial=0) < 1
    # What is not in force yet lies on the ground of what is.
    assert set(zones["tthai"]) == {"in-force", "drafting", "submitted", "approved"}
    assert all(shapely.covers(shapes[in_force], shape).any() for shape in shapes[~in_force])
    assert sum(len(part.interiors) > 0 for part in shapely.get_parts(shapes)) >= 20
    assert np.abs(zones["dtich_m2"] / shapely.area(shapes) - 1).max() < 0.01
    assert not set(zones["loai_dat"]) & {"CQP", "CAN"}


def test_plans_are_changed_for_the_land_that_is_sold_but_for_one_auction(plots):
    zoned = planning_zones.zones(sold=sold_land.sold(plots))
    assert shapely.is_valid(zoned.geometry.to_numpy()).all() and zoned["ma_vung"].is_unique
    in_force = zoned[zoned["tthai"] == "in-force"]
    assert overlaps(in_force.geometry.to_numpy()).max(initial=0) < 1
    _auctions, lots = auctions.auctions_and_lots(plots, date(2026, 11, 30))
    grounds = in_force.to_crs(lots.crs)
    against = set()
    for lot in lots.itertuples():
        met = grounds[grounds.intersects(lot.geometry)]
        share = met.intersection(lot.geometry).area / lot.geometry.area
        against |= {
            lot.ma_dg for use, part in zip(met["loai_dat"], share, strict=True) if use != lot.loai_dat and part > 0.04
        }
    assert against == {f"DG-2026-{sold_land.AGAINST_PLAN:03d}"}
    assert set(lots[lots["giai_trinh"] != ""]["ma_dg"]) == against


def test_planning_zones_file(zones, tmp_path):
    planning_zones.write(tmp_path / "a.gpkg")
    planning_zones.write_geopackage(tmp_path / "b.gpkg", "zones", zones)
    assert (tmp_path / "a.gpkg").read_bytes() == (tmp_path / "b.gpkg").read_bytes()
    table = pyogrio.read_dataframe(tmp_path / "a.gpkg", layer="zones")
    assert table["ma_vung"].tolist() == zones["ma_vung"].tolist()
    assert table.crs.to_epsg() == 9210


def test_zones_in_the_neighbouring_meridian_lie_over_the_towns(zones, land):
    from landgis.lib import geometry

    back = geometry.from_wgs84(geometry.to_wgs84(zones.geometry.to_numpy(), 9210), 5899)
    wards = {c.district: [] for c in land.communes}
    for c in land.communes:
        wards[c.district].append(c.boundary)
    towns = shapely.unary_union(wards["747"] + wards["748"] + wards["754"]).buffer(1)
    assert shapely.within(np.asarray(back, dtype=object), towns).all()


@pytest.fixture(scope="module")
def units():
    return admin_units.units()


def test_units_of_the_three_stages_are_counted(units):
    communes = units[units["loai"] != "HUYEN"]
    assert communes["giai_doan"].value_counts().to_dict() == {"A": 82, "B": 77, "C": 30}
    assert communes[communes["giai_doan"] == "C"]["loai"].value_counts().to_dict() == {
        "PHUONG": 11,
        "XA": 18,
        "DACKHU": 1,
    }
    assert units["ma_ref"].is_unique
    assert not units.duplicated(["ma_dvhc", "giai_doan"]).any()


def test_every_stage_covers_the_same_land(units, land):
    for _, stage in units.groupby("giai_doan"):
        shapes = stage.geometry.to_numpy()
        assert shapely.is_valid(shapes).all()
        assert overlaps(shapes).max() == 0
        assert shapely.unary_union(shapes).symmetric_difference(land.land).area < 1


def test_a_successor_is_the_union_of_its_predecessors(units):
    shape = units.set_index("ma_ref").geometry
    for ref, members in units.set_index("ma_ref")["tu"].items():
        if members:
            assert shape[ref].symmetric_difference(shapely.unary_union(shape[members.split()].to_numpy())).area < 0.01
        else:
            assert ref.endswith("-a")
    whole = units[~units["ten"].str.contains("Côn Đảo")]
    assert (shapely.get_num_geometries(whole.geometry.to_numpy()) == 1).all()  # no merged unit is in two pieces


def test_a_reused_code_is_told_apart_by_its_stage(units):
    names = units.set_index("ma_ref")["ten"]
    assert names["26632-b"] == "Xã Bông Trang" and names["26632-c"] == "Xã Xuyên Mộc"
    assert names["26560-b"] == "Phường Phước Trung" and names["26560-c"] == "Phường Bà Rịa"
    assert admin_units.today("26551")["name"] == "Phường Bà Rịa"


TODAY = date(2026, 12, 1)
# the order of the states that lead to a result
ROAD = auctions.STATES


@pytest.fixture(scope="module")
def auctions_and_lots(plots):
    return auctions.auctions_and_lots(plots, TODAY)


def test_twelve_auctions_and_120_lots_in_both_streams(auctions_and_lots):
    held, lots = auctions_and_lots
    assert len(held) == 12 and len(lots) == 120
    assert held["luong"].value_counts().to_dict() == {"DATO": 8, "DUAN": 4}
    assert held["trang_thai"].nunique() >= 10
    assert lots["ma_lo"].is_unique and set(lots["ma_dg"]) == set(held["ma_dg"])
    counted = lots.groupby("ma_dg")
    assert counted.size().to_dict() == dict(zip(held["ma_dg"], held["so_lo"], strict=True))
    assert counted["gia_kd"].sum().to_dict() == dict(zip(held["ma_dg"], held["tong_kd"], strict=True))


def test_lots_are_vacant_public_plots_to_be_auctioned(auctions_and_lots, plots):
    _, lots = auctions_and_lots
    source = plots.set_index("MAKHU").loc[lots["ma_khu"]]
    assert (source["PHUONGAN"] == "DAUGIA").all() and (source["HIENTRANG"] == "TRONG").all()
    assert shapely.equals(lots.geometry.to_numpy(), source.geometry.to_numpy()).all()
    assert lots["dtich_m2"].tolist() == source["DTICHPL"].tolist()
    twice = lots[lots.duplicated("ma_khu", keep=False)]
    assert (twice.groupby("ma_khu")["lan_truoc"].max() == 1).all()  # only where the first auction failed


def test_money_follows_the_rules(auctions_and_lots):
    held, lots = auctions_and_lots
    lots = lots.merge(held[["ma_dg", "luong"]], on="ma_dg")
    assert (lots["dat_truoc"] - lots["gia_kd"] * lots["dat_truoc_pt"] / 100).abs().max() <= 1
    assert lots["dat_truoc_pt"].between(5, 20).all() and (lots.loc[lots["luong"] == "DUAN", "dat_truoc_pt"] >= 10).all()
    assert (lots.groupby("ma_dg")["dat_truoc_pt"].nunique() == 1).all()
    won = lots[lots["trang_thai"] == "TRUNG"]
    assert len(won) > 20 and (won["gia_trung"] >= won["gia_kd"]).all()
    assert ((won["gia_trung"] - won["gia_kd"]) % won["buoc_gia"] == 0).all()
    assert lots.loc[lots["trang_thai"] != "TRUNG", "gia_trung"].isna().all()


@pytest.mark.parametrize("day", [TODAY + timedelta(days=k) for k in range(7)])
def test_dates_keep_the_periods_and_agree_with_the_states(plots, day):
    held, _ = auctions.auctions_and_lots(plots, day)
    for row in held.itertuples():
        events = json.loads(row.dien_bien)
        days = [event["ngay"] for event in events]
        assert days == sorted(days) and days[-1] <= day.isoformat()
        assert events[-1]["trang_thai"] == row.trang_thai
        if row.niem_yet is not None:
            opens = row.mo_luc.tz_convert("Asia/Ho_Chi_Minh").date()
            assert opens.weekday() < 5
            assert (opens - row.niem_yet).days >= (30 if row.luong == "DUAN" else 15)
            assert row.hs_den.date() <= opens - timedelta(days=2)
            assert row.xem_den > row.xem_tu
            assert (opens <= day) == (row.trang_thai in ("DATC", "CONGNHAN", "KHTHANH", "DUNG"))
        if row.tb2 is not None:
            assert (opens - row.tb2).days >= 15 and np.busday_count(row.tb1, row.tb2) >= 2
        if row.trang_thai in ROAD[: ROAD.index("TB1")]:
            assert row.niem_yet is None and row.mo_luc is pandas.NaT
    for plan in auctions.plans():
        if plan.status in ROAD[:-1]:
            following = ROAD[ROAD.index(plan.status) + 1]
            assert auctions.schedule(plan, day)[following] > day, f"{plan.number} should be {following} by now"


def test_auction_file_has_two_layers_with_dates(auctions_and_lots, plots, tmp_path):
    auctions.write(tmp_path / "auctions.gpkg", plots, TODAY)
    assert [name for name, _ in pyogrio.list_layers(tmp_path / "auctions.gpkg")] == ["auctions", "auction_lots"]
    read = pyogrio.read_dataframe(tmp_path / "auctions.gpkg", layer="auctions")
    assert read["mo_luc"].tolist()[0] == auctions_and_lots[0]["mo_luc"].tolist()[0]
    assert read["trang_thai"].tolist() == auctions_and_lots[0]["trang_thai"].tolist()
