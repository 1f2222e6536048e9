"""The log says of every dataset what a revision touched, what areas withhold included; so followers ask nothing else."""

from typing import Any

import pytest
from django.db import connection

from landgis.catalog import queries, registry
from landgis.changes import followers, log
from landgis.changes.models import LogEntry, Position
from landgis.search.actions import FOLLOWER, follow
from tests.cadastre.conftest import load, mask, parcel, placed, places_world  # noqa: F401  # fixtures

pytestmark = pytest.mark.usefixtures("places_world")


def _entries(after: int) -> list[tuple[str, int, list[str] | None]]:
    return list(
        LogEntry.objects.filter(revision__gt=after).order_by("revision", "id").values_list("dataset", "added", "refs")
    )


def _touched(after: int) -> list[str]:
    """The parcels that the revisions after that one touched."""
    query, bound = log.touched(registry.get("parcels"), after, log.newest("parcels"))
    with connection.cursor() as cursor:
        cursor.execute(query.as_string(connection.connection), bound)
        return sorted(ref for (ref,) in cursor.fetchall())


def _state(name: str) -> tuple[Any, ...]:
    return queries.state_of([registry.get(name)])


def test_what_an_area_withholds_stands_in_the_log(load: Any, mask: Any) -> None:  # noqa: F811
    load([parcel(number) for number in (1, 50)])
    follow()
    before, parcels, units = log.newest("parcels"), _state("parcels"), _state("admin-units")
    inside = [row["ref"] for row in queries.rows(registry.get("parcels"), fields=["ref"])]
    load([mask], "parcel-masks")
    hidden = sorted(set(inside) - {row["ref"] for row in queries.rows(registry.get("parcels"), fields=["ref"])})
    assert len(hidden) == 1
    assert _entries(before) == [("parcel-masks", 1, None), ("parcels", 0, hidden)]
    assert log.newest("parcels") == before + 1
    assert _state("parcels") != parcels
    assert _state("admin-units") == units

    # A follower is told of that feature, and of no other.
    assert _touched(before) == hidden
    assert follow().keys() == {"parcels", "parcel-masks"}
    assert Position.objects.get(follower=FOLLOWER, dataset="parcels").revision == before + 1
    assert follow() == {}

    corners = [(x + 600, y) for x, y in mask["shape"].exterior.coords]
    load([{**mask, "shape": type(mask["shape"])(corners)}], "parcel-masks")
    assert _entries(before + 1) == [("parcel-masks", 0, None), ("parcels", 0, hidden)]
    assert queries.count(registry.get("parcels")) == 2


def test_every_follower_is_brought_to_the_newest_revision(
    load: Any,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """One pattern: a second follower gets what was touched, or all where its form is another."""
    seen: list[tuple[str, bool, int]] = []

    def write(dataset: Any, refs: Any, bound: Any) -> int:
        if refs is not None:
            with connection.cursor() as cursor:
                cursor.execute(refs.as_string(connection.connection), bound)
                seen.append((dataset.name, False, len(cursor.fetchall())))
        else:
            seen.append((dataset.name, True, 0))
        return 0

    form = ["first"]
    monkeypatch.setattr(followers, "_followers", dict(followers._followers))
    followers.register(followers.Follower("second", lambda dataset: form[0], write, lambda name: None))
    followers.follow_all()
    assert {is_all for _name, is_all, _n in seen} == {True}
    assert {name for name, _all, _n in seen} == {dataset.name for dataset in registry.all_datasets()}
    seen.clear()
    load([parcel(1), parcel(2)])
    load([parcel(3)])
    followers.follow_all()
    assert seen == [("parcels", False, 3)]
    assert Position.objects.get(follower="second", dataset="parcels").revision == log.newest("parcels")
    seen.clear()
    form[0] = "other"
    followers.follow("second")
    assert {is_all for _name, is_all, _n in seen} == {True}
