"""Identities that differ in case or in signs that look alike are one feature, and told; what may be mistaken is said."""

from pathlib import Path

import pytest

from tests.ingest.test_load import codes, in_force, load, write, zone
from tests.members import some_of

pytestmark = pytest.mark.usefixtures("empty_world")


@pytest.mark.parametrize(
    "written", some_of(["ks-12", "Ks-12", "\u041aS-12", "ＫＳ-12", "KS\u201312", "К\u0405-12"], every=2)
)
def test_a_feature_in_force_is_found_under_what_looks_like_it(tmp_path: Path, written: str) -> None:
    load(write(tmp_path / "a.geojson", zone("KS-12"), zone("KS-13", 1)), commit=True)
    again = write(tmp_path / "b.geojson", zone(written, name="Vùng mới"), zone("KS-13", 1))
    report = load(again, complete=True, commit=True)
    assert [report[key] for key in ("add", "change", "unchanged", "retire")] == [0, 1, 1, 0]
    assert codes(report).keys() & {"identity-alike", "text-alike"}
    assert in_force() == {"KS-12": "Vùng mới", "KS-13": "Vùng KS-13"}


def test_two_rows_that_differ_in_case_only_are_one_identity_twice(tmp_path: Path) -> None:
    report = load(write(tmp_path / "a.geojson", zone("KS-12"), zone("ks-12", 1), zone("KS-13", 2)), commit=True)
    assert (report["status"], codes(report)) == (1, {"identity-duplicate": 2})
    load(write(tmp_path / "a.geojson", zone("KS-12")), commit=True)
    report = load(write(tmp_path / "b.geojson", zone("KS-12"), zone("ks-12", 1)))
    assert (report["status"], codes(report)["identity-duplicate"]) == (1, 2)


def test_an_o_for_a_nought_is_said(tmp_path: Path) -> None:
    load(write(tmp_path / "a.geojson", zone("KS-10"), zone("KS-11", 1)), commit=True)
    report = load(write(tmp_path / "b.geojson", zone("KS-1O"), zone("KS-11", 1)), complete=True)
    assert (codes(report)["identity-mistaken"], report["add"], report["retire"]) == (1, 1, 1)
    [told] = [group["examples"][0] for group in report["issues"] if group["code"] == "identity-mistaken"]
    assert "KS-10" in told["message"]
    both = load(write(tmp_path / "c.geojson", zone("KS-1O", 2), zone("KS-10"), zone("KS-11", 1)))
    assert "identity-mistaken" not in codes(both)
