"""What an address of a tile is answered, whoever asks: the view of Django, or the callable before it.

A plain address has the tile that is kept from then on (`pyramid.keep`). A filter, a past state, and a dataset of which nothing is stored
have one that is kept as long as what is published stays as it is: by its state and the question, from which its
ETag follows, too. So whoever has it already costs no tile.
"""

import gzip
import hashlib
from collections.abc import Callable
from dataclasses import dataclass

import structlog
from django.http import Http404, QueryDict
from django.utils.translation import gettext as _

from landgis.catalog import contributions, memory, queries
from landgis.catalog.dataset import Dataset
from landgis.catalog.filters import from_query
from landgis.lib.filters import Filter, FilterError
from landgis.lib.single_flight import SingleFlight
from landgis.tiles import pyramid
from landgis.tiles.generalised import coarser
from landgis.tiles.queries import holds_any, tile
from landgis.tiles.store import LEVEL, Key

log = structlog.get_logger(__name__)

_cutting = SingleFlight()


@dataclass(frozen=True)
class TileAnswer:
    """A tile as it is sent: gzip, empty where nothing lies in it, None for whoever has it already or asks only about it.

    `etag` is empty where only the tile itself would tell it.
    """

    etag: str
    packed: bytes | None


def answer(dataset: Dataset, key: Key, query: QueryDict, is_known: Callable[[str], bool]) -> TileAnswer:
    """The tile of an address with a query that `landgis.lib.parameters` has understood; `is_known` says whether the reader has an ETag.

    Raises Http404 outside the zooms or the world, and FilterError.
    """
    where, as_of, is_plain = _asked(dataset, key, query)
    if is_plain:
        question = (queries.public_database(), dataset.name, key, pyramid.store_of(dataset).kept())
        return _cutting.of(question, lambda: _stored(dataset, key))
    return _of_state(dataset, key, where, as_of, is_known)


def told_of(dataset: Dataset, key: Key, query: QueryDict) -> TileAnswer:
    """What a HEAD is told of the tile, which is not cut for that. Raises as `answer` does."""
    where, as_of, is_plain = _asked(dataset, key, query)
    if is_plain:
        stored = pyramid.stored(dataset, key)
        etag = stored.etag if stored else ""
    else:
        etag = _etag_of(dataset, _state(dataset), ("tile", key, where, as_of))
    return TileAnswer(etag, None if holds_any(dataset, *key, where, as_of=as_of) else b"")


def _asked(dataset: Dataset, key: Key, query: QueryDict) -> tuple[Filter, int | None, bool]:
    """The filter, the revision, and whether it is the tile that is stored."""
    plan, (z, x, y) = dataset.map.tiles, key
    if not (plan.lowest <= z <= plan.maxzoom and x < 2**z and y < 2**z):
        raise Http404
    stored = pyramid.is_of_this_form(dataset, pyramid.store_of(dataset).kept())
    if stored and not query:
        return from_query(dataset, {}), None, True
    as_of = queries.parse_as_of(query.get("as_of"))
    where = from_query(dataset, query, as_of=as_of)
    if as_of is not None and z < plan.minzoom:
        raise FilterError(
            "as_of", _("Counts and generalised ground are of what is in force now. Zoom in, or leave as_of out.")
        )
    return where, as_of, stored and as_of is None and where == from_query(dataset, {})


def _stored(dataset: Dataset, key: Key) -> TileAnswer:
    try:
        body, stored = pyramid.keep(dataset, key)
    except contributions.NO_FAULT_OF_A_DATASET as error:
        return _coarser(error, dataset, key, from_query(dataset, {}))
    if stored is not None:
        return TileAnswer(stored.etag, stored.packed)
    packed = _packed(body)
    return TileAnswer(_etag(packed), packed)


def _of_state(
    dataset: Dataset, key: Key, where: Filter, as_of: int | None, is_known: Callable[[str], bool]
) -> TileAnswer:
    state, about = _state(dataset), ("tile", key, where, as_of)
    etag = _etag_of(dataset, state, about)
    if is_known(etag):
        return TileAnswer(etag, None)

    def cut() -> bytes:
        question = (queries.public_database(), dataset.name, state, repr(about))
        return _cutting.of(question, lambda: _packed(tile(dataset, *key, where, as_of=as_of)))

    try:
        return TileAnswer(etag, memory.of_state(about, dataset, state, cut))
    except contributions.NO_FAULT_OF_A_DATASET as error:
        if as_of is not None:
            raise
        return _coarser(error, dataset, key, where)


def _coarser(error: Exception, dataset: Dataset, key: Key, where: Filter) -> TileAnswer:
    """What stands in for a tile whose reading was cut off, nowhere kept; raises the error where it is another one, or nothing does."""
    body = coarser(dataset, *key, where) if queries.was_cut_off(error) else None
    if body is None:
        raise error
    log.warning("tile too slow, a coarser one is sent", dataset=dataset.name, tile=key)
    packed = _packed(body)
    return TileAnswer(_etag(packed), packed)


def _state(dataset: Dataset) -> str:
    return dict(queries.state_of([dataset])).get(dataset.name, "")


def _etag_of(dataset: Dataset, state: str, about: tuple[object, ...]) -> str:
    return _etag(repr((pyramid.form_of_now(dataset), state, about)).encode())


def _packed(body: bytes) -> bytes:
    return gzip.compress(body, LEVEL, mtime=0) if body else b""


def _etag(told: bytes) -> str:
    return f'"{hashlib.sha256(told).hexdigest()[:32]}"'
