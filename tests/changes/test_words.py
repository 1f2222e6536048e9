"""Technical words that are stored have a text for readers, in both languages."""

import re
from pathlib import Path

import pytest
import shapely
from django.utils import translation

from landgis.catalog import money
from landgis.changes import issues, words
from landgis.lib import canonical_forms
from tests import samples

ROOT = Path(__file__).parents[2]
AUDITED = re.compile(r"""write\([^"\n]+, "([a-z.-]+)"|_audit\([^"]+"([a-z-]+)", change_set""")
BROKEN = {
    "Self-intersection": "POLYGON((0 0, 10 10, 10 0, 0 10, 0 0))",
    "Ring Self-intersection": "POLYGON((0 0, 10 0, 5 5, 10 10, 0 10, 5 5, 0 0))",
    "Hole lies outside shell": "POLYGON((0 0, 9 0, 9 9, 0 9, 0 0), (20 20, 21 20, 21 21, 20 20))",
    "Holes are nested": "POLYGON((0 0, 9 0, 9 9, 0 9, 0 0), (1 1, 7 1, 7 7, 1 7, 1 1), (2 2, 3 2, 3 3, 2 2))",
    "Nested shells": "MULTIPOLYGON(((0 0, 9 0, 9 9, 0 9, 0 0)), ((1 1, 2 1, 2 2, 1 1)))",
    "Interior is disconnected": "POLYGON((0 0, 10 0, 10 10, 0 10, 0 0), (5 0, 7 5, 5 10, 3 5, 5 0))",
    "Too few points in geometry component": "POLYGON((0 0, 1 1, 1 1, 0 0))",
}


def written_verbs() -> set[str]:
    """Every verb that the code writes to the audit."""
    found = set()
    for module in (ROOT / "landgis").rglob("*.py"):
        for whole, of_change_set in AUDITED.findall(module.read_text(encoding="utf-8")):
            found.add(whole or f"change-set.{of_change_set}")
    return found


def test_every_verb_of_the_audit_has_a_text() -> None:
    verbs = written_verbs()
    assert verbs >= {"change-set.draft", "change-set.check", "change-set.apply", "scene.add", "scene.withdraw"}
    assert verbs <= words.VERBS.keys()


@pytest.mark.parametrize(("reason", "wkt"), BROKEN.items())
def test_what_is_wrong_with_a_boundary_is_said_in_the_words_of_readers(reason: str, wkt: str) -> None:
    [(_row, code, params)] = canonical_forms.AREA.faults([shapely.from_wkt(wkt, on_invalid="ignore")])
    assert (code, params["reason"]) == ("geometry-invalid", reason)
    for language in ("en", "vi"):
        with translation.override(language):
            message, _remedy = issues.text(samples.public_land(), code, "", params)
            assert str(words.REASONS[reason]) in message and reason not in message


@pytest.mark.parametrize("known", [words.REASONS, words.GEOMETRIES, words.VERBS])
def test_every_word_has_its_vietnamese(known: dict[str, str]) -> None:
    texts = list(known.values())
    with translation.override("en"):
        english = [str(text) for text in texts]
    with translation.override("vi"):
        vietnamese = [str(text) for text in texts]
    assert all(one != other for one, other in zip(english, vietnamese, strict=True)), (english, vietnamese)


def test_a_place_that_is_not_known_and_a_word_that_is_not_known_can_be_shown() -> None:
    params = {"reason": "Something new", "x": None, "y": None}
    with translation.override("en"):
        message, _remedy = issues.text(samples.public_land(), "geometry-invalid", "", params)
        assert "Something new at –, –" in message
        assert "a line;" in issues.text(samples.public_land(), "geometry-kind", "", {"kind": "LineString"})[0]


def test_a_remedy_that_names_an_option_of_a_command_has_one_for_the_page() -> None:
    for code, kind in issues.KINDS.items():
        with translation.override("en"):
            on_page = str(kind.on_page or kind.remedy)
        assert "--" not in on_page and "%(option)s" not in on_page and "%(keep)s" not in on_page, code


@pytest.mark.parametrize(
    ("language", "area", "day", "time"),
    [
        ("vi", "+5.000,00", "05/12/2026", "08:30 05/12/2026"),
        ("en", "+5,000.00", "5 Dec 2026", "5 Dec 2026, 08:30"),
    ],
)
def test_figures_and_days_are_written_as_the_reader_does(language: str, area: str, day: str, time: str) -> None:
    with translation.override(language):
        assert words.figure("+5000.00") == area
        mark = {"vi": ".", "en": ","}[language]
        assert words.figure(money.in_figures(1_240_000)) == f"1{mark}240{mark}000 đ"
        assert words.moment("2026-12-05") == day and words.moment("2026-12-05 08:30") == time


@pytest.mark.parametrize("said", ["∞", "nan", "inf", "12 m", "A-12"])
def test_what_is_no_figure_and_no_day_stays_as_it_is(said: str) -> None:
    assert words.figure(said) == words.moment(said) == said


def test_nothing_is_a_day_that_nobody_knows() -> None:
    with translation.override("en"):
        assert words.moment("") == "an unknown day"
