"""A file through the officers' pages: read, reported, confirmed, submitted, approved by another person."""

import io
import json
from collections.abc import Callable
from pathlib import Path

import pyogrio
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError
from django.http import HttpResponse
from django.test import Client

from landgis.accounts.models import User
from landgis.catalog import queries, registry
from landgis.changes import actions as changes
from landgis.changes.models import ChangeSet, State
from landgis.ingest import store
from landgis.workbench import actions
from landgis.workbench.models import Run
from tests.workbench import files
from tests.workbench.conftest import PASSWORD, do_waiting, newest

pytestmark = pytest.mark.usefixtures("own_world", "state")
ClientOf = Callable[[str], Client]


def hand_in(client: Client, path: Path, **said: str) -> Run:
    """Upload a file and have it read; the run."""
    sent = {"file": SimpleUploadedFile(path.name, path.read_bytes()), **said}
    response = client.post("/en/officer/upload/", sent)
    assert response.status_code == 302, response.content.decode()[:500]
    do_waiting()
    return Run.objects.order_by("-id")[0]


def page(client: Client, change_set: ChangeSet, language: str = "/en") -> str:
    response = client.get(f"{language}/officer/changes/{change_set.pk}/")
    assert response.status_code == 200
    assert "no-store" in response["Cache-Control"]
    return response.content.decode()


def step(client: Client, change_set: ChangeSet, name: str, **said: str) -> HttpResponse:
    return client.post(f"/en/officer/changes/{change_set.pk}/{name}/", said, follow=True)


def again(client: Client, change_set: ChangeSet, **said: str) -> ChangeSet:
    """Read the file of a change set with other choices."""
    assert client.post(f"/en/officer/changes/{change_set.pk}/again/", said).status_code == 302
    do_waiting()
    return newest()


def test_from_a_file_without_prj_to_the_public_page(tmp_path: Path, signed_in: ClientOf) -> None:
    officer, approver = signed_in("officer"), signed_in("approver")
    run = hand_in(officer, files.zones(tmp_path))
    assert (run.state, run.dataset, run.rows_done) == ("done", "planning-zones", 5)
    first = newest()
    text = page(officer, first)
    assert "TCVN3 · meridian 107°45′ · 5 zones · 1 error" in text
    assert "TCVN3 · kinh tuyến 107°45′ · 5 khu vực · 1 lỗi" in page(officer, first, "")
    assert "Chợ Vũng Tàu" in text and "A. VN-2000 / TM-3 107-45 (EPSG:5899)" in text
    assert "this office works in that system" in text and 'name="reading" value="5899:"' in " ".join(text.split())
    # Drawn by the server on the outlines of places, with their names.
    drawing = text[text.index('class="readings"') :].partition("</svg>")[0]
    assert "readings__area" in drawing and "Vũng Tàu</text>" in drawing and "readings__mark--a" in drawing
    confirmed = again(officer, first, srid="5899")
    first.refresh_from_db()
    assert (first.state, confirmed.state) == (State.WITHDRAWN, State.CHECKED)
    assert "no errors" in page(officer, confirmed)
    step(officer, confirmed, "submit")
    assert "Approve and publish" not in page(officer, confirmed)
    assert "Approve and publish" in page(approver, confirmed)
    step(approver, confirmed, "approve")
    do_waiting()
    confirmed.refresh_from_db()
    assert (confirmed.state, confirmed.author.username, confirmed.approver.username) == (
        State.APPLIED,
        "officer",
        "approver",
    )
    assert Client().get("/planning/QH-1/").status_code == 200
    row = queries.feature(registry.get("planning-zones"), "QH-1")
    assert row is not None and row["area_m2"] == pytest.approx(10_000, abs=0.01)


def test_the_file_is_kept_and_the_same_one_says_so(tmp_path: Path, signed_in: ClientOf) -> None:
    officer = signed_in("officer")
    path = files.zones(tmp_path)
    hand_in(officer, path, srid="5899")
    first = newest()
    assert store.path_of(first.file_sha256).read_bytes() == path.read_bytes()
    hand_in(officer, path, srid="5899")
    assert f"/officer/changes/{first.pk}/" in page(officer, newest())
    assert "The same file was handed in before" in page(officer, newest())


def test_loose_parts_of_a_shapefile_are_kept_together(tmp_path: Path, signed_in: ClientOf) -> None:
    import zipfile

    officer = signed_in("officer")
    with zipfile.ZipFile(files.zones(tmp_path)) as archive:
        parts = [SimpleUploadedFile(name, archive.read(name)) for name in archive.namelist()]
    assert len(parts) > 2
    assert officer.post("/en/officer/upload/", {"file": parts, "srid": "5899"}).status_code == 302
    do_waiting()
    assert (newest().file_name, newest().state) == ("vung.shp", State.CHECKED)
    assert zipfile.is_zipfile(store.path_of(newest().file_sha256))


def test_a_workbook_of_lots_is_known_by_its_columns(tmp_path: Path, signed_in: ClientOf) -> None:
    run = hand_in(signed_in("officer"), files.lots(tmp_path))
    assert run.dataset == "auction-lots", (run.state, run.error, run.error_params)


def test_a_drawing_asks_for_what_it_cannot_say(tmp_path: Path, signed_in: ClientOf) -> None:
    officer = signed_in("officer")
    run = hand_in(officer, files.sheet(tmp_path))
    assert (run.state, run.dataset) == ("failed", "parcels")
    asked = officer.get(f"/en/officer/runs/{run.pk}/").content.decode()
    assert "Which column holds “map sheet”, or what holds for every row?" in asked
    assert 'name="constant:old_commune_code"' in asked and 'name="constant:map_sheet"' in asked
    assert "81; 82" in asked and 'name="reading"' in asked  # first values, and the coordinate system in the same form
    said = {"dataset": "parcels", "constant:old_commune_code": "26506", "constant:map_sheet": "12", "srid": "5899"}
    officer.post(f"/en/officer/runs/{run.pk}/again/", said)
    do_waiting()
    text = page(officer, newest())
    assert "meridian 107°45′ · map sheet 12 · 2 parcels" in text


def test_repairs_are_shown_and_accepted(tmp_path: Path, signed_in: ClientOf) -> None:
    officer = signed_in("officer")
    hand_in(officer, files.zones(tmp_path, bow_tie=True), srid="5899")
    broken = newest()
    text = page(officer, broken)
    assert "1 × rings that cross or touch themselves are taken apart (+5,000.00 m²)" in text
    assert "What to do:" in text
    shown = json.loads(officer.get(f"/officer/changes/{broken.pk}/items.geojson").content)
    assert {one["properties"]["kind"] for one in shown["features"]} == {"add", "trouble", "repair"}
    repaired = again(officer, broken, srid="5899", repairs="crossings")
    assert changes.counts(repaired)["add"] == 5 and not changes.stopping(repaired)


def test_repairs_and_rows_to_leave_out_are_one_decision(tmp_path: Path, signed_in: ClientOf) -> None:
    """A ring that crosses itself, and a zone without a name."""
    officer = signed_in("officer")
    hand_in(officer, files.zones(tmp_path, bow_tie=True, nameless=True), srid="5899")
    broken = newest()
    text = page(officer, broken)
    assert 'name="repairs" value="crossings"' in " ".join(text.split()) and 'name="leave_out"' in text
    assert "the line crosses itself at 426514.819, 1144253.102 (" in text  # to the millimetre
    assert "read in" in text and "checked" in text and "change-set." not in text
    both = again(officer, broken, srid="5899", repairs="crossings", leave_out="on")
    counted = changes.counts(both)
    assert (counted["add"], counted["left out"]) == (4, 1) and not changes.stopping(both)
    assert "What has to be said" not in page(officer, both)


def test_a_column_may_be_another_field_or_none(tmp_path: Path, signed_in: ClientOf) -> None:
    officer = signed_in("officer")
    hand_in(officer, files.zones(tmp_path), srid="5899")
    other = again(officer, newest(), **{"srid": "5899", "column:ten_vung": "-"})
    assert "ten_vung" in other.reading["unused"] and "name" not in other.reading["columns"].values()


def test_how_a_supplier_writes_is_kept_under_its_name(tmp_path: Path, signed_in: ClientOf) -> None:
    officer = signed_in("officer")
    said = {"column:ten_vung": "decision_no", "dataset": "planning-zones", "save_profile": "Xã Đất Đỏ"}
    hand_in(officer, files.zones(tmp_path), srid="5899", **said)
    assert newest().reading["columns"]["ten_vung"] == "decision_no"
    assert "Xã Đất Đỏ" in officer.get("/officer/upload/").content.decode()
    hand_in(officer, files.zones(tmp_path), dataset="planning-zones", profile="Xã Đất Đỏ")
    assert newest().reading["columns"]["ten_vung"] == "decision_no"


def test_issues_can_be_taken_away(tmp_path: Path, signed_in: ClientOf) -> None:
    officer = signed_in("officer")
    hand_in(officer, files.zones(tmp_path, bow_tie=True), srid="5899")
    base = f"/officer/changes/{newest().pk}/issues"
    table = b"".join(officer.get(f"{base}.csv").streaming_content).decode("utf-8-sig")
    assert table.startswith("code,severity,row") and "geometry-invalid,stop,5" in table
    (tmp_path / "issues.gpkg").write_bytes(officer.get(f"{base}.gpkg").content)
    layer = pyogrio.read_dataframe(tmp_path / "issues.gpkg")
    assert layer.crs.to_epsg() == 4326
    assert list(layer["code"]) == ["geometry-invalid"] and layer.geometry.notna().all()


def test_nobody_approves_what_he_handed_in(tmp_path: Path, signed_in: ClientOf, people: dict[str, User]) -> None:
    admin = signed_in("admin")  # may do everything but this
    hand_in(admin, files.zones(tmp_path), srid="5899")
    step(admin, newest(), "submit")
    answer = step(admin, newest(), "approve").content.decode()
    assert "Another person has to decide" in answer
    assert newest().state == State.SUBMITTED
    with pytest.raises(IntegrityError):
        changes.approve(newest(), by=people["admin"])


def test_a_refusal_needs_a_reason_and_keeps_the_report(tmp_path: Path, signed_in: ClientOf) -> None:
    officer, approver = signed_in("officer"), signed_in("approver")
    hand_in(officer, files.zones(tmp_path))
    assert "Write the reason" in step(approver, newest(), "reject", reason=" ").content.decode()
    step(approver, newest(), "reject", reason="Sai tờ bản đồ")
    assert newest().state == State.REJECTED
    text = page(officer, newest(), "")
    assert "Sai tờ bản đồ" in text and "crs-missing" in text


def test_strangers_and_people_without_the_role_are_kept_out(tmp_path: Path, signed_in: ClientOf) -> None:
    hand_in(signed_in("officer"), files.zones(tmp_path), srid="5899")
    number = newest().pk
    paths = ["", "upload/", f"changes/{number}/", f"changes/{number}/items.geojson", f"changes/{number}/issues.csv"]
    for path in paths:
        response = Client().get(f"/officer/{path}")
        assert response.status_code == 302 and response["Location"].startswith("/officer/sign-in/?next=%2Fofficer%2F")
        assert signed_in("analyst").get(f"/officer/{path}").status_code == 403
    assert signed_in("approver").get("/officer/upload/").status_code == 403
    assert signed_in("officer").get("/officer/changes/999999/").status_code == 404
    assert signed_in("second").post(f"/officer/changes/{number}/submit/").status_code == 403
    assert signed_in("officer").post(f"/officer/changes/{number}/approve/").status_code == 403
    assert signed_in("officer").get(f"/officer/changes/{number}/submit/").status_code == 405
    strict = Client(enforce_csrf_checks=True)
    assert strict.post("/officer/sign-in/", {"login": "officer", "password": "x"}).status_code == 403


def test_signing_in_leads_back(people: dict[str, User]) -> None:
    people["officer"].set_password(PASSWORD)
    people["officer"].save()
    said = {"login": "officer", "password": PASSWORD, "next": "/officer/upload/"}
    assert Client().post("/officer/sign-in/", said)["Location"] == "/officer/upload/"
    assert "mật khẩu" in Client().post("/officer/sign-in/", said | {"password": "x"}).content.decode()
    foreign = Client().post("/officer/sign-in/", said | {"next": "https://example.org/"})
    assert foreign["Location"] == "/officer/"


def test_without_a_sandbox_browsers_are_refused(
    tmp_path: Path, signed_in: ClientOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("landgis.ingest.sandbox._probe", lambda: False)
    path = files.zones(tmp_path)
    sent = {"file": SimpleUploadedFile(path.name, path.read_bytes())}
    response = signed_in("officer").post("/en/officer/upload/", sent)
    assert response.status_code == 503 and "bubblewrap" in response.content.decode()
    assert not Run.objects.exists()


@pytest.mark.parametrize(
    "said", [{"srid": "1"}, {"dataset": "x"}, {"since": "x"}, {"source_as_of": "31/12"}, {"encoding": "x"}]
)
def test_what_no_form_offers_is_a_bad_request(tmp_path: Path, signed_in: ClientOf, said: dict[str, str]) -> None:
    sent = {"file": io.BytesIO(b"x"), **said}
    assert signed_in("officer").post("/officer/upload/", sent).status_code == 400


def test_a_file_that_cannot_be_read_says_why(tmp_path: Path, signed_in: ClientOf) -> None:
    path = tmp_path / "x.bin"
    path.write_bytes(b"\x00\x01\x02" * 100)
    officer = signed_in("officer")
    run = hand_in(officer, path)
    assert run.state == "failed"
    assert "This is no file that can be read here" in officer.get(f"/en/officer/runs/{run.pk}/").content.decode()
    told = officer.get(f"/en/officer/runs/{run.pk}.json").json()
    assert (told["state"], told["is_open"]) == ("failed", False)


def test_what_moved_on_is_shown_and_never_overwritten(tmp_path: Path, signed_in: ClientOf) -> None:
    officer, approver = signed_in("officer"), signed_in("approver")
    hand_in(officer, files.zones(tmp_path), srid="5899")
    slow = newest()
    step(officer, slow, "submit")
    other = signed_in("second")
    hand_in(other, files.zones(tmp_path, "khac.zip"), srid="5899", source="khác")
    quick = newest()
    step(other, quick, "submit")
    step(approver, quick, "approve")
    do_waiting()
    step(approver, slow, "approve")
    do_waiting()
    slow.refresh_from_db()
    assert slow.state == State.APPROVED
    text = page(officer, slow)
    assert "feature-moved-on" in text and "nothing was overwritten" in text and "Here now" in text
    fresh = again(officer, slow, srid="5899")
    slow.refresh_from_db()
    assert (slow.state, changes.counts(fresh)["unchanged"]) == (State.WITHDRAWN, 5)


def test_a_run_can_be_stopped_before_it_begins(tmp_path: Path, signed_in: ClientOf, people: dict[str, User]) -> None:
    officer = signed_in("officer")
    path = files.zones(tmp_path)
    run = actions.take_in([SimpleUploadedFile(path.name, path.read_bytes())], "", {}, by=people["officer"])
    officer.post(f"/officer/runs/{run.pk}/cancel/")
    do_waiting()
    run.refresh_from_db()
    assert run.state == "cancelled" and not ChangeSet.objects.filter(file_sha256=run.file_sha256).exists()


def test_the_sign_in_page_names_the_office_like_every_other() -> None:
    answer = Client().get("/officer/sign-in/")
    office, text = answer.context["site"]["office_name"], answer.content.decode()
    assert office in text.partition("<main")[0] and office in text.partition("</main>")[2]
