"""How each kind of dataset is painted: one table of fills, lines, points and labels, lowest first.

Both painters read it, MapLibre's (landgis/catalog/maplibre.py) and the server's (landgis/pictures/paint.py): a map and
the picture that comes before it look alike. Lengths are pixels of a screen; stops are pairs of a zoom and a value, with
straight lines between them.
"""

from dataclasses import dataclass, replace

import numpy as np

from landgis.catalog.dataset import AREA, BOUNDARY, MESH, OUTLINE, POINT, Style, Tiles
from landgis.catalog.dataset import LINE as LINES

Stops = tuple[tuple[float, float], ...]

OWN = ""  # the colour that the declaration gives the feature
CASING, WHITE = "#08100f", "#ffffff"
ALL, WHOLE, DASHED = "all", "whole", "dashed"  # which features a line is for

LINE: Stops = ((8, 0.6), (12, 1.2), (15, 1.4), (18, 2))  # the width of every line, to which its own is added
DOT: Stops = ((8, 0.7), (10, 1.2), (14, 3))
HEADLINE_DOT: Stops = ((8, 4), (12, 5), (16, 6))


@dataclass(frozen=True)
class Fill:
    """The inside of an area; `picked` and `hovered` are added to its shade. The server does not draw stripes."""

    shade: Stops
    picked: float = 0
    hovered: float = 0
    is_hatched: bool = False


@dataclass(frozen=True)
class Line:
    """A line along an edge, `wider` than LINE; `dashes` are on and off in widths of it. `picked` is its colour then."""

    name: str
    colour: str
    wider: float
    shade: Stops
    of: str = ALL
    dashes: tuple[float, float] | None = None
    picked: str = ""


@dataclass(frozen=True)
class Dot:
    """A disc for a feature that is too small to be seen: its radius is that of `size` and `wider`, round it is a ring."""

    name: str
    colour: str
    size: Stops
    wider: float
    shade: Stops
    ring: float = 0
    picked_ring: float = 0


@dataclass(frozen=True)
class Lettering:
    """How a name is written: the height of its letters, and whether beside the feature, or within it where there is room.

    The server keeps a mark `clear` by so many pixels, and writes below it.
    """

    size: Stops
    is_strong: bool = False
    is_beside: bool = False
    is_inside: bool = False
    clear: float = 0
    colour: str = WHITE
    halo: str = "#0a1614"
    halo_shade: float = 0.85
    halo_width: float = 1.6


@dataclass(frozen=True)
class Symbol:
    """How the features of a kind are painted."""

    fill: Fill | None
    lines: tuple[Line, ...]
    dots: tuple[Dot, ...]
    label: Lettering

    @property
    def is_hatched(self) -> bool:
        return self.fill is not None and self.fill.is_hatched


@dataclass(frozen=True)
class Hatch:
    """Stripes with wide gaps, so that the picture is seen between them: a tile of pixels of a screen with two a point."""

    side: int = 32
    width: float = 2.5

    @property
    def cover(self) -> float:
        """The share of the ground that they hide."""
        return self.width * 2**0.5 / self.side


@dataclass(frozen=True)
class Disc:
    """What stands for many features: its radius by the root of their number, so that the area grows with it."""

    radius: Stops = ((1, 9), (60, 16), (300, 24))
    ring: float = 1.5
    shade: float = 0.72  # the ground is felt below
    letters: int = 11


@dataclass(frozen=True)
class Pill:
    """What says in words how many features there are, above the place where they are: its letters and what is round them."""

    letters: int = 12
    line: float = 1.2  # from one to the next, in heights of letters
    beside: float = 7  # what is free at both ends of the words
    above: float = 4
    clear: float = 8  # between the place and the lower edge
    ring: float = 1.5
    shade: float = 0.88


# The dark edges grow whole where single features are looked at: thousands would cost more bytes than they help. Far away
# a thousand lines would be a veil over the picture, those of zones that fill the land most of all.
def _edges(
    *, wider: float = 2, dark: float = 0.2, far: float = 0.45, own: float = 0, picked: str = ""
) -> tuple[Line, ...]:
    seen: Stops = ((9, far), (14, 1)) if far < 1 else ((0, 1),)
    return (
        Line("casing", CASING, wider, ((9, dark), (13, 0.5), (15, 1))),
        Line("line", OWN, own, seen, WHOLE, picked=picked),
        Line("dashed", OWN, 0.4, seen, DASHED, dashes=(3, 2.2)),
    )


# The dark rims of all points lie below all points: of a dense row each would hide its neighbour. From far, where points are no
# more than a pixel or two, they would not be seen without; between they would be a veil.
DOTS = (
    Dot("dot-rim", CASING, DOT, 1, ((8, 0.8), (8.7, 0), (13, 0), (15, 1))),
    Dot("dot", OWN, DOT, 0, ((9, 0.7), (13, 1)), picked_ring=1),
)
MARK: Stops = ((8, 2), (12, 3.5), (16, 5))
MARKS = (
    Dot("dot-rim", CASING, MARK, 1.5, ((9, 0.5), (13, 1))),
    Dot("dot", OWN, MARK, 0, ((9, 0.8), (13, 1)), picked_ring=1.5),
)
NAME = Lettering(((15, 12), (18, 14)))
INNER = Lettering(((15, 12), (18, 12), (20, 14)), is_inside=True)
FAINT = replace(INNER, size=((14, 10), (18, 12)), halo_shade=0.7, halo_width=1.5)  # what others lie in
ON_LIGHT = Lettering((), colour="#1f2d29", halo="#f6f7f3", halo_shade=0.85)
PLACE_NAME = Lettering(((8, 10), (10, 12), (13, 15)), is_strong=True)
GROUND_NAME = Lettering(((0, 14),), is_strong=True)  # of landgis/catalog/ground.py
HOLDER_NAME = Lettering(((8, 11), (13, 13)), is_strong=True, clear=2)  # of what features stand for, below them
HATCH, DISC, PILL = Hatch(), Disc(), Pill()
DISC_ROOM, PILL_ROOM = (64, 56), (200, 48)  # width and height that the largest needs, and a gap

KINDS = {
    # Quiet until single ones are looked at, and an outline over the ground once the picture shows what it is.
    AREA: Symbol(Fill(((12, 0), (14, 0.22), (17, 0)), 0.2, 0.2), _edges(far=0.35, picked=WHITE), DOTS, INNER),
    # Far away stripes would be a veil, near by they would hide what one looks at.
    OUTLINE: Symbol(
        Fill(((10, 0.05), (13, 0.25), (16, 0.25), (18, 0.12)), is_hatched=True),
        _edges(dark=0.07, far=0.15),
        DOTS,
        FAINT,
    ),
    # Not filled, but its surface says where one has clicked.
    BOUNDARY: Symbol(Fill(((0, 0),), picked=0.12), _edges(far=1), (), PLACE_NAME),
    # Neighbours that share every line: more would hide the picture, and only what is pointed at is filled.
    LINES: Symbol(None, _edges(far=0.7, own=1, wider=3), (), NAME),
    # A feature that is a point is looked for as such: it is larger than the dot that stands for a small area.
    POINT: Symbol(None, (), MARKS, replace(NAME, is_beside=True, clear=7)),
    MESH: Symbol(Fill(((0, 0),), 0.45, 0.25), _edges(wider=0.6, own=-0.5, picked=WHITE), DOTS, INNER),
}
# The ground of many, where its own parts are too small to be told apart: as quiet as these are, nearer by.
GENERALISED = Symbol(
    Fill(((10, 0.22), (13, 0.14), (15, 0.05))),
    (
        Line("casing", CASING, 0.6, ((10, 0.4), (15, 0.7))),
        Line("line", OWN, -0.5, ((10, 0.7), (14, 0.95))),
    ),
    (),
    INNER,
)
# What the map is opened for: a white edge tells it from all other lines, and a dark one outside it, which a bright roof
# would swallow, that from the ground.
HEADLINES = {
    AREA: Symbol(
        Fill(((15, 0.5), (16, 0.3), (17, 0)), 0.2, 0.2),
        (
            Line("rim", CASING, 4, ((0, 1),)),
            Line("casing", WHITE, 2, ((0, 1),), picked=CASING),
            Line("line", OWN, 0, ((0, 1),), WHOLE, picked=WHITE),
            Line("dashed", OWN, 0.4, ((0, 1),), DASHED, dashes=(3, 2.2)),
        ),
        (
            Dot("dot-rim", CASING, HEADLINE_DOT, 2.5, ((0, 1),)),
            Dot("dot", OWN, HEADLINE_DOT, 0, ((0, 1),), ring=1.5),
        ),
        replace(INNER, is_strong=True),
    )
}


def symbol(style: Style) -> Symbol:
    """The row of the table for a style."""
    plain = KINDS[style.kind]
    return HEADLINES.get(style.kind, plain) if style.is_headline else plain


def on_light(look: Lettering) -> Lettering:
    """The same where no image lies below: there a dark rim would be heavier than what it names."""
    return replace(look, colour=ON_LIGHT.colour, halo=ON_LIGHT.halo, halo_shade=ON_LIGHT.halo_shade, halo_width=1.5)


def between(stops: Stops, zoom: float) -> float:
    """The value at a zoom, on the straight line between its neighbours."""
    return float(np.interp(zoom, [stop for stop, _ in stops], [value for _, value in stops]))


def room(plan: Tiles) -> tuple[int, int]:
    """The width and height that nothing else of its kind may need round what stands for many features."""
    return DISC_ROOM if plan.counts_by else PILL_ROOM


@dataclass(frozen=True)
class Edge:
    """A line round the one feature that a page or a picture is about."""

    name: str
    colour: str
    width: float


SELECTED_FILL = 0.12
SELECTED_DOT = 4.0  # the radius of a point, to which half of an edge is added


def selected(kind: str) -> tuple[Edge, ...]:
    """The lines round the selected feature. A boundary is drawn in white itself, and needs a dark edge."""
    edge, width = (CASING, 5.5) if kind == BOUNDARY else (WHITE, 7)
    return Edge("rim", CASING, width + 2), Edge("casing", edge, width), Edge("line", OWN, 3.5)


SMOOTH_TO_PX = 2_000_000  # larger pictures are drawn fine enough without smoothing
LAND, SEA = "#eceee8", "#b7d0dc"  # where no image is
UNDER_LAND, UNDER_SEA = "#35473d", "#213c4c"  # round an image, in tones that most have, so that its edges do not glare
