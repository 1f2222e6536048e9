"""From which whole zoom on a label lies inside the area that it names: one function for tiles, by which live maps write,
and for the server's pictures.

A number that reaches over the edge would be read as that of the neighbour: a label waits for the zoom at which it fits.
"""

from django.conf import settings
from django.utils import translation
from psycopg import sql

from landgis.catalog import symbols
from landgis.catalog.dataset import Dataset
from landgis.catalog.money import SCALES, UNIT
from landgis.lib.webmap import EQUATOR_M, WORLD_PX

NEAREST = 20  # the nearest zoom of a map
LETTER = 0.6  # the width of one, of its height
LINE = 1.2  # from one line to the next
WIDEST = 9  # heights of letters; what is longer is broken
RAGGED = 1.5  # a line may be longer by so much, as words are not broken
SMALLER = 0.9  # the letters of all lines but the first
FREE = 0.15  # at both ends
HIGH = 1.2  # of one line, clear of the edge
AMOUNT, FIGURE = len("999.999"), len("99999.99")
FIRST, WHOLE, TURN = "fits_from", "whole_from", "turn"


def columns(dataset: Dataset) -> tuple[str, ...]:
    """What `room` has of a feature: the zoom from which the first line of its label fits and, where there are several, that for
    all (empty where it never does), and the degrees by which they turn to the right along what is narrow. None where labels
    need no room."""
    if not (dataset.geometry_kind.covers and symbols.symbol(dataset.map.style).label.is_inside):
        return ()
    return (FIRST, WHOLE, TURN) if len(dataset.label_fields) > 1 else (FIRST, TURN)


def is_kept(dataset: Dataset) -> bool:
    """Whether the room is worked out once a row, beside the tile rows: where features are many. That of figures, which have the
    words of a language, is worked out for whoever asks."""
    return bool(dataset.map.tiles.sheets_by) and not any(map(dataset.is_number, dataset.label_fields))


def kept_columns(dataset: Dataset) -> tuple[str, ...]:
    return columns(dataset) if is_kept(dataset) else ()


def room(dataset: Dataset) -> sql.Composed:
    """SQL of a row `room` with `columns`, for a FROM behind rows with the fields of the label, `shape` and `place` (EPSG:3857);
    what has no room at any zoom is no row."""
    first, *others = dataset.label_fields
    whole = sql.SQL(", (SELECT min(f.zoom) FROM {fitting}) AS whole_from")
    return sql.SQL(
        "LATERAL (SELECT a.fits_from, a.turn{whole} FROM ("
        "SELECT min(f.zoom) AS fits_from, a.turn FROM (VALUES (0), (({axis}))) AS a(turn), {fitting}"
        " GROUP BY a.turn ORDER BY 1, abs(a.turn) LIMIT 1) a) AS room"
    ).format(
        axis=AXIS,
        fitting=_fitting(dataset, first, []),
        whole=whole.format(fitting=_fitting(dataset, first, others)) if others else sql.SQL(""),
    )


# How far a line along the longer side of what is narrow turns to the right of one that runs east, from -90 to 90 degrees.
AXIS = sql.SQL(
    "SELECT (mod(degrees(CASE WHEN ST_Distance(one, two) > ST_Distance(two, three) THEN ST_Azimuth(one, two)"
    " ELSE ST_Azimuth(two, three) END)::numeric, 180) - 90)::int"
    " FROM (SELECT ST_PointN(ring, 1) AS one, ST_PointN(ring, 2) AS two, ST_PointN(ring, 3) AS three"
    " FROM (SELECT ST_ExteriorRing(ST_OrientedEnvelope(shape)) AS ring) e) p"
)


def _fitting(dataset: Dataset, first: str, others: list[str]) -> sql.Composed:
    """The zooms `f.zoom` at which the box of the letters, turned by `a.turn`, lies in the shape. The boxes of nearer zooms lie
    in it: what fits at one fits at all that are nearer."""
    rest = [sql.SQL("{} * {}").format(_letters(dataset, name), sql.Literal(LETTER * SMALLER)) for name in others]
    return sql.SQL(
        "(SELECT nullif({first} * {letter}, 0) AS long) t, LATERAL (SELECT ceil(t.long / {widest}) AS lines) n,"
        " LATERAL (SELECT greatest(least(t.long, {longest}){rest}) / 2 + {free} AS beside,"
        " ((n.lines - 1 + {more}) * {line} + {high}) / 2 AS above) s, (VALUES {zooms}) AS f(zoom, em)"
        " WHERE ST_Covers(shape, ST_Rotate(ST_MakeEnvelope(ST_X(place) - f.em * s.beside, ST_Y(place) - f.em * s.above,"
        " ST_X(place) + f.em * s.beside, ST_Y(place) + f.em * s.above, 3857), -radians(a.turn), place))"
    ).format(
        first=_letters(dataset, first),
        letter=sql.Literal(LETTER),
        widest=sql.Literal(float(WIDEST)),
        longest=sql.Literal(WIDEST + RAGGED),
        rest=sql.SQL("").join(sql.SQL(", coalesce({}, 0)").format(part) for part in rest),
        free=sql.Literal(FREE),
        more=sql.Literal(len(others)),
        line=sql.Literal(LINE),
        high=sql.Literal(HIGH),
        zooms=_zooms(dataset),
    )


def _zooms(dataset: Dataset) -> sql.Composed:
    """Each zoom with the height of its letters in metres."""
    sizes = symbols.symbol(dataset.map.style).label.size
    some = range(max(dataset.map.style.label_from, dataset.map.tiles.minzoom), NEAREST + 1)
    return sql.SQL(", ").join(
        sql.SQL("({}, {})").format(
            sql.Literal(zoom), sql.Literal(round(symbols.between(sizes, zoom) * EQUATOR_M / WORLD_PX / 2**zoom, 4))
        )
        for zoom in some
    )


def _letters(dataset: Dataset, name: str) -> sql.Composable:
    """How many letters a line has at most. Tiles are the same in all languages: of amounts the longest."""
    if not dataset.is_number(name):
        return sql.SQL("length(split_part({}::text, ',', 1))").format(sql.Identifier(name))
    return sql.SQL("(CASE WHEN {} > 0 THEN {} END)").format(
        sql.Identifier(name), sql.Literal(max(_figures(dataset, name)))
    )


def _figures(dataset: Dataset, name: str) -> list[int]:
    """The most letters of a figure with what stands behind it, in each language."""
    found, unit = [], dataset.field(name).unit
    for language, _title in settings.LANGUAGES:
        with translation.override(language):
            behind = max(len(str(word)) for _size, word, _decimals in SCALES) if unit is UNIT else len(str(unit))
            found.append((AMOUNT if unit is UNIT else FIGURE) + 1 + behind)
    return found
