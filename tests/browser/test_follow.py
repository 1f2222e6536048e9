"""An open map follows what is published: a change is seen, and said, without loading the page anew."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.wsgi import get_wsgi_application
from django.test import override_settings

from landgis.catalog import exits
from landgis.operations.stored_tiles import StoredTiles
from landgis.tiles import pyramid
from tests import databases, samples
from tests.browser.conftest import COARSE
from tests.browser.pixels import changed, drawn, settled
from tests.members import some_of
from tests.serving import server_of

pytestmark = pytest.mark.browser
PLOTS = [samples.plot(number) for number in range(4)]
WEST, SOUTH, EAST, NORTH = PLOTS[1]["box"]
NEAR = f"#17/{(SOUTH + NORTH) / 2}/{(WEST + EAST) / 2}"


@pytest.fixture
def address(migrated: str, django_db_blocker: Any, tmp_path: Path) -> Iterator[str]:
    """Of a server with four plots, before which stored tiles are answered, as in operation."""
    with (
        django_db_blocker.unblock(),
        databases.made(migrated) as name,
        databases.used(name),
        override_settings(CONFIRM_FEATURES=100),
        server_of(StoredTiles(get_wsgi_application())) as port,
    ):
        publish(tmp_path)
        yield f"http://127.0.0.1:{port}"


def publish(folder: Path, **of_the_second: Any) -> None:
    """By a file that holds every plot."""
    plots = [*PLOTS[:1], {**PLOTS[1], **of_the_second}, *PLOTS[2:]]
    samples.load(samples.write(folder / "plots.geojson", plots))


def store_all() -> None:
    for dataset in exits.datasets("tiles"):
        pyramid.TileFollower().follow(dataset)
        pyramid.cut(dataset)


def click_the_middle(page: Any) -> None:
    box = page.locator(".map__canvas").bounding_box()
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.locator(".card__title").wait_for()


@pytest.mark.parametrize("path", some_of(["/", "/embed"], every=2))
def test_a_change_of_one_plot_is_seen_on_the_open_map_and_on_its_card(
    visit: Callable[..., Any], path: str, tmp_path: Path
) -> None:
    store_all()
    with visit(f"{path}?scene=none{NEAR}", may_say=("404",), **COARSE) as page:
        settled(page)
        click_the_middle(page)
        card, news = page.locator(".card__body, .card").first, page.locator(".card__news")
        assert "Plot 1" in card.inner_text()
        before = drawn(page)
        page.evaluate("() => { window.isTheSamePage = true; }")
        publish(tmp_path, name="A new name alone")
        news.filter(has_text="vừa thay đổi").wait_for()
        page.locator(".card__title", has_text="A new name alone").wait_for()
        half = (WEST, SOUTH, (WEST + EAST) / 2, NORTH)
        publish(tmp_path, name="Another name", box=half)
        page.locator(".card__title", has_text="Another name").wait_for()
        assert "vừa thay đổi" in news.inner_text()
        after = drawn(page)
        assert changed(before, after).sum() > 100
        publish(tmp_path, name="Another name", box=half, is_public=False)
        news.filter(has_text="không còn").wait_for()
        assert "Another name" not in page.locator(".card__facts").all_inner_texts()
        assert changed(after, drawn(page)).sum() > 100
        assert page.evaluate("() => window.isTheSamePage")


@pytest.mark.prove
def test_a_list_says_that_its_rows_are_older_than_its_map(visit: Callable[..., Any], tmp_path: Path) -> None:
    """Here where no tile is stored: the database tells what changed."""
    with visit("/public-land/", **COARSE) as page:
        settled(page)
        publish(tmp_path, name="Another name")
        page.get_by_role("button", name="Tải lại trang").click()
        page.locator("table.rows", has_text="Another name").wait_for()
