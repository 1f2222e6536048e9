"""On English pages what is Vietnamese says so, word for word: a screen reader would else read it as English (WCAG 3.1.2)."""

import re
from html.parser import HTMLParser
from typing import Any

import pytest
from django.test import Client

from landgis.catalog import queries, registry

pytestmark = pytest.mark.usefixtures("world")

VIETNAMESE = re.compile(r"[ăâđêôơưĂÂĐÊÔƠƯ\u1ea0-\u1ef9]")
VOID = {
    "area",
    "base",
    "br",
    "col",
    "embed",
    "hr",
    "img",
    "input",
    "link",
    "meta",
    "path",
    "rect",
    "source",
    "track",
    "wbr",
}
SILENT = {"script", "style", "title"}  # data; and the title of the window, which cannot be marked in part
# The criterion leaves proper names out: those of places stand in sentences as they are.
NAME = r"[A-ZĂÂĐÊÔƠƯ0-9\u1ea0-\u1ef9][\w]*"
PLACE = re.compile(
    rf"(Phường|Xã|Đặc khu|Thị trấn|Thành phố|Huyện|Thị xã)( {NAME})+|{NAME}( {NAME})* (ward|commune|special zone)"
)


class Spoken(HTMLParser):
    """Collects the Vietnamese texts whose nearest `lang` is English."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[tuple[str, str]] = []
        self.unmarked: list[str] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        if tag not in VOID:
            here = self.open[-1][1] if self.open else ""
            self.open.append((tag, dict(attributes).get("lang") or here))

    def handle_startendtag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        pass

    def handle_endtag(self, tag: str) -> None:
        while self.open and self.open.pop()[0] != tag:
            pass

    def handle_data(self, text: str) -> None:
        if any(tag in SILENT for tag, _lang in self.open) or not (self.open and self.open[-1][1] == "en"):
            return
        if VIETNAMESE.search(PLACE.sub("", text)):
            self.unmarked.append(" ".join(text.split()))


def unmarked(path: str) -> list[str]:
    response = Client().get(path)
    assert response.status_code in (200, 410), path
    spoken = Spoken()
    spoken.feed(response.content.decode())
    assert spoken.open == [], "the page is well formed"
    return spoken.unmarked


def ref(name: str, **wanted: Any) -> str:
    return next(
        row["ref"]
        for row in queries.rows(registry.get(name))
        if all(row[key] == value for key, value in wanted.items())
    )


@pytest.mark.parametrize(
    "path",
    [
        "/en/", "/en/lots/", "/en/auctions/", "/en/public-land/", "/en/planning/", "/en/parcels/", "/en/land-prices/",
        "/en/places/", "/en/datasets/", "/en/datasets/public-land/", "/en/guides/auctions/", "/en/guides/words/", "/en/guides/about/", "/en/feedback/", "/en/search?q=vung+tau",
        "/en/search?q=phuoc+hung", "/en/search?q=truong+tieu+hoc",
    ],
)  # fmt: skip
def test_lists_and_answers_mark_what_the_office_wrote(path: str) -> None:
    assert unmarked(path) == []


@pytest.mark.parametrize(
    "name", ["auction-lots", "auctions", "public-land", "planning-zones", "parcels", "admin-units"]
)
def test_the_page_of_a_feature_marks_it(name: str) -> None:
    dataset = registry.get(name)
    refs = [row["ref"] for row in queries.rows(dataset, limit=40)]
    for one in (refs[0], refs[-1]):
        assert unmarked(f"/en/{dataset.path}/{one}/") == []
        assert unmarked(f"/en/feedback/{name}/{one}/") == []


def test_a_vietnamese_page_marks_nothing() -> None:
    assert '<span lang="vi">' not in Client().get("/lots/").content.decode()
