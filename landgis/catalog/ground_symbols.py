"""How the base map is painted: the rows of landgis/catalog/symbols.py for areas, lines and names that no dataset holds."""

from dataclasses import dataclass, replace

from landgis.catalog.symbols import SEA, WHITE, Lettering, Stops


@dataclass(frozen=True)
class BaseMapArea:
    """Areas of the base map, of these kinds; over an image they are not drawn."""

    layer: str
    kinds: tuple[str, ...]
    colour: str


@dataclass(frozen=True)
class BaseMapLine:
    """Lines of the base map, with an edge of `casing` on both sides where it has one.

    Over an image they are white and thin, and go where its pixels show what they are; `is_over` where they are drawn at all.
    """

    layer: str
    kinds: tuple[str, ...]
    since: float  # the zoom
    width: Stops
    colour: str
    casing: str = ""
    is_over: bool = True


@dataclass(frozen=True)
class BaseMapName:
    """Names of the base map: on the map that is drawn alone, and over an image; along a line, or beside a dot."""

    layer: str
    kinds: tuple[str, ...]
    since: float
    look: Lettering
    over: Lettering
    is_along: bool = False
    dot: str = ""  # its colour


CASING_PX = 1.2  # what an edge adds to the width of a line
LANDMARK_PX = 2.5  # the radius of a dot
OVER_WIDTH, OVER_SHADE = 0.6, ((8, 0.75), (13, 0.6), (16, 0.25), (17, 0.0))  # of roads, over an image
_WORD = Lettering(((11, 10), (15, 12), (18, 13)), colour="#3d443c", halo="#f6f7f3", halo_shade=0.95)
_OVER = replace(_WORD, colour="#eef2ee", halo="#0a1614", halo_shade=0.8, halo_width=1.2)
_OVER_WET = replace(_OVER, colour="#cfe6f2")
_WET = replace(_WORD, colour="#1f4e66", halo="#e3eef3")
BASE_MAP_AREAS = (BaseMapArea("water", ("sea", "lake"), SEA),)
BASE_MAP_LINES = (  # the lowest first
    BaseMapLine("water", ("stream",), 12, ((12, 0.5), (18, 3)), SEA, is_over=False),
    BaseMapLine("water", ("river",), 8, ((8, 0.7), (13, 2), (18, 6)), SEA, is_over=False),
    BaseMapLine("roads", ("path",), 15, ((15, 0.7), (18, 2)), "#bdb3a0", is_over=False),
    BaseMapLine("roads", ("street",), 13, ((13, 0.5), (15, 2), (18, 9)), WHITE, "#c3c2b4"),
    BaseMapLine("roads", ("secondary",), 10, ((10, 0.5), (14, 2.4), (18, 11)), WHITE, "#b4b2a2"),
    BaseMapLine("roads", ("primary",), 8, ((8, 0.6), (11, 1.4), (14, 3.4), (18, 12)), "#fdf3d3", "#a69c74"),
    BaseMapLine("roads", ("trunk",), 7, ((7, 0.7), (11, 2), (14, 4), (18, 13)), "#f8dfa4", "#a58648"),
    BaseMapLine("roads", ("motorway",), 5, ((5, 0.7), (11, 2.4), (14, 4.5), (18, 14)), "#f2be84", "#a06a2c"),
)
BASE_MAP_NAMES = (  # the least important first
    BaseMapName("road-names", ("street",), 15.5, _WORD, _OVER, is_along=True),
    BaseMapName("landmarks", ("station", "office", "school", "market", "hospital"), 14.5, _WORD, _OVER, dot="#7a4f86"),
    BaseMapName("water-names", ("lake",), 11, _WET, _OVER_WET),
    BaseMapName("water-names", ("river",), 11, _WET, _OVER_WET, is_along=True),
    BaseMapName("road-names", ("primary", "secondary"), 13, _WORD, _OVER, is_along=True),
    BaseMapName("road-names", ("motorway", "trunk"), 10.5, _WORD, _OVER, is_along=True),
)
