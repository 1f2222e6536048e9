"""Statements of tiles that the server keeps prepared: once a zoom, with the reader's rights and limits, and never of what was there before."""

import copy
from typing import Any

import pytest
from django.db import OperationalError, ProgrammingError, connections
from psycopg import sql

from landgis.catalog import published, queries
from landgis.catalog.dataset import Dataset
from landgis.lib.postgis.base import DatabaseWrapper
from landgis.operations.ownership import as_owner
from landgis.tiles.queries import tile
from tests import samples
from tests.tiles.test_stored import FAR, dataset, plots, refs_in, tile_at  # noqa: F401 -- fixtures

KEPT = "SELECT statement, generic_plans + custom_plans AS used FROM pg_prepared_statements"


def test_a_zoom_has_one_statement_for_features_and_one_for_labels(dataset: Dataset) -> None:  # noqa: F811
    for number in (1, FAR[0]):
        assert f"P-{number:05d}" in refs_in(tile(dataset, *tile_at(number, 16)))
    kept = [one for one in queries.fetch(sql.SQL(KEPT), []) if "ST_AsMVT(" in one["statement"]]
    assert [one["used"] for one in kept] == [2, 2]


def test_a_tile_is_of_what_is_published_now(dataset: Dataset) -> None:  # noqa: F811
    key = tile_at(1, 16)
    before = [tile(dataset, *key) for _ in range(8)][-1]  # the plan is one for all by now
    with as_owner():
        published.rebuild(force=True)
    assert tile(dataset, *key) == before
    samples.applied([samples.plot(1, is_public=False)])
    assert "P-00001" in refs_in(before)
    assert "P-00001" not in refs_in(tile(dataset, *key))


@pytest.mark.usefixtures("dataset")
def test_the_readers_rights_and_limits_hold() -> None:
    public = connections[queries.PUBLIC_ALIAS]
    assert queries.fetch_prepared(sql.SQL("SELECT current_user::text AS me"), []) == [
        {"me": public.settings_dict["USER"]}
    ]
    with pytest.raises(ProgrammingError, match="permission denied"):
        queries.fetch_prepared(sql.SQL("SELECT count(*) FROM publicland_plot"), [])
    sleep = sql.SQL("SELECT pg_sleep(%s::float)::text AS slept")
    queries.fetch_prepared(sleep, [0.0])
    queries.fetch(sql.SQL("SELECT set_config('statement_timeout', '50', false)"), [])
    try:
        with pytest.raises(OperationalError) as failed:
            queries.fetch_prepared(sleep, [60.0])
    finally:
        queries.fetch(sql.SQL("SELECT set_config('statement_timeout', '5s', false)"), [])
    assert queries.was_cut_off(failed.value)
    assert queries.fetch_prepared(sleep, [0.0]) == [{"slept": ""}]


@pytest.mark.usefixtures("dataset")
def test_a_pool_hands_out_the_connection_with_what_it_keeps() -> None:
    settings: dict[str, Any] = copy.deepcopy(connections[queries.PUBLIC_ALIAS].settings_dict)
    settings |= {"CONN_MAX_AGE": 0, "CONN_HEALTH_CHECKS": False}
    settings["OPTIONS"] = {**settings["OPTIONS"], "pool": {"min_size": 1, "max_size": 1}}
    pooled: Any = DatabaseWrapper(settings, "pooled")
    try:
        for number in (1, 2):
            with pooled.prepared_cursor() as cursor:
                cursor.execute("SELECT %s::int", [number])
                assert cursor.fetchone() == (number,)
            pooled.close()
        with pooled.cursor() as cursor:
            cursor.execute(KEPT)
            assert [used for statement, used in cursor.fetchall() if statement == "SELECT $1::int"] == [2]
    finally:
        pooled.close()
        pooled.close_pool()
