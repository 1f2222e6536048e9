"""What looks at every row is read once a revision, in every process for itself, and never answers from an old state."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext, override_settings

from landgis.catalog import memory, queries, registry, sums
from landgis.catalog.dataset import Dataset
from landgis.imagery.queries import scenes
from landgis.lib.filters import ALL
from landgis.operations.ownership import as_owner
from tests import samples
from tests.cadastre.conftest import load, mask, parcel, placed, places_world  # noqa: F401  # fixtures
from tests.waiting import PATIENCE_S

# What looks at all rows: totals, and the box round most of them.
LOOKS_AT_ALL = ("GROUPING SETS", "percentile_disc")


def _asked(read: Callable[[], Any]) -> list[str]:
    with CaptureQueriesContext(connections[queries.PUBLIC_ALIAS]) as asked:
        read()
    return [one["sql"] for one in asked.captured_queries]


def _looks(address: str) -> int:
    def visit() -> None:
        assert Client().get(address).status_code == 200

    return sum(word in statement for statement in _asked(visit) for word in LOOKS_AT_ALL)


@pytest.fixture
def plots(empty_world: str) -> None:
    samples.the_whole_state([samples.plot(number) for number in range(3)])
    memory.forget()


@pytest.mark.parametrize("address", ["/", "/embed", "/?land_use=ODT"])
def test_the_rows_are_looked_at_once_a_revision(plots: None, address: str) -> None:
    first = _looks(address)
    assert first > 0
    assert _looks(address) == 0
    samples.the_whole_state([samples.plot(number) for number in range(4)])
    # Of the dataset that has changed, and of no other.
    assert 0 < _looks(address) <= 2 < first
    assert _looks(address) == 0


def test_who_comes_at_once_waits_for_one_reading(plots: None) -> None:
    """After a revision all readers come at once: each would look at every row."""
    dataset, together, counted = registry.get("public-land"), threading.Barrier(3), []

    def read(_dataset: Dataset) -> int:
        counted.append(dataset)
        return queries.count(dataset)

    def ask() -> int:
        found = memory.of_each("at once", [dataset], read)
        together.wait(PATIENCE_S)
        answer = found(dataset)
        connections.close_all()
        return answer

    with ThreadPoolExecutor(3) as readers:
        assert [one.result() for one in [readers.submit(ask) for _ in range(3)]] == [3, 3, 3]
    assert counted == [dataset]


def test_an_answer_is_of_one_state(plots: None) -> None:
    with memory.one_state():
        asked = _asked(
            lambda: [sums.count(registry.get("public-land"), ALL), sums.any_made_up(registry.all_datasets())]
        )
    assert sum("published.state" in one for one in asked) == 1


def test_what_a_reader_makes_long_is_answered_and_not_kept(plots: None) -> None:
    """Memory is bounded in bytes: nobody fills it with addresses of eight thousand letters."""
    long = f"/?manager={'x' * memory.LONGEST_KEY}"
    assert _looks(long) > 0
    assert _looks(long) > 0
    assert all(len(repr(about)) <= memory.LONGEST_KEY for _database, about in memory._answers)


def test_what_is_remembered_is_bounded_in_bytes(world: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """However large one answer is, and whatever it is made of; the last that was used stays."""
    memory.forget()
    monkeypatch.setattr(memory, "MOST_BYTES", 300_000)
    plots = [samples.public_land()]
    for number in range(50):
        large = {number: [Text("x" * 5_000), ("y" * 5_000,), {"z" * 5_000}]}
        assert memory.of_all(f"large {number}", plots, lambda large=large: large) is large
    assert 10 < len(memory._answers) <= 20
    assert memory.of_all("large 49", plots, list) != []
    assert memory.of_all("large 0", plots, list) == []
    huge = memory.of_all("huge", plots, lambda: "x" * 400_000)
    assert len(memory._answers) == 1
    assert memory.of_all("huge", plots, str) is huge


@dataclass(frozen=True)
class Text:
    text: str


def test_the_legend_counts_what_a_later_revision_brings(plots: None) -> None:
    def counted() -> str:
        layers = Client().get("/").context["layers"]
        return next(layer["count"] for layer in layers if layer["name"] == "public-land")

    assert counted() == "3"
    samples.the_whole_state([samples.plot(number) for number in range(4)])
    assert counted() == "4"


def test_each_dataset_is_read_for_its_own_changes(plots: None) -> None:
    read: list[str] = []
    datasets = [registry.get("public-land"), registry.get("parcels")]

    def names() -> list[str]:
        def name(dataset: Dataset) -> str:
            read.append(dataset.name)
            return dataset.name

        return [*map(memory.of_each("names", datasets, name), datasets)]

    assert names() == names() == ["public-land", "parcels"] == read
    samples.the_whole_state([samples.plot(3)])
    assert names() == ["public-land", "parcels"]
    assert read == ["public-land", "parcels", "public-land"]


def test_what_a_restore_brings_back_is_not_taken_for_what_was_there(plots: None) -> None:
    """The same number at another time is another revision."""
    before = queries.state_of([samples.public_land()])
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("UPDATE catalog_revision SET applied_at = applied_at + interval '1 second'")
    assert queries.state_of([samples.public_land()]) != before


def test_what_areas_withhold_is_forgotten_though_the_dataset_has_no_revision(
    places_world: str,  # noqa: F811
    load: Any,  # noqa: F811
    mask: Any,  # noqa: F811
) -> None:
    load([parcel(number) for number in (1, 50)])
    parcels = registry.get("parcels")

    def counted() -> int:
        return memory.of_each("count", [parcels], queries.count)(parcels)

    assert counted() == 2
    load([mask], "parcel-masks")
    assert counted() == 1


def test_what_is_concealed_is_not_read_to_name_the_images(plots: None, tmp_path: Path) -> None:
    """However many cells there are, none is looked at for a tile that lies elsewhere."""
    with override_settings(MEDIA_ROOT=tmp_path / "media"):
        samples.scene(tmp_path)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO published.concealed SELECT ST_MakeEnvelope(n, 0, n + 1, 1, 3857) FROM generate_series(1, 20000) n"
        )
        cursor.execute("ANALYZE published.concealed")
    (statement,) = _asked(scenes)
    with connections[queries.PUBLIC_ALIAS].cursor() as cursor:
        cursor.execute("EXPLAIN (ANALYZE, FORMAT JSON) " + statement.replace("%", "%%"), [])
        plan = cursor.fetchone()[0][0]["Plan"]
    assert 0 < max(_read_rows(plan)) < 50


def _read_rows(plan: dict[str, Any]) -> Iterator[float]:
    yield plan["Actual Rows"] * plan["Actual Loops"]
    for part in plan.get("Plans", []):
        yield from _read_rows(part)
