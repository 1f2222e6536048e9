"""The map editor beside the forms of officers: what is drawn is what the form sends, by mouse, by keys and by numbers."""

import math
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import brotli
import pytest
import shapely
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.contrib.auth.models import Group
from django.core.wsgi import get_wsgi_application
from django.test import Client, override_settings
from playwright.sync_api import Browser, Page

from landgis.accounts.actions import ensure_roles
from landgis.accounts.models import User
from landgis.catalog import registry
from landgis.changes.passage_models import Passage
from landgis.workbench import change_sets, corners, dividing
from landgis.workbench.models import Edit
from tests import databases
from tests.people import in_whole_office
from tests.serving import SOFT, server_of
from tests.waiting import PATIENCE_MS
from tests.workbench.test_officer_pages import RULES

pytestmark = pytest.mark.browser
Place = tuple[float, float]
SIZE = (1440, 900)


@pytest.fixture(scope="module")
def office(
    pictured: tuple[str, Path], tmp_path_factory: pytest.TempPathFactory, django_db_setup: None, django_db_blocker: Any
) -> Iterator[tuple[str, Client]]:
    """The address of a server on a world of its own, and an officer who has signed in."""
    template, files = pictured
    media = Path(shutil.copytree(files, tmp_path_factory.mktemp("editor") / "media"))
    with (
        django_db_blocker.unblock(),
        databases.made(template) as name,
        databases.used(name),
        override_settings(MEDIA_ROOT=media),
        server_of(get_wsgi_application()) as port,
    ):
        ensure_roles()
        officer = User.objects.create_user("officer")
        officer.groups.set([Group.objects.get(name="officer")])
        in_whole_office(officer)
        client = Client()
        client.force_login(officer)
        yield f"http://127.0.0.1:{port}", client


@pytest.fixture
def opened(office: tuple[str, Client], chromium: Callable[..., Browser]) -> Callable[..., Any]:
    """`with opened("edit/parcels/…/") as page`: with the map drawn; the test fails on any error it reports."""
    address, client = office

    @contextmanager
    def opened(path: str, size: tuple[int, int] = SIZE) -> Iterator[Page]:
        context = chromium(SOFT).new_context(
            base_url=address,
            viewport={"width": size[0], "height": size[1]},
            service_workers="block",
            reduced_motion="reduce",
        )
        context.set_default_timeout(PATIENCE_MS)
        session = client.cookies[settings.SESSION_COOKIE_NAME].value
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": address}])
        page, said = context.new_page(), list[str]()
        page.on("console", lambda one: said.append(one.text) if one.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: said.append(str(error)))
        page.goto(f"/officer/{path}")
        page.wait_for_selector("#editor-frame[data-drawn]")
        page.locator(".editor__ground").evaluate("(one) => one.scrollIntoView({ block: 'center' })")
        try:
            yield page
        finally:
            context.close()
        assert [line for line in said if "Service Worker" not in line and "status of 400" not in line] == []

    return opened


def parcel(number: int) -> Any:
    """A parcel that has neighbours, another one for each number: tests do not meet on one."""
    dataset = registry.get("parcels")
    rows = change_sets.in_force_of(dataset).filter(until_revision=None, is_public=True).order_by("ref")
    small = (row for row in rows[number * 40 :].iterator() if len(text_of(row)) in range(4, 9))
    return next(row for row in small if len(dividing.neighbours(dataset, row)) >= 2)


def text_of(row: Any) -> list[str]:
    """The corners as the form has them."""
    return corners.text_of(registry.get("parcels"), row).split("\n")


def place(line: str) -> Place:
    north, east = map(float, line.split())
    return east, north


def pixel(page: Page, at: Place) -> Place:
    """Where a place of the plane is seen."""
    east, north, size = map(float, str(page.get_attribute("#editor-frame", "data-view")).split(","))
    box = page.locator("#editor-map").bounding_box()
    assert box
    return box["x"] + box["width"] / 2 + (at[0] - east) / size, box["y"] + box["height"] / 2 - (at[1] - north) / size


def field(page: Page, name: str = "corners") -> list[str]:
    return page.locator(f"[name={name}]").input_value().split("\n")


def drag(page: Page, at: Place, right: float, down: float) -> None:
    x, y = pixel(page, at)
    page.mouse.move(x, y)
    page.mouse.down()
    for share in (0.3, 0.7, 1):
        page.mouse.move(x + right * share, y + down * share)
    page.mouse.up()


def shared_corner(row: Any) -> tuple[int, list[str]]:
    """A corner that neighbours have, too, and their refs."""
    near = dividing.neighbours(registry.get("parcels"), row)
    for at, line in enumerate(text_of(row)):
        if refs := sorted(one.ref for one in near if line in text_of(one)):
            return at, refs
    raise AssertionError("no corner is shared")


def test_a_corner_is_dragged_and_the_neighbours_follow(opened: Callable[..., Any]) -> None:
    row = parcel(1)
    at, refs = shared_corner(row)
    before = text_of(row)
    with opened(f"edit/parcels/{row.ref}/") as page:
        page.wait_for_selector("#editor-frame[data-checks=answered]")
        drag(page, place(before[at]), 40, 25)
        after = field(page)
        assert [line for line in after if line not in before] == [after[at]] and after[at] != before[at]
        page.locator(f".editor__along >> text={refs[0]}").wait_for()
        page.locator(".editor__issue").first.wait_for()  # the area is no longer that on paper
        found = Axe().run(page, options=RULES).response["violations"]
        assert [f"{one['id']}: {node['html'][:160]}" for one in found for node in one["nodes"]] == []
        page.locator("#editor-map").press("Control+z")
        assert field(page) == before and page.locator("[name^=along-]").count() == 0
        page.locator("#editor-map").press("Control+Shift+z")
        assert field(page) == after
        page.click("[value=read]")
        page.locator("#read").wait_for()
    kept = {
        edit.ref: edit.facts["boundary"]["text"].split("\n") for edit in Edit.objects.filter(ref__in=[row.ref, *refs])
    }
    assert kept[row.ref] == after
    assert {ref for ref, lines in kept.items() if after[at] in lines} == {row.ref, *refs}
    assert len({edit.change_set_id for edit in Edit.objects.filter(ref__in=kept)}) == 1


@pytest.mark.prove
def test_what_was_drawn_and_not_sent_comes_back_with_the_neighbours(opened: Callable[..., Any]) -> None:
    row = parcel(6)
    at, refs = shared_corner(row)
    with opened(f"edit/parcels/{row.ref}/") as page:
        page.wait_for_function(
            "(ref) => document.querySelector('#editor-frame').dataset.known?.includes(ref)", arg=refs[0]
        )
        drag(page, place(text_of(row)[at]), 40, 25)
        drawn, along = field(page), page.locator(f"[name=along-{refs[0]}]").input_value()
        page.locator(".outbox:not([hidden])").wait_for()  # kept on this device
        page.reload()
        page.wait_for_selector("#editor-frame[data-drawn]")
        assert field(page) == text_of(row)
        page.locator(".outbox__offer button").first.click()
        page.locator(f".editor__along >> text={refs[0]}").wait_for()
        assert field(page) == drawn
        kept = page.locator(f"[name=along-{refs[0]}]")
        assert (kept.count(), kept.input_value()) == (1, along)


def test_keys_alone_move_add_and_take_away_corners(opened: Callable[..., Any]) -> None:
    row = parcel(2)
    before = text_of(row)
    east, north = place(before[1])
    with opened(f"edit/parcels/{row.ref}/") as page:
        page.get_by_label("Dời đỉnh chung của lân cận").press("Space")  # this one alone
        page.keyboard.press("Tab")
        for key in ("ArrowDown", "ArrowDown", "Enter", "ArrowRight", "Shift+ArrowUp", "Alt+ArrowLeft", "Enter"):
            page.keyboard.press(key)
        moved = field(page)
        assert place(moved[1]) == pytest.approx((east + 0.09, north + 1.0), abs=1e-6)
        assert page.locator(".editor__status").inner_text().startswith("Đỉnh 2: X ")
        page.keyboard.press("Insert")
        assert len(field(page)) == len(before) + 1
        page.keyboard.press("Delete")
        assert field(page) == moved
        page.locator("summary", has_text="Thêm đỉnh bằng số đo").press("Enter")
        page.locator(".editor__typed input").nth(0).fill(f"{north + 2:.3f}")
        page.locator(".editor__typed input").nth(1).fill(f"{east:.3f}")
        page.get_by_role("button", name="Dời đỉnh đã chọn tới đây").press("Enter")
        assert place(field(page)[2]) == pytest.approx((east, north + 2), abs=1e-6)


@pytest.mark.prove
def test_a_hole_is_cut_and_taken_away(opened: Callable[..., Any]) -> None:
    row = parcel(3)
    with opened(f"edit/parcels/{row.ref}/") as page:
        x, y = pixel(page, dividing.ground_of(row).plane.representative_point().coords[0])
        page.get_by_role("button", name="Khoét lỗ").click()
        for right, down in ((-12, -12), (12, -12), (12, 12), (-12, 12), (-12, -12)):
            page.mouse.click(x + right, y + down)
        page.wait_for_function("() => document.querySelector('[name=corners]').value.includes('\\n\\n')")
        assert len("\n".join(field(page)).split("\n\n")[1].split("\n")) == 4
        page.locator("[role=option]").last.click()
        page.get_by_role("button", name="Xóa phần hoặc lỗ này").click()
        assert field(page) == text_of(row)


@pytest.mark.prove
def test_a_parcel_is_split_by_a_line_that_is_drawn(opened: Callable[..., Any]) -> None:
    row = parcel(4)
    lines = text_of(row)
    with opened(f"split/parcels/{row.ref}/") as page:
        one, other = pixel(page, middle_of(lines, 0)), pixel(page, middle_of(lines, 2))
        page.mouse.click(*one)
        page.mouse.dblclick(*other)
        page.locator(".editor__child").nth(1).wait_for()
        drawn = field(page, "line")
        assert len(drawn) == 2
        page.click("[value=read]")
        page.locator("#number-0").wait_for()
        assert field(page, "line") == drawn
        for at in range(page.locator("[name^=legal-]").count()):
            page.fill(f"[name=legal-{at}]", "50")
        page.fill("#remeasured", "Đo đạc lại")
        page.click("[value=read]")
        page.click("[value=count]")
        page.wait_for_url("**/officer/changes/*/")
    passage = Passage.objects.get(edits__ref=row.ref)
    assert passage.edits.filter(kind="add").count() >= 2


def middle_of(lines: list[str], at: int) -> Place:
    (east, north), (x, y) = place(lines[at]), place(lines[(at + 1) % len(lines)])
    return (east + x) / 2, (north + y) / 2


@pytest.mark.prove
def test_neighbours_are_chosen_for_a_merge_on_the_map(opened: Callable[..., Any]) -> None:
    row, dataset = parcel(5), registry.get("parcels")
    other = dividing.neighbours(dataset, row)[0]
    with opened(f"merge/parcels/{row.ref}/") as page:
        seen = page.get_attribute("#editor-frame", "data-view")
        page.get_by_role("button", name="Thu nhỏ").click()
        page.wait_for_function("(seen) => document.querySelector('#editor-frame').dataset.view !== seen", arg=seen)
        page.wait_for_function(
            "(ref) => document.querySelector('#editor-frame').dataset.known?.split(' ').includes(ref)", arg=other.ref
        )
        inside = dividing.ground_of(other).plane.representative_point().coords[0]
        page.mouse.click(*pixel(page, inside))
        page.locator(".editor__child").wait_for()
        assert page.locator("[name=with]:checked").evaluate_all("(all) => all.map((one) => one.value)") == [other.ref]


def test_a_surveyors_file_lies_under_the_map_and_is_taken_over(opened: Callable[..., Any]) -> None:
    """It says not where it lies: that is asked, and then one shape of it is the boundary, and is taken back."""
    row = parcel(7)
    before, (ground,) = text_of(row), shapely.get_parts(dividing.ground_of(row).plane)
    measured = shapely.affinity.scale(ground, 0.9, 0.9)
    points = "".join(f"{at};{y:.3f};{x:.3f}\n" for at, (x, y) in enumerate(measured.exterior.coords[:-1], start=1))
    file: Any = {"name": "do.csv", "mimeType": "text/csv", "buffer": f"STT;X;Y\n{points}".encode()}
    with opened(f"edit/parcels/{row.ref}/") as page:
        page.click("text=Tệp đo đạc")
        page.set_input_files("[name=file]", file)
        page.get_by_role("button", name="Đưa lên bản đồ").click()
        page.get_by_label("Hệ tọa độ khác").last.select_option(f"{row.legal_srid}:")
        if page.locator(".editor__survey [value=other]").count():
            page.check(".editor__survey [value=other]")
        page.get_by_role("button", name="Đưa lên bản đồ").click()
        page.get_by_role("button", name="Lấy: Tất cả các điểm, theo thứ tự trong tệp").click()
        taken = [place(line) for line in field(page)]
        assert shapely.Polygon(taken).equals_exact(shapely.transform(measured, lambda xy: xy.round(3)), 1e-6)
        page.locator("#editor-map").press("Control+z")
        assert field(page) == before
        # A corner that is dragged beside one of the file goes there.
        wanted = min(taken, key=lambda at: math.dist(at, place(before[0])))
        (x, y), (to_x, to_y) = pixel(page, place(before[0])), pixel(page, wanted)
        drag(page, place(before[0]), to_x - x + 4, to_y - y + 3)
        assert [place(line) for line in field(page) if line not in before] == [wanted]


MOST_BYTES = {"library": 137_000, "own": 26_000}


def test_the_scripts_are_light() -> None:
    """Over the line, with brotli: the library that only these pages bring, and our own modules."""
    library = settings.BASE_DIR / "node_modules" / ".bundles" / "bundles" / "openlayers.js"
    modules = (settings.BASE_DIR / "landgis" / "static" / "js" / "workbench" / "editor").glob("*.js")
    weights = {"library": [library], "own": modules}
    told = {name: sum(len(brotli.compress(one.read_bytes())) for one in files) for name, files in weights.items()}
    assert {name: size for name, size in told.items() if size > MOST_BYTES[name]} == {}
