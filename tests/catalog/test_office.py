"""The office file: texts by language, exits by dataset, and a wrong line stops the start by its name."""

import dataclasses
from typing import Any

import pytest
from django.utils import translation

from landgis.catalog import office, registry
from landgis.catalog.apps import checklists_have_features, themes_have_datasets

PROFILE = {"vi": {"name": "Văn phòng"}}


def test_the_demo_office_speaks_both_languages() -> None:
    with translation.override("vi"):
        vietnamese = office.current().profile
    with translation.override("en"):
        english = office.current().profile
    assert vietnamese.name != english.name
    assert all(dataclasses.asdict(vietnamese).values())
    assert all(dataclasses.asdict(english).values())


def test_a_language_without_texts_falls_back_to_the_sites() -> None:
    with translation.override("en"):
        assert office.read({"profile": PROFILE}).profile.name == "Văn phòng"


def test_an_office_opens_and_closes_exits_of_a_dataset() -> None:
    closed = office.read({"profile": PROFILE, "exits": {"public-land": {"geojson": False}}})
    exits = closed.exits_of(registry.get("public-land"))
    assert exits.geojson is False
    assert exits.pages is True


@pytest.mark.parametrize(
    ("content", "named"),
    [
        ({}, "profile.vi"),
        ({"profile": {"fr": {"name": "Bureau"}}}, "fr"),
        ({"profile": {"vi": {}}}, "name"),
        ({"profile": {"vi": {"name": "x", "fax": "1"}}}, "fax"),
        ({"profile": PROFILE, "exit": {}}, "exit"),
        ({"profile": PROFILE, "exits": {"public-land": {"door": True}}}, "door"),
        ({"profile": PROFILE, "exits": {"public-land": {"tiles": "yes"}}}, "true and false"),
        ({"profile": PROFILE, "map": {"legal_crs": ["x"]}}, "x"),
        ({"profile": PROFILE, "map": {"crs": [5899]}}, "crs"),
        ({"profile": PROFILE, "theme": [{"name": {"en": "Plans"}}]}, "theme.name.vi"),
        ({"profile": PROFILE, "theme": [{"name": {"vi": "Quy hoạch"}, "data": "x"}]}, "data"),
        ({"profile": PROFILE, "map": {"images_until": "2026-13"}}, "images_until"),
        ({"profile": PROFILE, "map": {"inset": [{"name": {"vi": "Đảo"}, "bounds": [107, 9, 106, 10]}]}}, "bounds"),
    ],
)
def test_a_wrong_line_is_named(content: dict[str, Any], named: str) -> None:
    with pytest.raises(ValueError, match=named):
        office.read(content)


def test_the_maps_of_the_demo_have_a_legal_system_and_a_far_part() -> None:
    current = office.current()
    assert current.legal_srids == (5899,)
    [inset] = current.insets
    assert inset.name == "Côn Đảo"
    assert inset.bounds[0] < 106.6 < inset.bounds[2]


def test_a_theme_of_a_dataset_that_is_none_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages would say that the office has no data of it."""
    assert themes_have_datasets(None) == []
    wrong = office.read({"profile": PROFILE, "theme": [{"name": {"vi": "Quy hoạch"}, "dataset": "planing-zones"}]})
    monkeypatch.setattr(office, "current", lambda: wrong)
    [error] = themes_have_datasets(None)
    assert "planing-zones" in error.msg and "planning-zones" in str(error.hint)


def test_an_office_is_competent_by_the_commune_of_today() -> None:
    said = office.read(
        {
            "profile": PROFILE,
            "competent": [
                {"name": {"vi": "Chi nhánh"}, "hours": {"vi": "Sáng"}, "communes": ["26506"]},
                {"name": {"vi": "Văn phòng"}},
            ],
        }
    )
    named = {code: said.competent_for(code) for code in ("26506", "26560", None)}
    assert [one and one.name for one in named.values()] == ["Chi nhánh", "Văn phòng", "Văn phòng"]
    assert named["26506"] and named["26506"].hours == "Sáng"
    assert office.read({"profile": PROFILE}).competent_for("26506") is None
    with pytest.raises(ValueError, match="https"):
        office.read({"profile": PROFILE, "competent": [{"name": {"vi": "x"}, "url": "javascript:alert(1)"}]})


def test_a_body_is_known_by_the_name_that_data_write() -> None:
    said = office.read({"profile": PROFILE, "body": [{"name": "Công ty A", "hours": {"vi": "Sáng"}, "contact": "1 B"}]})
    assert [one and (one.hours, one.contact) for one in map(said.body, ("Công ty A", "Công ty", None))] == [
        ("Sáng", "1 B"),
        None,
        None,
    ]


def checklist(**changes: Any) -> dict[str, Any]:
    made = {"dataset": "auctions", "name": {"vi": "Cá nhân"}, "papers": {"vi": ["Phiếu đăng ký"]}} | changes
    return {"profile": PROFILE, "checklist": [made]}


def test_a_checklist_is_of_the_features_that_it_names() -> None:
    [one] = office.read(checklist(only={"stream": ["project"]})).checklists
    assert one.is_for("auctions", {"stream": "project"})
    assert not one.is_for("auctions", {"stream": "residential"}) and not one.is_for("parcels", {"stream": "project"})
    with pytest.raises(ValueError, match="papers"):
        office.read(checklist(papers={}))


def test_a_checklist_of_no_feature_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    assert checklists_have_features(None) == []
    for changes, named in (
        ({"dataset": "auction"}, "no dataset"),
        ({"only": {"steam": ["project"]}}, "no field"),
        ({"only": {"stream": ["projects"]}}, "no code"),
    ):
        wrong = office.read(checklist(**changes))
        monkeypatch.setattr(office, "current", lambda wrong=wrong: wrong)
        [error] = checklists_have_features(None)
        assert named in error.msg
