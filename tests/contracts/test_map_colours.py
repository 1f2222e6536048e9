"""What the map draws can be told from the ground below it and from each other, also by those who see fewer colours."""

import itertools

import numpy as np
import pytest
import shapely
from PIL import Image, ImageColor

from landgis.catalog import ground_symbols, registry, symbols
from landgis.catalog.clusters import FeatureCluster
from landgis.catalog.symbols import CASING, HEADLINES, KINDS, OWN, Lettering, Symbol
from landgis.lib.webmap import View, metres
from landgis.pictures import discs, paint
from landgis.pictures.shapes import Drawn

# Machado, Oliveira and Fernandes (2009), severity 1, on linear red, green and blue.
SIGHTS = {
    "all colours": np.eye(3),
    "deuteranopia": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
    "protanopia": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
}
TO_XYZ = np.array(
    [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]]
)
APART = 20  # steps of CIELAB (1976); a few are seen side by side, some twenty in a legend and across a map
GROUNDS = [(grey, grey, grey) for grey in range(0, 256, 15)] + [
    (62, 82, 52), (96, 110, 74), (38, 58, 78), (168, 92, 70), (206, 188, 152), (120, 160, 190), (228, 226, 220),
]  # fmt: skip


def linear(colour: np.ndarray) -> np.ndarray:
    part = np.asarray(colour, dtype=float) / 255
    return np.where(part <= 0.04045, part / 12.92, ((part + 0.055) / 1.055) ** 2.4)


def lab(colour: str, sight: str) -> np.ndarray:
    """CIELAB of a colour as somebody with that sight sees it."""
    seen = np.clip(SIGHTS[sight] @ linear(np.array(ImageColor.getrgb(colour)[:3])), 0, 1)
    x, y, z = np.cbrt(np.maximum(TO_XYZ @ seen / (0.95047, 1, 1.08883), 1e-9))
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


def filled() -> dict[str, str]:
    """The colours of plots, lots and zones by name, as their legends show them."""
    found = {}
    for dataset in (registry.get(name) for name in ("public-land", "auction-lots", "planning-zones")):
        found |= {f"{dataset.name} {code}": colour for code, colour in dataset.map.style.colours.items()}
        if not dataset.map.style.colours:
            found[dataset.name] = dataset.map.colour
    return found


@pytest.mark.parametrize("sight", SIGHTS)
def test_colours_are_told_apart(sight: str) -> None:
    seen = {name: lab(colour, sight) for name, colour in filled().items()}
    near = {
        (one, other): round(float(np.linalg.norm(seen[one] - seen[other])), 1)
        for one, other in itertools.combinations(seen, 2)
        if np.linalg.norm(seen[one] - seen[other]) < APART and filled()[one] != filled()[other]
    }
    assert near == {}


def luminance(image: np.ndarray) -> np.ndarray:
    return linear(image) @ TO_XYZ[1]


def contrast(image: np.ndarray, ground: tuple[int, ...]) -> np.ndarray:
    """Of every pixel against a ground, as WCAG reckons it."""
    lights = np.stack([luminance(image), np.broadcast_to(luminance(np.array(ground)), image.shape[:2])])
    return (lights.max(axis=0) + 0.05) / (lights.min(axis=0) + 0.05)


def least_contrast(sheet: Image.Image, places: list[tuple[float, float]]) -> float:
    """On the worst ground the best contrast within 5 pixels of the worst place."""
    found = []
    for ground in GROUNDS:
        flat = Image.new("RGBA", sheet.size, (*ground, 255))
        flat.alpha_composite(sheet)
        best = contrast(np.asarray(flat.convert("RGB")), ground)
        found += [best[int(y) - 5 : int(y) + 6, int(x) - 5 : int(x) + 6].max() for x, y in places]
    return min(found)


def view(zoom: float) -> View:
    return View(107.2, 10.5, zoom, 200, 200)


NAMES = ["public-land", "auction-lots", "planning-zones", "parcels", "admin-units"]


@pytest.mark.parametrize("zoom", [15, 18])
@pytest.mark.parametrize("name", NAMES)
def test_the_edge_of_an_area_has_three_times_the_contrast_of_any_ground(name: str, zoom: float) -> None:
    dataset, seen = registry.get(name), view(zoom)
    x, y = metres(107.2, 10.5)
    side = 60 * seen.pixel_m
    box = shapely.MultiPolygon([shapely.box(x - side, y - side, x + side, y + side)])
    places = [(40, at) for at in range(50, 151, 10)] + [(at, 160) for at in range(50, 151, 10)]
    for code in dataset.map.style.colours or [None]:
        sheet = paint.paint(Image.new("RGBA", (200, 200)), dataset, Drawn([(code, box)], [], False), seen, 1)
        assert least_contrast(sheet, places) >= 3, code


@pytest.mark.parametrize(
    ("name", "zoom"),
    [("auction-lots", 8), ("auction-lots", 11), ("public-land", 7), ("public-land", 8), ("public-land", 15)],
)
def test_a_point_has_it_too(name: str, zoom: float) -> None:
    dataset = registry.get(name)
    for code in dataset.map.style.colours or [None]:
        found = Drawn([], [(code, *metres(107.2, 10.5))], False)
        sheet = paint.paint(Image.new("RGBA", (200, 200)), dataset, found, view(zoom), 1)
        assert least_contrast(sheet, [(100, 100)]) >= 3, code


@pytest.mark.parametrize("symbol", [*KINDS.values(), *HEADLINES.values()])
def test_every_row_of_the_table_has_a_whole_dark_edge_under_each_line_near_by(symbol: Symbol) -> None:
    """From zoom 15 on, wide enough to be seen at both sides of the line, whatever the colour of the feature."""
    for shapes in filter(None, (symbol.lines, symbol.dots)):
        dark = max((one for one in shapes if one.colour == CASING), key=lambda one: one.wider)
        drawn = [one for one in shapes if one.colour == OWN]
        for zoom in (15, 18):
            assert symbols.between(dark.shade, zoom) == 1 and all(
                symbols.between(one.shade, zoom) == 1 for one in drawn
            )
        assert dark.wider - max(one.wider for one in drawn if not getattr(one, "dashes", ())) >= 1
    for dot in symbol.dots:
        assert symbols.between(dot.shade, 15) == 1


@pytest.mark.parametrize(
    "label", [symbols.GROUND_NAME, *(symbol.label for symbol in (*KINDS.values(), *HEADLINES.values()))]
)
def test_letters_are_read_on_their_halo_and_on_ground_without_an_image(label: Lettering) -> None:
    light = symbols.on_light(label)
    assert of_two(light.colour, light.halo) >= 7 and light.size == label.size
    assert min(of_two(light.colour, ground) for ground in (symbols.LAND, symbols.SEA)) >= 7
    assert luminance(np.array(paint.rgb(light.halo))) > luminance(np.array(paint.rgb(light.colour)))
    text = np.array([[paint.rgb(label.colour)]])
    assert contrast(text, paint.rgb(label.halo)).min() >= 7
    assert label.halo_width >= 1.5 and min(size for _zoom, size in label.size) >= 10


def test_a_disc_has_it_too() -> None:
    sheet = Image.new("RGBA", (200, 200))
    discs.draw_discs(
        sheet, registry.get("parcels"), [FeatureCluster(40, *metres(107.2, 10.5), (0, 0, 0, 0), 15)], view(10), 1, []
    )
    assert least_contrast(sheet, [(100, 100)]) >= 3


def of_two(colour: str, ground: str) -> float:
    return float(contrast(np.array([[ImageColor.getrgb(colour)]]), ImageColor.getrgb(ground))[0, 0])


@pytest.mark.parametrize("row", ground_symbols.BASE_MAP_NAMES, ids=lambda row: f"{row.layer} {row.kinds[0]}")
def test_names_of_the_base_map_are_read_on_their_rims(row: ground_symbols.BaseMapName) -> None:
    for look in (row.look, row.over):
        assert of_two(look.colour, look.halo) >= 4.5
    for ground in (symbols.LAND, symbols.SEA):
        assert of_two(row.look.colour, ground) >= 4.5


@pytest.mark.parametrize(
    "row", [line for line in ground_symbols.BASE_MAP_LINES if line.casing], ids=lambda row: row.kinds[0]
)
def test_roads_of_the_base_map_are_told_from_the_land_by_their_edges(row: ground_symbols.BaseMapLine) -> None:
    assert of_two(row.casing, symbols.LAND) > 1.5
