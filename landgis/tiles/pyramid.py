"""The stored tiles follow what is published: which tiles a revision touches, and cutting them anew.

A follower of the log like others (`changes.followers`), but for its position: that lies beside the files, which a
restored or a new database knows nothing of.
"""

import hashlib
import math
import time
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import asdict, replace
from functools import cache
from pathlib import Path

import structlog
from django.conf import settings
from psycopg import sql

from landgis.catalog import exits, generalised, label_room, published, symbols
from landgis.catalog.dataset import Dataset
from landgis.catalog.drawn import EXTENT
from landgis.catalog.filters import from_query
from landgis.catalog.queries import fetch, fetch_prepared
from landgis.changes.heads import Box, head, is_of_this_past, touched_boxes, touched_sheets
from landgis.lib.filters import Filter
from landgis.lib.webmap import EQUATOR_M, metres
from landgis.tiles.envelope import BUFFER
from landgis.tiles.layers import count_layer
from landgis.tiles.queries import count_tiles, tile
from landgis.tiles.store import TOP, Kept, Key, ReadAt, Store, StoredTile

log = structlog.get_logger(__name__)

FORM = 7  # of the bytes; a new one cuts all anew
PIECE = 50_000  # rows that are looked at in one question
MOST_TOUCHED = 20_000  # tiles; above it all are cut anew
READ_AT = (
    "SELECT (SELECT coalesce(max(number), 0) FROM published.revision) AS revision,"
    " extract(epoch FROM now)::float AS now FROM published.clock"
)
EDGE = (BUFFER + 1) / EXTENT  # of a tile's side: so far outside of it a feature is still in it


class TileFollower:
    """The follower: forgets the tiles that were touched, and leaves it to `cut` to make them anew."""

    name = "stored tiles"

    def follow(self, dataset: Dataset) -> int | None:
        """How many tiles have to be cut anew; None when nothing was touched."""
        if not exits.is_open(dataset, "tiles"):
            store_of(dataset).remove()
            return None
        store, now = store_of(dataset), _now(dataset)
        kept = store.kept()
        if kept is not None and kept == replace(now, moved=kept.moved):
            return None
        if kept is None or kept.form != now.form or not is_of_this_past(kept.revision, kept.applied_at):
            return self._begun(dataset, now, kept)
        touched = _touched(dataset, store, kept, now)
        if touched is None:
            return self._begun(dataset, now, kept)
        if not touched or kept.revision == now.revision:  # what the clock moved is told by its moment
            now = replace(now, moved=kept.moved)
        return store.move_on(now, touched)

    def _begun(self, dataset: Dataset, now: Kept, kept: Kept | None) -> int | None:
        count = store_of(dataset).begin(now, list(_all(dataset)), after=kept)
        return self.follow(dataset) if count is None else count

    def follow_at_once(self, names: Sequence[str]) -> None:
        """Nobody is shown what was withheld until the worker has its turn."""
        for dataset in exits.datasets("tiles"):
            if dataset.name in names and store_of(dataset).kept() is not None:
                self.follow(dataset)

    def forget_others(self, names: Sequence[str]) -> None:
        if not settings.TILES.is_dir():
            return
        for folder in settings.TILES.iterdir():
            if folder.name not in names and not folder.name.startswith("."):
                Store(folder).remove()


def _now(dataset: Dataset) -> Kept:
    """How far the log is, as tiles that were all moved by its newest revision would keep it."""
    newest = head(dataset)
    return Kept(form_of_now(dataset), **asdict(newest), moved=f"{newest.revision} {newest.applied_at}")


def store_of(dataset: Dataset) -> Store:
    return Store(Path(settings.TILES) / dataset.name)


def form_of(dataset: Dataset) -> str:
    """A digest of all that the tiles of a dataset follow from, beside its rows. It asks the database nothing."""
    fields = [(field.name, field.tile_from) for field in dataset.tile_fields]
    parts = [FORM, published.fingerprint(dataset), dataset.map.tiles, fields]
    parts += [
        list(dataset.label_fields),
        dataset.map.style.label_from,
        symbols.room(dataset.map.tiles),
        label_room.room(dataset) if label_room.columns(dataset) else None,
        _usual(dataset),
    ]
    return hashlib.sha256("\n".join(map(repr, parts)).encode()).hexdigest()


def is_trusted(dataset: Dataset, kept: Kept | None) -> bool:
    """Whether what is stored is what the declaration of now says, and no state has changed by the clock since."""
    return kept is not None and is_of_this_form(dataset, kept) and (kept.until is None or time.time() < kept.until)


def is_of_this_form(dataset: Dataset, kept: Kept | None) -> bool:
    """Whether what is stored was made by the declaration of now."""
    return kept is not None and kept.form == form_of_now(dataset)


@cache
def form_of_now(dataset: Dataset) -> str:
    """The form, which stays as it is as long as the process lives."""
    return form_of(dataset)


def usual_tile(dataset: Dataset, key: Key) -> bytes:
    """The tile of a plain address: with the filters that hold when nobody asks for others."""
    return tile(dataset, *key, _usual(dataset))


def _usual(dataset: Dataset) -> Filter:
    return from_query(dataset, {})


def stored_zooms(dataset: Dataset) -> range:
    """The zooms of which every tile is stored."""
    plan = dataset.map.tiles
    return range(plan.lowest, min(plan.maxzoom, TOP) + 1)


def keep(dataset: Dataset, key: Key) -> tuple[bytes, StoredTile | None]:
    """A tile as the database gives it now, and what was kept of it where the dataset's tiles are stored and there is room."""
    store = store_of(dataset)
    if not is_of_this_form(dataset, store.kept()):
        return usual_tile(dataset, key), None
    body, read_at = _read(dataset, key)
    try:
        return body, store.put(key, body, read_at)
    except OSError as error:  # the reader has the tile all the same
        log.warning("tile not kept", dataset=dataset.name, error=error.strerror)
        return body, None


def stored(dataset: Dataset, key: Key) -> StoredTile | None:
    """What is kept of a tile and still holds; None where it has to be cut, or holds nothing."""
    store = store_of(dataset)
    is_known = is_trusted(dataset, store.kept()) and not store.is_marked(key)
    return store.read(key) if is_known else None


def cut(dataset: Dataset, *, until: float = math.inf) -> int:
    """Cut what is marked, until that time of `time.monotonic` at most; returns how many it were. Raises OSError without room.

    While one is compressed and written the next is asked for.
    """
    store, count = store_of(dataset), 0
    with ThreadPoolExecutor(1) as writer:
        written: Future[StoredTile | None] | None = None
        for key in store.marked():
            if time.monotonic() > until:
                break
            tile_read = _read(dataset, key)
            if written:
                written.result()
            written = writer.submit(store.put, key, *tile_read)
            count += 1
        if written:
            written.result()
    return count


def _read(dataset: Dataset, key: Key) -> tuple[bytes, ReadAt]:
    read_at = ReadAt(**fetch_prepared(READ_AT, [])[0])  # before the rows: what comes in between is cut twice
    return usual_tile(dataset, key), read_at


def differences(dataset: Dataset) -> Iterator[tuple[Key, str]]:
    """Of each stored tile that is not what the database gives the key, and what is wrong; those that are marked are not looked at."""
    store = store_of(dataset)
    there = {key for z in range(dataset.map.tiles.maxzoom + 1) for key in store.keys(z)}
    for key in sorted(there | set(_all(dataset))):
        found = store.read(key)
        if not store.is_marked(key) and (found or key[0] <= TOP):
            wanted = usual_tile(dataset, key)
            if (found.tile if found else b"") != wanted:
                yield key, "missing" if found is None else "not as the database has it" if wanted else "should be empty"


def mark(dataset: Dataset, keys: Iterable[Key]) -> None:
    """Mark tiles to be cut anew."""
    store = store_of(dataset)
    kept = store.kept()
    if kept is not None:
        store.move_on(kept, keys)


# What was touched


def _touched(dataset: Dataset, store: Store, kept: Kept, now: Kept) -> set[Key] | None:
    """The tiles in which features lie or lay that were touched; None where they are too many to be counted."""
    since, until = (kept.revision, kept.tick), (now.revision, now.tick)
    boxes = touched_boxes(dataset, since, until, most=MOST_TOUCHED + 1)
    if len(boxes) > MOST_TOUCHED:
        return None
    found: set[Key] = set()
    sheets = touched_sheets(dataset, since, until) if boxes and dataset.map.tiles.generalised_zooms else []
    for z in range(dataset.map.tiles.lowest, dataset.map.tiles.maxzoom + 1):
        drawn = sheets if z in dataset.map.tiles.generalised_zooms else boxes
        near = {key for box in drawn for key in _tiles(z, box)}
        if z >= dataset.map.tiles.minzoom:  # where a sheet stands for features its change anywhere is one of the tile
            round_about = {key for box in sheets for key in _tiles(z, box)} - near
            near |= {key for key in round_about if _is_crowded(dataset, store, key)}
        if boxes and z in dataset.map.tiles.cluster_zooms:  # what stands for many moves with each of them
            near.update(store.keys(z), ((z, x, y) for x, y in count_tiles(dataset, z, _usual(dataset))))
        found |= near if z <= TOP else near.intersection(store.keys(z))
        if len(found) > MOST_TOUCHED:
            return None
    return found


def _is_crowded(dataset: Dataset, store: Store, key: Key) -> bool:
    stored = store.read(key)
    return stored is not None and count_layer(dataset).encode() in (stored.tile or b"")


def _tiles(z: int, box: Box) -> Iterator[Key]:
    """The tiles of a zoom in which a box in degrees lies, or so near that they draw it."""
    (west, south), (east, north) = metres(box[0], box[1]), metres(box[2], box[3])
    side, half, last = EQUATOR_M / 2**z, EQUATOR_M / 2, 2**z - 1
    columns = [max(0, min(last, math.floor((at + half) / side + edge))) for at, edge in ((west, -EDGE), (east, EDGE))]
    rows = [max(0, min(last, math.floor((half - at) / side + edge))) for at, edge in ((north, -EDGE), (south, EDGE))]
    for x in range(columns[0], columns[1] + 1):
        for y in range(rows[0], rows[1] + 1):
            yield z, x, y


def _all(dataset: Dataset) -> Iterator[Key]:
    """Every tile of the stored zooms in which something may lie."""
    for z in stored_zooms(dataset):
        found = (
            {(z, x, y) for x, y in count_tiles(dataset, z, _usual(dataset))}
            if z in dataset.map.tiles.cluster_zooms
            else set()
        )
        if z in dataset.map.tiles.generalised_zooms:
            rows = fetch(_occupied(generalised.kept_rows(dataset, z), z), [])
            found |= {(z, one["x"], one["y"]) for one in rows}
        if z >= dataset.map.tiles.minzoom:
            query = _occupied(_piece(dataset), z)
            pieces = (fetch(query, piece) for piece in _pieces(dataset))
            found |= {(z, one["x"], one["y"]) for piece in pieces for one in piece}
        yield from sorted(found)


def _pieces(dataset: Dataset) -> Iterator[tuple[str, str]]:
    """The refs of all tile rows in pieces: each begins after the one ref and ends with the other.

    What a reader's role may ask takes seconds at most, and all rows of a million would take longer.
    """
    query = sql.SQL(
        "SELECT max(ref) AS last FROM (SELECT ref FROM {} WHERE ref > %s ORDER BY ref LIMIT {}) piece"
    ).format(published.tile_table(dataset), sql.Literal(PIECE))
    first = ""
    while last := fetch(query, [first])[0]["last"]:
        yield first, last
        first = last


def _piece(dataset: Dataset) -> sql.Composable:
    return sql.SQL("(SELECT shape FROM {} WHERE ref > %s AND ref <= %s) piece").format(published.tile_table(dataset))


def _occupied(rows: sql.Composable, z: int) -> sql.Composable:
    """SELECT of the columns and rows of a zoom in whose tiles a shape may lie; `rows` stands after FROM."""
    return sql.SQL(
        "SELECT DISTINCT x, y FROM (SELECT shape FROM {rows}) t,"
        " generate_series(greatest(0, floor((ST_XMin(t.shape) + {half}) / {side} - {edge})::int),"
        " least({last}, floor((ST_XMax(t.shape) + {half}) / {side} + {edge})::int)) x,"
        " generate_series(greatest(0, floor(({half} - ST_YMax(t.shape)) / {side} - {edge})::int),"
        " least({last}, floor(({half} - ST_YMin(t.shape)) / {side} + {edge})::int)) y"
    ).format(
        rows=rows,
        half=sql.Literal(EQUATOR_M / 2),
        side=sql.Literal(EQUATOR_M / 2**z),
        edge=sql.Literal(EDGE),
        last=sql.Literal(2**z - 1),
    )
