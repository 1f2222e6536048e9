"""A dataset whose addresses other pages of the site have is refused before anybody looks for it in vain."""

from collections.abc import Callable, Iterator

import pytest

from landgis.catalog import registry
from landgis.catalog.dataset import Dataset, Licence
from landgis.catalog.geometry_kinds import POINT
from landgis.pages.checks import datasets_have_their_addresses


class Marks(Dataset):
    name = "marks"
    path = "marks"
    title = "Mark"
    title_plural = "Marks"
    counted = "marks"
    description = "Says where it stands"
    licence = Licence("Open")
    geometry = "place"
    geometry_kind = POINT


@pytest.fixture
def declared() -> Iterator[Callable[..., list[str]]]:
    """What the check says of the marks with other words; the other datasets are as they are."""
    kept = dict(registry._datasets)

    def told(**words: str) -> list[str]:
        registry._datasets.clear()
        registry._datasets.update(kept)
        marks = Marks()
        for name, word in words.items():
            setattr(marks, name, word)
        registry._datasets[marks.name] = marks
        return [str(one.msg) for one in datasets_have_their_addresses(None)]

    yield told
    registry._datasets.clear()
    registry._datasets.update(kept)


def test_addresses_of_their_own_are_no_fault(declared: Callable[..., list[str]]) -> None:
    assert declared() == []
    assert declared(path="survey-marks", name="survey-marks") == []


@pytest.mark.parametrize(
    "path",
    ["search", "datasets", "guides", "officer", "admin", "feedback", "embed", "tiles", "styles", "measure"]
    + ["en", "vi", "static", "Marks", "1-marks"],
)
def test_a_path_that_the_site_has_is_refused(declared: Callable[..., list[str]], path: str) -> None:
    told = declared(path=path)
    assert told
    assert all(f"marks: path is {path!r}" in one for one in told)


def test_a_name_that_tiles_have_is_refused(declared: Callable[..., list[str]]) -> None:
    assert declared(name="state") == ["state: name is 'state', and /tiles/state.json does not lead to it."]
