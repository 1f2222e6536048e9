"""Tiles that are not stored, cut before Django: those that are deep, filtered, of a past state, or marked to be cut anew.

What cannot be answered so (an address that is wrong, a reader who takes no gzip, a database that is away) goes on to the application,
which says in the reader's words what it is. Stands behind the admission, in a slot of tiles.
"""

import time
from collections.abc import Iterable
from typing import Any

from django.db import DatabaseError, close_old_connections
from django.http import Http404, QueryDict

from landgis.catalog.dataset import Dataset
from landgis.catalog.parameters import of_rows
from landgis.lib.filters import FilterError
from landgis.lib.parameters import understood
from landgis.operations import stored_tiles
from landgis.operations.stored_tiles import Answer, Application, Start
from landgis.tiles import answering
from landgis.tiles.answering import TileAnswer
from landgis.tiles.store import Key
from landgis.tiles.views import FAILED, TILE_TYPE


class CutTiles:
    """A WSGI application before another one."""

    def __init__(self, application: Application):
        self._application = application

    def __call__(self, environ: dict[str, Any], start: Start) -> Iterable[bytes]:
        begun, asked = time.perf_counter(), stored_tiles.tile_of(environ)
        found = _answer(environ, *asked) if asked else None
        if found is None:
            return self._application(environ, start)
        return stored_tiles.sent(environ, start, found, begun)


def _answer(environ: dict[str, Any], dataset: Dataset, key: Key) -> Answer | None:
    headers = stored_tiles.headers_of(dataset)
    close_old_connections()
    try:
        query = _query(environ.get("QUERY_STRING", ""), dataset)
        if environ["REQUEST_METHOD"] == "HEAD" and "HTTP_IF_NONE_MATCH" not in environ:
            return _told(answering.told_of(dataset, key, query), headers)
        tile = answering.answer(dataset, key, query, lambda etag: stored_tiles.is_known(environ, etag))
    except (Http404, FilterError):
        return None
    except DatabaseError as error:
        environ[FAILED] = error  # not asked a second time to say so
        return None
    finally:
        close_old_connections()
    if tile.packed == b"":
        return "204 No Content", headers, b""
    packed = ("Content-Encoding", "gzip")
    return stored_tiles.unless_known(environ, headers, tile.etag, TILE_TYPE, tile.packed or b"", packed)


def _query(asked: str, dataset: Dataset) -> QueryDict:
    known = {one.name: one for one in of_rows(dataset)} if asked else {}
    return understood(QueryDict(asked), known, is_page=False)


def _told(tile: TileAnswer, headers: list[tuple[str, str]]) -> Answer:
    """The same without the tile: its length, and an ETag that follows from it, are not known."""
    if tile.packed == b"":
        return "204 No Content", headers, b""
    known = [("ETag", tile.etag)] if tile.etag else []
    about = [("Vary", "Accept-Encoding"), ("Content-Type", TILE_TYPE), ("Content-Encoding", "gzip")]
    return "200 OK", [*headers, *known, *about], b""
