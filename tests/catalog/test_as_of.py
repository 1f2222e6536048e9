"""Each past state can be read back exactly, and today's policy holds in all of them."""

import datetime
import json
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import mapbox_vector_tile
import pytest
from django.db import connection
from django.utils import timezone

from landgis.catalog import queries
from landgis.lib.filters import AtLeast, Equals, FilterError, Within
from landgis.operations.ownership import as_owner
from landgis.tiles.queries import tile
from tests import databases, histories, samples
from tests.histories import History

# The one tile of zoom 12 in which all plots of a history lie.
ZOOM, X, Y = 12, 3265, 1927


@pytest.fixture(scope="module", params=[1, 2, 3])
def history(request: pytest.FixtureRequest, migrated: str, django_db_blocker: Any) -> Iterator[History]:
    with django_db_blocker.unblock(), databases.made(migrated) as name, databases.used(name):
        yield histories.random_history(request.param)


def moments(history: History) -> Iterator[tuple[int | None, int]]:
    """What a reader asks for, and the revision whose state he must get."""
    yield None, history.newest
    for number in range(1, history.newest + 1):
        yield number, number


def test_the_random_histories_hold_what_they_are_for(history: History) -> None:
    """Else the comparisons below would prove little."""
    pairs = list(zip(history.states, history.states[1:], strict=False))
    assert any(set(before) - set(after) for before, after in pairs), "nothing retired"
    assert any(set(after) - set(before) for before, after in pairs[1:]), "nothing added later"
    hidden = [ref for ref in history.refs if not history.is_public_now(ref)]
    assert any(state[ref]["is_public"] for ref in hidden for state in history.states if ref in state), (
        "none hidden later"
    )
    shown = [ref for ref in history.refs if history.is_public_now(ref)]
    assert any(not state[ref]["is_public"] for ref in shown for state in history.states if ref in state), (
        "none shown later"
    )


def test_the_rows_of_each_past_state_are_what_they_were(history: History) -> None:
    for asked, number in moments(history):
        found = {
            row["ref"]: {
                name: row[name] for name in ("plot_code", "name", "commune_name", "area_legal_m2", "from_revision")
            }
            for row in queries.rows(samples.public_land(), as_of=asked)
        }
        wanted = {
            ref: {name: one[name] for name in ("plot_code", "name", "commune_name", "area_legal_m2")}
            | {"from_revision": history.since(ref, number)}
            for ref, one in history.public(number).items()
        }
        assert found == wanted, f"as of {asked}"
        assert list(found) == sorted(wanted)


def test_counts_and_totals_are_those_of_the_past_state(history: History) -> None:
    dataset = samples.public_land()
    for asked, number in moments(history):
        state = history.public(number).values()
        assert queries.count(dataset, as_of=asked) == len(state)
        totals = queries.totals(dataset, by=["commune_name"], as_of=asked)
        assert _line(totals[""][0]) == _sums(state)
        by_commune = {line["value"]: _line(line) for line in totals["commune_name"]}
        communes = {one["commune_name"] for one in state}
        assert by_commune == {
            commune: _sums([one for one in state if one["commune_name"] == commune]) for commune in communes
        }


def _line(line: dict[str, Any]) -> tuple:
    return line["count"], line["area_legal"]


def _sums(plots: Any) -> tuple:
    return len(plots), sum((one["area_legal_m2"] for one in plots), Decimal()) if plots else None


def test_the_geojson_of_each_past_state_is_what_it_was(history: History) -> None:
    for asked, number in moments(history):
        features = [json.loads(text) for text in queries.geojson_features(samples.public_land(), as_of=asked)]
        found = {feature["id"]: (_named(feature), _box(feature)) for feature in features}
        wanted = {
            ref: ((one["name"], one["commune_name"], float(one["area_legal_m2"])), pytest.approx(one["box"], abs=1e-9))
            for ref, one in history.public(number).items()
        }
        assert found == wanted, f"as of {asked}"


def _named(feature: dict[str, Any]) -> tuple:
    return tuple(feature["properties"][name] for name in ("name", "commune_name", "area_legal_m2"))


def _box(feature: dict[str, Any]) -> tuple[float, ...]:
    corners = [corner for part in feature["geometry"]["coordinates"] for ring in part for corner in ring]
    longitudes, latitudes = zip(*corners, strict=True)
    return min(longitudes), min(latitudes), max(longitudes), max(latitudes)


def test_the_tile_of_each_past_state_draws_what_it_was(history: History) -> None:
    for asked, number in moments(history):
        drawn = tile(samples.public_land(), ZOOM, X, Y, as_of=asked)
        layers = mapbox_vector_tile.decode(drawn) if drawn else {}
        features = layers.get("public-land", {"features": []})["features"]
        found = {feature["properties"]["ref"]: feature["properties"]["name"] for feature in features}
        assert found == {ref: one["name"] for ref, one in history.public(number).items()}, f"as of {asked}"
        assert len(features) == len(found)


def test_each_feature_of_each_past_state_is_found_and_no_other(history: History) -> None:
    dataset = samples.public_land()
    for asked, number in moments(history):
        state = history.public(number)
        for ref in history.refs:
            row = queries.feature(dataset, ref, as_of=asked)
            feature = queries.geojson_feature(dataset, ref, as_of=asked)
            assert (row is not None, feature is not None) == (ref in state, ref in state)
            if row and feature:
                assert (row["name"], feature["properties"]["name"]) == (state[ref]["name"],) * 2


def test_filters_and_pages_read_the_past_state(history: History) -> None:
    dataset = samples.public_land()
    _west, _south, east, north = samples.plot(12)["box"]
    filters = {
        Equals("commune_name", "Long Sơn"): lambda one: one["commune_name"] == "Long Sơn",
        AtLeast("area_legal_m2", Decimal(50_000)): lambda one: one["area_legal_m2"] >= 50_000,
        Within(107, 10, east, north): lambda one: one["box"][0] <= east,
    }
    for asked, number in moments(history):
        state = history.public(number)
        for where, keeps in filters.items():
            refs = [ref for ref, one in state.items() if keeps(one)]
            assert [row["ref"] for row in queries.rows(dataset, where, as_of=asked)] == refs
            assert queries.count(dataset, where, as_of=asked) == len(refs)
        assert _paged(asked) == list(state)


def _paged(asked: int | None) -> list[str]:
    refs: list[str] = []
    while page := queries.rows(samples.public_land(), as_of=asked, after=refs[-1] if refs else None, limit=3):
        refs += [row["ref"] for row in page]
    return refs


def test_the_history_of_a_feature_names_its_states_newest_first(history: History) -> None:
    for ref in history.refs:
        found = [state["from_revision"] for state in queries.history(samples.public_land(), ref)]
        wanted = {
            history.since(ref, number) for number in range(1, history.newest + 1) if ref in history.public(number)
        }
        assert found == sorted(wanted, reverse=True), ref


# Policy before history


@pytest.fixture
def story(empty_world: str) -> History:
    """One plot that stays, and one that is not there yet."""
    history = History()
    history.follow([_plot(1), _plot(2, name="First")])
    history.follow([_plot(1), _plot(2, name="Second")])
    return history


def _plot(number: int, **values: Any) -> samples.Plot:
    return samples.plot(number, **{"area_legal_m2": Decimal(1000), **values})


def _names(number: int | None) -> list[str]:
    return [row["name"] for row in queries.rows(samples.public_land(), as_of=number)]


def _drawn(number: int | None) -> int:
    decoded = mapbox_vector_tile.decode(tile(samples.public_land(), ZOOM, X, Y, as_of=number))
    return len(decoded["public-land"]["features"])


def test_what_is_hidden_today_is_hidden_in_all_its_past(story: History) -> None:
    assert _names(1) == ["Plot 1", "First"]
    story.follow([_plot(1), _plot(2, name="Third", is_public=False)])
    for number in (None, 1, 2, 3):
        assert _names(number) == ["Plot 1"]
        assert queries.totals(samples.public_land(), as_of=number)[""][0]["count"] == 1
        assert _drawn(number) == 1
        assert queries.feature(samples.public_land(), "P-00002", as_of=number) is None
    assert queries.history(samples.public_land(), "P-00002") == []


def test_what_is_shown_again_has_its_past_again_but_for_the_hidden_time(story: History) -> None:
    story.follow([_plot(1), _plot(2, name="Third", is_public=False)])
    story.follow([_plot(1), _plot(2, name="Fourth")])
    assert [_names(number) for number in (1, 2, 3, 4, None)] == [
        ["Plot 1", "First"],
        ["Plot 1", "Second"],
        ["Plot 1"],
        ["Plot 1", "Fourth"],
        ["Plot 1", "Fourth"],
    ]
    assert [_drawn(number) for number in (1, 2, 3, 4, None)] == [2, 2, 1, 2, 2]


def test_what_was_hidden_when_it_retired_stays_hidden(story: History) -> None:
    story.follow([_plot(1), _plot(2, is_public=False)])
    story.follow([_plot(1)])
    for number in (None, 1, 2, 3, 4):
        assert _names(number) == ["Plot 1"]


def test_what_was_public_when_it_retired_keeps_its_past(story: History) -> None:
    story.follow([_plot(1)])
    assert [_names(number) for number in (1, 2, 3, None)] == [
        ["Plot 1", "First"],
        ["Plot 1", "Second"],
        ["Plot 1"],
        ["Plot 1"],
    ]


# When


def test_a_day_means_its_last_revision_in_local_time(story: History) -> None:
    midnight = timezone.make_aware(datetime.datetime(2026, 3, 2))
    just_before = midnight - datetime.timedelta(microseconds=1)
    with as_owner(), connection.cursor() as cursor:
        for number, at in ((1, just_before), (2, midnight)):
            cursor.execute("UPDATE catalog_revision SET applied_at = %s WHERE number = %s", [at, number])
    assert queries.parse_as_of("2026-03-01") == 1
    assert queries.parse_as_of("2026-03-02") == 2
    assert queries.parse_as_of("2026-03-03") == 2
    with pytest.raises(FilterError):
        queries.parse_as_of("2026-02-28")


@pytest.mark.parametrize(
    "text", ["0", "3", "-1", "1.5", "²", "1e3", "9" * 30, "yesterday", "2026-13-01", "2026-02-30", "\x00"]
)
def test_what_is_no_revision_and_no_day_is_refused(story: History, text: str) -> None:
    with pytest.raises(FilterError):
        queries.parse_as_of(text)


@pytest.mark.parametrize("text", [None, ""])
def test_nothing_means_now(text: str | None) -> None:
    assert queries.parse_as_of(text) is None
