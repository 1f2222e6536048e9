"""Zones of three land-use plans round Vũng Tàu, Bà Rịa and Phú Mỹ, in VN-2000 / TM-3 105-45 (EPSG:9210).

Drawn in the province's own zone (EPSG:5899) and moved to the neighbouring one, as the city's planners would send it.
"""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import geopandas
import numpy as np
import pyogrio
import shapely

from landgis.lib import geometry

from . import SRID, fabric
from .landscape import Landscape, province
from .noise import warp
from .plot_facts import one_of

PLAN_SRID = 9210
PLANS = {  # mark: (plan, district, zones, decisions: the plan and a later change of it)
    "VT": (
        "Quy hoạch sử dụng đất đến năm 2030 thành phố Vũng Tàu",
        "747",
        54,
        [("1873/QĐ-UBND", date(2021, 7, 5)), ("2216/QĐ-UBND", date(2023, 9, 14))],
    ),
    "BR": (
        "Quy hoạch sử dụng đất đến năm 2030 thành phố Bà Rịa",
        "748",
        46,
        [("2475/QĐ-UBND", date(2021, 8, 30)), ("1684/QĐ-UBND", date(2023, 7, 12))],
    ),
    "PM": (
        "Quy hoạch sử dụng đất đến năm 2030 thị xã Phú Mỹ",
        "754",
        50,
        [("2566/QĐ-UBND", date(2021, 9, 10)), ("3127/QĐ-UBND", date(2023, 12, 6))],
    ),
}
# land use: (planned use, names of zones)
USES = {
    "ODT": ("Đất ở đô thị", ["Khu dân cư hiện hữu", "Khu dân cư mới", "Khu đô thị"]),
    "TMD": ("Đất thương mại, dịch vụ", ["Khu thương mại, dịch vụ", "Khu hỗn hợp trung tâm", "Khu du lịch"]),
    "DKV": ("Đất khu vui chơi, giải trí, sinh hoạt cộng đồng", ["Công viên", "Khu công viên cây xanh"]),
    "DGD": ("Đất cơ sở giáo dục và đào tạo", ["Cụm trường học", "Khu đại học"]),
    "DYT": ("Đất cơ sở y tế", ["Khu bệnh viện"]),
    "TSC": ("Đất trụ sở cơ quan", ["Khu hành chính"]),
    "SKK": ("Đất khu công nghiệp", ["Khu công nghiệp"]),
    "SKN": ("Đất cụm công nghiệp", ["Cụm công nghiệp"]),
    "DGT": ("Đất giao thông (cảng, bến bãi)", ["Khu cảng và dịch vụ hậu cần"]),
    "RPH": ("Đất rừng phòng hộ", ["Rừng phòng hộ", "Rừng ngập mặn"]),
    "CLN": ("Đất trồng cây lâu năm", ["Khu vườn cây lâu năm"]),
    "HNK": ("Đất trồng cây hằng năm khác", ["Khu đất màu"]),
    "NTS": ("Đất nuôi trồng thủy sản", ["Khu nuôi trồng thủy sản"]),
}
INNER = ("DKV", "DGD", "DYT", "TSC")
# What is not in force yet: mark -> (standing, in force from, decision, its day, planned uses of zones of today).
DRAFTS = {
    "VT": ("drafting", None, None, None, {"TMD": "ODT", "ODT": "DKV", "NTS": "TMD"}),
    "BR": ("submitted", None, None, None, {"HNK": "ODT", "CLN": "ODT", "ODT": "TMD"}),
    "PM": (
        "approved",
        date(2031, 1, 1),
        "3418/QĐ-UBND",
        date(2026, 10, 28),
        {"HNK": "SKN", "CLN": "ODT", "SKK": "DGT"},
    ),
}
DRAFTED = 4  # zones of each
SOLD_TOGETHER_M = 30  # lots closer than twice this are one zone
SOLD_ROUND_M = 12  # of the streets round the lots of an auction
DRAFT_IN_M = 18  # they keep clear of the roads round them


def zones(seed: int = 78, sold: Sequence[tuple[str, shapely.Geometry]] = ()) -> geopandas.GeoDataFrame:
    """All zones in EPSG:9210; columns ma_vung ... dtich_m2. Those in force do not overlap; some have holes.

    Those of plans that are not in force yet come last, each on the ground of one that is. After them the zones that the
    plans were changed by for land that is `sold`: use and ground in EPSG:5899.
    """
    rng = np.random.default_rng(seed)
    land = province()
    rows = [row for mark in PLANS for row in _plan(land, mark, rng)]
    rows += [
        row for mark in DRAFTS for row in _draft(mark, [row for row in rows if f"-{mark}-" in row["ma_vung"]], rng)
    ]
    rows = _changed_for(rows, sold)
    table = geopandas.GeoDataFrame(rows, geometry="geometry", crs=SRID)
    moved = geometry.from_wgs84(geometry.to_wgs84(table.geometry.values, SRID), PLAN_SRID)
    moved = shapely.transform(np.asarray(moved, dtype=object), lambda xy: np.round(xy, 3))
    zoned = [shapely.MultiPolygon(shapely.get_parts(shape).tolist()) for shape in moved]
    table = table.set_geometry(geopandas.GeoSeries(zoned, crs=PLAN_SRID))
    table["dtich_m2"] = np.round(shapely.area(moved) * (1 + rng.normal(0, 0.002, len(table))), 1)
    return table


def write(path: Path, seed: int = 78, sold: Sequence[tuple[str, shapely.Geometry]] = ()) -> None:
    """The zones as a GeoPackage, layer `zones`."""
    write_geopackage(path, "zones", zones(seed, sold))


def write_geopackage(path: Path, layer: str, table: geopandas.GeoDataFrame) -> None:
    """One layer with a fixed date of change, so that the same data give the same file."""
    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": "2024-01-15T08:00:00.000Z"})
    try:
        pyogrio.write_dataframe(
            table, path, layer=layer, driver="GPKG", use_arrow=True, layer_options={"GEOMETRY_NAME": "geom"}
        )
    finally:
        pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": None})


def _plan(land: Landscape, mark: str, rng) -> list[dict]:
    title, district, count, decisions = PLANS[mark]
    communes = [c for c in land.communes if c.district == district and c.kind == "Phường"]
    inner = count // 6
    cells = _cells(land, communes, count - inner, rng)
    uses = [_use(land, mark, cell, rng) for cell in cells]
    shapes = list(zip(uses, cells, strict=True))
    towns = [k for k, (use, cell) in enumerate(shapes) if use in ("ODT", "TMD", "SKK")]
    for k in sorted(towns, key=lambda k: -_room(shapes[k][1]))[:inner]:
        use, cell = shapes[k]
        hole = _inner(cell, rng)
        shapes[k] = use, shapely.set_precision(cell - hole, 0.001)
        shapes.append(("DKV" if use == "SKK" else one_of(INNER, rng), hole))
    return [_row(mark, n, use, shape, title, decisions, communes, rng) for n, (use, shape) in enumerate(shapes, 1)]


def _cells(land, communes, count, rng):
    """`count` zones that fill the wards between water and main roads; shared borders are slightly bent."""
    area = shapely.unary_union([c.boundary for c in communes]).buffer(-3)
    roads = [road.line.buffer(road.width / 2 + 6) for road in land.roads]
    area = shapely.unary_union(shapely.get_parts(area - shapely.unary_union([land.water.buffer(4), *roads])))
    shapely.prepare(area)
    points = np.empty((0, 2))
    distance = (area.area / count) ** 0.5
    while len(points) < count:
        spot = rng.uniform(area.bounds[:2], area.bounds[2:])
        centre = min(np.hypot(*(np.array(c.centre) - spot)) for c in communes)
        apart = distance * (0.45 + 0.5 * min(centre / 3000, 1))
        if area.contains(shapely.Point(spot)) and (np.hypot(*(points - spot).T) > apart).all():
            points = np.vstack([points, spot])
        distance *= 0.9995
    around = shapely.box(*area.buffer(3000).bounds)
    net = shapely.voronoi_polygons(shapely.MultiPoint(points), extend_to=around, ordered=True)
    bent = shapely.transform(shapely.segmentize(net, 60), lambda xy: warp(xy, 90, 900, seed=91))
    cells = [shapely.set_precision(cell & area, 0.001) for cell in shapely.get_parts(bent)]
    # a main road may cut a zone in two; scraps stay without a zone
    return [shapely.MultiPolygon([p for p in shapely.get_parts(cell) if p.area > 6000]) for cell in cells]


def _room(cell) -> float:
    """Radius of the largest circle inside."""
    return shapely.maximum_inscribed_circle(cell, tolerance=20).length


def _inner(cell, rng):
    """A park, school or hospital in the middle of a zone."""
    circle = shapely.maximum_inscribed_circle(cell, tolerance=10)
    x, y = circle.coords[0]
    side = circle.length * rng.uniform(0.35, 0.55)
    turn = rng.uniform(0, np.pi)
    corners = np.array([(-1, -0.7), (0.9, -0.75), (1, 0.6), (0.1, 0.85), (-0.95, 0.7)]) * side
    cos, sin = np.cos(turn), np.sin(turn)
    return shapely.Polygon(np.round(corners @ np.array([[cos, sin], [-sin, cos]]) + (x, y), 3))


def _use(land, mark, cell, rng) -> str:
    """The planned use that suits the place: hills and mangrove stay, the river front of Phú Mỹ is industry and ports."""
    point = cell.representative_point()
    if fabric.slopes(land).intersection(cell).area > 0.4 * cell.area:
        return "RPH"
    if sum(shape.intersection(cell).area for _, kind, shape in land.forests if kind == "mangrove") > 0.4 * cell.area:
        return one_of(["RPH", "RPH", "NTS"], rng)
    river = land.rivers["Sông Thị Vải"].distance(point)
    if mark == "PM" and river < 3200:
        return "DGT" if river < 1100 else one_of(["SKK", "SKK", "SKK", "SKN"], rng)
    centre = min(np.hypot(c.centre[0] - point.x, c.centre[1] - point.y) / c.built_m for c in land.communes if c.urban)
    if min(line.distance(cell) for line in land.coast) < 60 and mark == "VT":
        return one_of(["TMD", "TMD", "DKV", "ODT"], rng)
    if centre < 1:
        return one_of(["ODT"] * 8 + ["TMD", "TMD", "TSC", "DKV", "DGD"], rng)
    return one_of(["CLN", "CLN", "HNK", "HNK", "ODT", "SKN"] if mark != "VT" else ["ODT", "NTS", "DKV", "TMD"], rng)


def _row(mark, number, use, shape, title, decisions, communes, rng) -> dict:
    planned, names = USES[use]
    ward = min(communes, key=lambda c: c.boundary.distance(shape.representative_point()))
    decision = decisions[int(rng.random() < 0.2)]
    return {
        "ma_vung": f"QH-{mark}-{number:03d}",
        "ten_vung": f"{one_of(names, rng)} số {number} {ward.name[0].lower()}{ward.name[1:]}",
        "ten_qh": title if decision is decisions[0] else "Điều chỉnh " + title[0].lower() + title[1:],
        "so_qd": decision[0],
        "ngay_qd": decision[1],
        "loai_dat": use,
        "nhan": planned,
        "ky_qh": "2021-2030",
        "tthai": "in-force",
        "hieu_luc": decision[1],
        "geometry": shape,
    }


def _draft(mark: str, in_force: list[dict], rng) -> list[dict]:
    """Zones of a local change of a plan: the same ground for another use."""
    standing, valid_from, decision, decided_on, changes = DRAFTS[mark]
    changed = [row for row in in_force if row["loai_dat"] in changes]
    picked = [changed[k] for k in sorted(rng.permutation(len(changed))[:DRAFTED])]
    rows = []
    for number, row in enumerate(picked, 1):
        use = changes[row["loai_dat"]]
        planned, names = USES[use]
        ward = row["ten_vung"].partition(" số ")[2].partition(" ")[2]
        rows.append(
            row
            | {
                "ma_vung": f"DC-{mark}-{number:03d}",
                "ten_vung": f"{one_of(names, rng)} điều chỉnh số {number} {ward}",
                "ten_qh": _draft_title(PLANS[mark][0], is_next=valid_from is not None),
                "so_qd": decision,
                "ngay_qd": decided_on,
                "loai_dat": use,
                "nhan": planned,
                "tthai": standing,
                "hieu_luc": valid_from,
                "geometry": shapely.set_precision(row["geometry"].buffer(-DRAFT_IN_M), 0.001),
                "ky_qh": "2031-2040" if valid_from else row["ky_qh"],
            }
        )
    return rows


def _changed_for(rows: list[dict], sold: Sequence[tuple[str, shapely.Geometry]]) -> list[dict]:
    """The plans in force after they were changed for the land that is sold: a plan comes before an auction."""
    for use, ground in sold:
        room = shapely.set_precision(ground.buffer(SOLD_TOGETHER_M).buffer(SOLD_ROUND_M - SOLD_TOGETHER_M), 0.001)
        others = [
            row
            for row in rows
            if row["tthai"] == "in-force" and row["loai_dat"] != use and row["geometry"].intersection(ground).area > 1
        ]
        if not others:
            continue
        whole = shapely.set_precision(room & shapely.unary_union([row["geometry"] for row in others]), 0.001)
        for row in others:
            row["geometry"] = shapely.set_precision(row["geometry"] - room, 0.001)
        first = max(others, key=lambda row: row["geometry"].area)
        mark = first["ma_vung"].split("-")[1]
        number = 1 + max(int(row["ma_vung"][-3:]) for row in rows if row["ma_vung"].startswith(f"QH-{mark}-"))
        title, _district, _count, decisions = PLANS[mark]
        planned, names = USES[use]
        rows.append(
            first
            | {
                "ma_vung": f"QH-{mark}-{number:03d}",
                "ten_vung": f"{names[1]} số {number} {first['ten_vung'].partition(' số ')[2].partition(' ')[2]}",
                "ten_qh": "Điều chỉnh " + title[0].lower() + title[1:],
                "so_qd": decisions[1][0],
                "ngay_qd": decisions[1][1],
                "hieu_luc": decisions[1][1],
                "loai_dat": use,
                "nhan": planned,
                "geometry": whole,
            }
        )
    return [row for row in rows if not row["geometry"].is_empty]


def _draft_title(title: str, *, is_next: bool) -> str:
    """The plan of the next period, or a local change of the one in force."""
    return title.replace("2030", "2040") if is_next else f"Điều chỉnh cục bộ {title[0].lower()}{title[1:]}"
