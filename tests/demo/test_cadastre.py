"""The made-up cadastre: parcels that share their edges, lie where the scenes draw houses, and come as offices send them."""

import hashlib
import json
import re
import zipfile
from itertools import pairwise

import numpy as np
import pandas
import pyogrio
import pytest
import shapely

from demo import cadastre, gardens, public_land, scene_town, scenes, town_parcels
from demo.block_lots import HALL, HOUSE, VILLA, YARDED
from demo.landscape import province
from demo.parcel_numbers import BAND_M
from demo.scene_world import World
from landgis.lib import geometry, text
from landgis.vn import parcel_code
from tests.demo.test_recipes import dbf, overlaps

# The world of the tests is loaded from these files, and does not load when they are wrong.
pytestmark = pytest.mark.prove
COUNT = 3000


@pytest.fixture(scope="module")
def made(plots):
    return cadastre.made(plots, COUNT)


@pytest.fixture(scope="module")
def parcels(made):
    return made.parcels


@pytest.fixture(scope="module")
def folder(made, tmp_path_factory):
    path = tmp_path_factory.mktemp("cadastre")
    cadastre.save(made, path)
    return path


def test_there_are_as_many_parcels_as_asked_for(parcels):
    assert len(parcels) == COUNT
    assert set(parcels["MAHUYEN"]) == set(cadastre.DISTRICTS)
    assert parcels["MAHUYEN"].value_counts().index[0] == "747"
    country = parcels["LOAIDAT"].isin(["LUC", "CLN", "HNK", "NTS", "RSX", "LMU"]).mean()
    assert 0.1 < country < 0.4


def test_parcels_are_sound_and_do_not_overlap(parcels):
    shapes = parcels.geometry.to_numpy()
    assert shapely.is_valid(shapes).all()
    assert set(shapely.get_type_id(shapes)) == {3}
    assert shapely.area(shapes).min() > 15
    assert overlaps(shapes).max() == 0


def test_neighbours_share_their_edges_corner_by_corner(parcels):
    """Where two parcels meet along a line, every corner of the line is a corner of both."""
    shapes = parcels.geometry.to_numpy()
    a, b = shapely.STRtree(shapes).query(shapes, predicate="touches")
    shared = shapely.intersection(shapely.boundary(shapes[a]), shapely.boundary(shapes[b]))
    along = shapely.length(shared) > 0.5
    assert along.sum() > 2 * COUNT
    corners = [set(map(tuple, shapely.get_coordinates(shape).tolist())) for shape in shapes]
    for k in np.flatnonzero(along):
        assert set(map(tuple, shapely.get_coordinates(shared[k]).tolist())) <= corners[a[k]] & corners[b[k]]


def test_coordinates_are_whole_millimetres(parcels):
    xy = shapely.get_coordinates(parcels.geometry.to_numpy())
    assert np.abs(xy - np.round(xy, 3)).max() < 1e-8


def test_a_parcel_lies_in_its_commune_on_dry_land(parcels):
    land = province()
    boundary = {c.code: c.boundary for c in land.communes}
    names = {c.code: c.name for c in land.communes}
    inside = shapely.within(
        shapely.point_on_surface(parcels.geometry.to_numpy()), [boundary[c] for c in parcels["MAXA"]]
    )
    assert inside.all()
    assert (parcels["MAXA"].map(names) == parcels["TENXA"]).all()
    assert shapely.area(shapely.intersection(parcels.geometry.to_numpy(), land.water)).max() < 0.1
    by_code = parcels.groupby("MAXAMOI")["TENXAMOI"].unique()
    assert by_code["26560"].tolist() == ["Phường Bà Rịa"]


def test_sheet_and_number_are_unique_but_for_real_life_twins(parcels):
    key = ["MAXA", "SHBANDO", "SHTHUA"]
    assert not parcels.duplicated([*key, "SOPHU"]).any()
    twins = parcels[parcels.duplicated(key, keep=False)]
    assert 2 <= len(twins) <= COUNT * 0.01
    assert twins.groupby(key)["SOPHU"].agg(sorted).map(lambda letters: letters == ["", "b"]).all()
    assert (parcels[["SHBANDO", "SHTHUA"]].astype(int) > 0).all(axis=None)


def test_a_sheet_is_one_cell_of_the_grid(parcels):
    private = parcels[parcels["LOAICHU"] == "GDC"]
    x, y = shapely.get_coordinates(shapely.centroid(private.geometry.to_numpy())).T
    cells = pandas.Series(
        list(zip(x // public_land.SHEET_M, y // public_land.SHEET_M, strict=True)), index=private.index
    )
    assert (cells.groupby([private["MAXA"], private["SHBANDO"]]).nunique() == 1).all()
    assert (private["SHBANDO"].groupby([private["MAXA"], cells]).nunique() == 1).all()


def test_numbers_run_from_north_to_south_in_zigzag(parcels):
    private = parcels[(parcels["SOPHU"] == "") & ~parcels["LOAICHU"].isin(["UBS", "TPQ", "TCN", "TKT"])]
    x, y = shapely.get_coordinates(shapely.centroid(private.geometry.to_numpy())).T
    band = np.floor(-y / BAND_M).astype(int)
    way = pandas.DataFrame({"band": band, "along": np.where(band % 2, -x, x)}, index=private.index)
    ordered = private.assign(number=private["SHTHUA"].astype(int)).sort_values("number")
    for _, sheet in ordered.groupby(["MAXA", "SHBANDO"]):
        own = way.loc[sheet.index]
        assert own.equals(own.sort_values(["band", "along"]))


def test_codes_decode_to_places_deep_inside(parcels):
    assert parcels["MATHUA"].is_unique
    places = shapely.points([parcel_code.decode(code)[:2] for code in parcels["MATHUA"]])
    shapes = parcels.geometry.to_numpy()
    places = np.asarray(geometry.from_wgs84(places, 5899), object)
    assert shapely.within(places, shapes).all()
    radius = shapely.length(shapely.maximum_inscribed_circle(shapes, 0.05))
    assert (shapely.distance(places, shapely.boundary(shapes)) / radius).min() > 0.85


def test_areas_on_paper_are_near_the_drawing_and_made_of_the_uses(parcels):
    apart = np.abs(parcels["DTPL"] / shapely.area(parcels.geometry.to_numpy()) - 1)
    assert apart.max() < 0.06
    assert 0.1 < (apart > 0.0025).mean() < 0.4
    several = 0
    for whole, short, listed in zip(parcels["DTPL"], parcels["MDSD"], parcels["MDSD_JSON"], strict=True):
        parts = json.loads(listed)
        assert sum(round(part["dienTich"] * 10) for part in parts) == round(whole * 10)
        assert short == "; ".join(f"{p['maMucDichSuDung']}:{p['dienTich']:.1f}".removesuffix(".0") for p in parts)
        assert all((part.get("thoiHanSuDung") == "N50") == ("ngayHetHanSuDung" in part) for part in parts)
        several += len(parts) > 1
    assert 0.1 < several / COUNT < 0.5


def test_public_plots_are_whole_parcels(parcels, plots):
    """A parcel lies in a plot or outside it; the parcels of a plot cover it and have the numbers of the inventory."""
    shapes, public = parcels.geometry.to_numpy(), plots.geometry.to_numpy()
    plot, parcel = shapely.STRtree(shapes).query(public, predicate="intersects")
    common = shapely.area(shapely.intersection(public[plot], shapes[parcel]))
    whole = shapely.area(shapes[parcel])
    assert ((common < 1e-4 * whole + 0.06) | (common > whole * (1 - 1e-4) - 0.06)).all()
    covered = np.bincount(plot, weights=common, minlength=len(plots))
    some = np.flatnonzero(covered > 1)
    assert len(some) > 15
    assert (covered[some] / shapely.area(public[some])).min() > 0.999
    inside = common > whole / 2
    paper = parcels["DTPL"].to_numpy()[parcel[inside]]
    assert np.abs(np.bincount(plot[inside], paper, len(plots))[some] - plots["DTICHPL"].to_numpy()[some]).max() < 0.01
    for row, at in zip(plot[inside], parcel[inside], strict=True):
        assert parcels["SHBANDO"].iat[at] == plots["SOTO"].iat[row]
        assert parcels["SHTHUA"].iat[at] in plots["SOTHUA"].iat[row].split(", ")
        assert parcels["LOAIDAT"].iat[at] == plots["LOAIDAT"].iat[row]


def test_roofs_of_a_scene_lie_in_parcels(plots):
    """The lots that a scene draws houses on are the parcels of the same blocks."""
    world = World(province(), plots)
    frame = next(one for one in scenes.FRAMES if one.name == "vung-tau")
    near = shapely.box(frame.west + 300, frame.south + 300, frame.west + 600, frame.south + 600)
    fabric = scene_town.Fabric(world, near, True)
    parts = town_parcels.plot_parts(plots)
    parcels = town_parcels.of_blocks(world.land, plots, parts, fabric.blocks, fabric.numbers, {})
    lots, roofs = fabric.lots, fabric.parts
    built = np.flatnonzero(np.isin(lots.stands, (HOUSE, VILLA, HALL, YARDED)) & (lots.plot < 0))
    corners = []
    for k in built:
        block, start = fabric.blocks[lots.block[k]], lots.start[k]
        sides = [
            (start + u, v) for u in (roofs.left[k, 0], roofs.right[k, 0]) for v in (roofs.front[k, 0], roofs.back[k, 0])
        ]
        corners.append(block.place([(u, block.depth - v if lots.row[k] else v) for u, v in sides]))
    houses = shapely.convex_hull(shapely.multipoints(np.array(corners)))
    assert len(houses) > 500
    house, parcel = shapely.STRtree(parcels.shape).query(houses, predicate="intersects")
    share = shapely.area(shapely.intersection(houses[house], parcels.shape[parcel])) / shapely.area(houses[house])
    best = np.zeros(len(houses))
    np.maximum.at(best, house, share)
    assert best.min() > 0.98


def test_each_single_house_of_a_scene_has_its_garden(plots):
    world = World(province(), plots)
    frame = next(one for one in scenes.FRAMES if one.name == "ba-ria")
    inside = shapely.box(frame.west + 380, frame.south + 430, frame.west + 580, frame.south + 630)
    numbers = np.flatnonzero(shapely.intersects(world.block_shapes, inside.buffer(100)))
    found = gardens.of_place(world, town_parcels.plot_parts(plots), world.pavements[numbers], inside.buffer(30), inside)
    column, row = np.meshgrid(*(np.unique(axis // gardens.CELL_M) for axis in gardens._reach(inside)))
    column, row = column[gardens.has_hut(column, row)], row[gardens.has_hut(column, row)]
    huts = shapely.points(np.column_stack(gardens.hut_places(column, row)))
    _, parcel = shapely.STRtree(found.shape).query(huts, predicate="within")
    assert len(found) > 20
    count = np.bincount(parcel, minlength=len(found))
    assert (count <= 1).mean() > 0.85 and count.max() <= 3  # a rest too small for a parcel is added to its neighbour


def test_defence_and_security_hide_in_their_block(made):
    parcels, masks = made.parcels, made.masks
    shapes = parcels.geometry.to_numpy()
    guarded = parcels["LOAIDAT"].isin(["CQP", "CAN"])
    assert set(parcels["LOAIDAT"][guarded]) == {"CQP", "CAN"} and 4 <= guarded.sum() <= 20
    assert (parcels["CONGKHAI"][guarded] == "0").all() and (parcels["CONGKHAI"] == "0").mean() < 0.02
    assert masks["MAVUNG"].is_unique and set(masks.columns) == {"MAVUNG", "TEN", "GHICHU", "geometry"}
    mask, parcel = shapely.STRtree(shapes).query(masks.geometry.to_numpy(), predicate="intersects")
    assert set(np.flatnonzero(guarded)) <= set(parcel)
    assert shapely.within(shapes[parcel], masks.geometry.to_numpy()[mask]).all()  # whole blocks, not parts of parcels
    neighbours = pandas.Series(parcel).groupby(mask).nunique()
    assert neighbours.min() > 8
    hidden = np.bincount(mask, shapely.area(shapes[parcel]) * guarded.to_numpy()[parcel])
    assert (hidden / shapely.area(masks.geometry.to_numpy())).max() < 0.5


def test_land_users_are_invented_and_stand_in_the_officers_columns(parcels):
    people = parcels[parcels["LOAICHU"] == "GDC"]
    assert len(people) > COUNT * 0.9
    invented = "Minh Họa|Thử Nghiệm|Ví Dụ|Mẫu|Giả Định|Tưởng Tượng"
    assert people["TENCHU"].str.contains(invented).all()
    assert people["CCCD"].str.fullmatch(r"000\d{9}").all() and people["CCCD"].is_unique
    assert (parcels["CCCD"][parcels["LOAICHU"] != "GDC"] == "").all()
    public = parcels.drop(columns=["geometry", "TENCHU", "CCCD", "SOGCN"]).astype(str).agg(" ".join, axis=1)
    assert not public.str.contains(invented).any()


def test_houses_are_numbered_along_their_street(parcels):
    houses = parcels["DIACHI"].str.extract(r"^Số (\d+) đường ([^,]+), (.+)$").dropna()
    assert len(houses) > COUNT * 0.5
    assert not houses.duplicated().any()


def test_prices_fit_the_streets_of_the_parcels(made):
    prices = made.prices
    assert 2000 < len(prices) < 10_000 and prices["price_code"].is_unique
    assert list(prices.columns) == [
        "price_code", "commune_name", "street", "segment", "position", "land_use", "price_vnd_m2", "valid_from",
        "decision_no", "decision_on",
    ]  # fmt: skip
    streets = made.parcels["DIACHI"].str.extract(r"^Số \d+ đường ([^,]+),")[0]
    served = made.parcels[streets.notna() & (made.parcels["LOAICHU"] == "GDC")]
    listed = set(zip(prices["commune_name"], prices["street"], strict=True))
    assert len(served) > COUNT * 0.5
    assert set(zip(served["TENXAMOI"], streets[served.index], strict=True)) <= listed
    for _, street in prices[prices["land_use"].isin(["ODT", "ONT"])].groupby(["commune_name", "street", "segment"]):
        by_position = street.sort_values("position")["price_vnd_m2"].tolist()
        assert len(by_position) == 4 and all(a > b for a, b in pairwise(by_position))
    vung_tau = prices[
        (prices["commune_name"] == "Phường Vũng Tàu") & (prices["land_use"] == "ODT") & (prices["position"] == 1)
    ]
    assert 20e6 < vung_tau["price_vnd_m2"].median() < 50e6


# --- Files ----------------------------------------------------------------------------------------


def test_every_file_that_is_to_be_loaded_is_written(folder, parcels):
    assert sorted(path.name for path in folder.iterdir()) == sorted(cadastre.FILES)
    counts = [len(parcels[parcels["MAHUYEN"].isin(districts)]) for districts in cadastre.PARCEL_FILES.values()]
    assert min(counts) > 50 and sum(counts) == COUNT


def test_the_shapefile_has_tcvn3_text_and_names_no_system(folder, parcels):
    own = parcels[parcels["MAHUYEN"] == "748"]
    with zipfile.ZipFile(folder / "thua_dat_ba_ria.zip") as file:
        assert sorted(file.namelist()) == ["thua_dat.dbf", "thua_dat.shp", "thua_dat.shx"]
        raw = file.read("thua_dat.dbf")
    assert raw[29] == 0
    names, rows = dbf(raw)
    assert names == list(cadastre.COLUMNS) and len(rows) == len(own)
    for column in ("TENXA", "TENXAMOI", "DIACHI", "TENCHU", "MDSD", "SHTHUA"):
        k = names.index(column)
        assert [text.decode(row[k].rstrip(), "tcvn3") for row in rows] == own[column].tolist()
    with pytest.raises(UnicodeDecodeError):
        b"".join(row[names.index("DIACHI")] for row in rows).decode("utf-8")
    table = pyogrio.read_dataframe(f"/vsizip/{folder}/thua_dat_ba_ria.zip/thua_dat.shp", encoding="ISO-8859-1")
    assert table.crs is None
    assert shapely.equals(table.geometry.to_numpy(), own.geometry.to_numpy()).all()


@pytest.mark.parametrize("name", ["thua_dat_vung_tau.gpkg", "thua_dat_phu_my.fgb", "thua_dat_cac_huyen.gpkg"])
def test_newer_offices_send_uses_as_a_list(folder, parcels, name):
    districts = cadastre.PARCEL_FILES[name]
    own = parcels[parcels["MAHUYEN"].isin(districts)].set_index("MATHUA")
    table = pyogrio.read_dataframe(folder / name)
    assert table.crs.to_epsg() == 5899
    assert set(table["MATHUA"]) == set(own.index) and list(table.columns) == [*cadastre.COLUMNS, "geometry"]
    found = own.loc[table["MATHUA"]]
    assert table["MDSD"].tolist() == found["MDSD_JSON"].tolist()
    assert table["TENCHU"].tolist() == found["TENCHU"].tolist()
    assert shapely.equals(table.geometry.to_numpy(), found.geometry.to_numpy()).all()


def test_one_office_sends_csv_with_wkt_in_metres(folder, parcels):
    own = parcels[parcels["MAHUYEN"] == "752"]
    table = pandas.read_csv(folder / "thua_dat_long_dien.csv", dtype=str, keep_default_na=False)
    assert list(table.columns) == [*cadastre.COLUMNS, "WKT"]
    assert table["MAXA"].tolist() == own["MAXA"].tolist()
    assert re.match(r"POLYGON \(\(4\d{5}\.\d+ 11\d{5}", table["WKT"][0])
    shapes = shapely.from_wkt(table["WKT"].to_numpy())
    assert shapely.equals_exact(shapes, own.geometry.to_numpy(), tolerance=1e-6).all()


def test_the_same_seed_gives_the_same_bytes(folder, plots, tmp_path):
    cadastre.write(tmp_path, plots, COUNT)
    for path in sorted(folder.iterdir()):
        digests = [hashlib.sha256(file.read_bytes()).hexdigest() for file in (path, tmp_path / path.name)]
        assert digests[0] == digests[1], path.name


def test_too_few_are_refused(plots):
    with pytest.raises(ValueError, match="at least"):
        cadastre.made(plots, 10)
