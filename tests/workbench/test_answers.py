"""One form for all that a file leaves open: one round of answers, of which none is lost."""

import re
from collections.abc import Callable
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, override_settings

from landgis.changes import actions as changes
from landgis.changes import confirmations
from landgis.changes.models import AuditEntry
from landgis.ingest.models import SupplierProfile
from landgis.workbench.models import Run
from tests.ingest.test_load import write, zone
from tests.workbench import files
from tests.workbench.conftest import do_waiting, newest
from tests.workbench.test_officer import again, hand_in, page, step

pytestmark = pytest.mark.usefixtures("own_world", "state")
ClientOf = Callable[[str], Client]
FIRST = "12/31/2025"  # can only be read month first


def table(folder: Path, *lines: str, name: str = "bang.csv") -> Path:
    path = folder / name
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def prices(folder: Path) -> Path:
    """Two unknown codes, and days of which nothing tells the order."""
    return table(
        folder,
        "price_code;street;commune_name;position;land_use;price_vnd_m2;valid_from",
        f"GX-1;Đường thử;Xã Đất Đỏ;1;ONT;850.000;{FIRST}",
        "GX-2;Đường thử;Xã Đất Đỏ;2;DATLA;1.250.000;01/02/2026",
        "GX-3;Đường thử;Xã Đất Đỏ;3;VUONTAP;12.000.000;01/02/2026",
    )


def corners(folder: Path, north: str, east: str) -> Path:
    """Two zones in the office's own system, their corners one a row under headings that nobody knows."""
    lines = [f"Mã vùng;Tên;Quy hoạch;{north};{east}"]
    for number in range(2):
        x, y = files.EAST + 200 * number, files.NORTH
        for east_of, north_of in [(x, y), (x + 100, y), (x + 100, y + 100), (x, y + 100)]:
            lines.append(f"QH-{number};Vùng {number};Quy hoạch 2026;{north_of:.3f};{east_of:.3f}")
    return table(folder, *lines)


def page_of(run: Run, client: Client) -> str:
    return client.get(f"/en/officer/runs/{run.pk}/").content.decode()


def run_again(client: Client, run: Run, **said: str) -> Run:
    assert client.post(f"/en/officer/runs/{run.pk}/again/", said).status_code == 302
    do_waiting()
    return Run.objects.order_by("-id")[0]


def answers(text: str) -> dict[str, Any]:
    """What the one form of a page would send as it stands: name -> values."""
    assert text.count('id="answers"') == 1
    form = re.search(r'<form[^>]*id="answers".*?</form>', text, re.DOTALL)[0]
    sent: dict[str, list[str]] = {}
    for tag in re.findall(r"<input[^>]*>", form):
        told = {name: unescape(value) for name, value in re.findall(r'([a-z-]+)="([^"]*)"', tag)}
        is_switch = told.get("type") in ("radio", "checkbox")
        if "name" in told and (not is_switch or re.search(r"\schecked", tag)):
            sent.setdefault(told["name"], []).append(told.get("value", "on" if is_switch else ""))
    for attributes, options in re.findall(r"<select([^>]*)>(.*?)</select>", form, re.DOTALL):
        name = unescape(re.search(r'name="([^"]*)"', attributes)[1])
        chosen = re.search(r'<option value="([^"]*)"[^>]*\sselected', options) or re.search(r'value="([^"]*)"', options)
        sent.setdefault(name, []).append(unescape(chosen[1]))
    return {name: values for name, values in sent.items() if name != "csrfmiddlewaretoken"}


def test_all_that_is_open_is_one_form(tmp_path: Path, signed_in: ClientOf) -> None:
    """Coordinates, a ring that crosses itself, a row without its plan: answered at once."""
    officer = signed_in("officer")
    hand_in(officer, files.zones(tmp_path, bow_tie=True, nameless=True))
    first = newest()
    text = page(officer, first)
    posts_to_it = re.findall(r'<form[^>]*action="([^"]*)"', text)
    assert sum(address.endswith("/again/") for address in posts_to_it) == 1
    sent = answers(text)
    assert not sent.get("reading") and not sent.get("repairs") and not sent.get("leave_out")
    said = sent | {"reading": "5899:", "repairs": "crossings", "leave_out": "on"}
    done = again(officer, first, **said)
    counted = changes.counts(done)
    assert (counted["add"], counted["left out"], changes.stopping(done)) == (4, 1, False)
    assert "What has to be said" not in page(officer, done)


def test_each_answer_stays_while_others_are_open(tmp_path: Path, signed_in: ClientOf) -> None:
    officer = signed_in("officer")
    hand_in(officer, files.zones(tmp_path, bow_tie=True))
    first = newest()
    more = {"repairs": "crossings", "source": "Xã Đất Đỏ", "save_profile": "Xã Đất Đỏ", "source_as_of": "2026-03-01"}
    second = again(officer, first, **answers(page(officer, first)) | more)
    sent = answers(page(officer, second))
    assert {name: sent[name] for name in more} == {name: [value] for name, value in more.items()}
    assert not sent.get("reading")  # not answered: asked again
    done = again(officer, second, **sent | {"reading": "5899:"})
    assert not changes.stopping(done) and done.source == "Xã Đất Đỏ"
    assert SupplierProfile.objects.get(name="Xã Đất Đỏ").srid == 5899


def test_a_reading_of_the_system_that_was_chosen_before_is_no_second_system(
    tmp_path: Path, signed_in: ClientOf
) -> None:
    """As where all would move by the system that somebody chose, and it is confirmed: the list of systems shows it still."""
    officer = signed_in("officer")
    hand_in(officer, files.zones(tmp_path))
    done = again(officer, newest(), **answers(page(officer, newest())) | {"reading": "5899:none", "srid": "5899:"})
    chosen = done.runs.get(work="stage").choices
    assert (chosen["srid"], chosen["fix"]) == (5899, "none")


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"reading": "5899:", "srid": "5898:"}, "Two coordinate systems are chosen"),
        ({"reading": "other"}, "Choose the coordinate system."),
        ({"source_as_of": "32/13/2026"}, "Write a day"),
        ({"column:ten_vung": "plan_name", "column:ten_qh": "plan_name"}, "Several columns"),
        ({"column:ten_vung": "decision_no", "constant:decision_no": "12"}, "Leave one of the two"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_lost(
    tmp_path: Path, signed_in: ClientOf, said: dict[str, str], told: str
) -> None:
    officer = signed_in("officer")
    hand_in(officer, files.zones(tmp_path))
    first = newest()
    sent = answers(page(officer, first)) | {"source": "Xã Đất Đỏ", "leave_out": "on"} | said
    answer = officer.post(f"/en/officer/changes/{first.pk}/again/", sent)
    text = unescape(answer.content.decode())
    assert answer.status_code == 400 and told in text and "The others are kept" in text
    shown = answers(answer.content.decode())
    kept = {"source", "leave_out", *said} - {"source_as_of"}
    assert {name: shown.get(name) for name in kept} == {name: [sent[name]] for name in kept}
    assert newest() == first and not Run.objects.filter(state="waiting").exists()
    assert officer.get(f"/en/officer/changes/{first.pk}/again/")["Location"] == f"/en/officer/changes/{first.pk}/"


def test_another_system_takes_the_correction_of_the_last_one_away(tmp_path: Path, signed_in: ClientOf) -> None:
    """A correction belongs to the system for which it was chosen: without a script, too."""
    officer = signed_in("officer")
    hand_in(officer, files.zones(tmp_path))
    kept = again(officer, newest(), **answers(page(officer, newest())) | {"reading": "5899:none"})
    sent = answers(page(officer, kept))
    assert sent["srid"] == ["5899:none"] and "fix" not in sent
    other = again(officer, kept, **sent | {"srid": "5898:"})
    choices = other.runs.get(work="stage").choices
    assert (choices["srid"], choices["fix"]) == (5898, "")


def test_a_code_is_said_once_and_kept_for_the_supplier(tmp_path: Path, signed_in: ClientOf) -> None:
    officer = signed_in("officer")
    hand_in(officer, prices(tmp_path), dataset="land-prices")
    first = newest()
    text = page(officer, first)
    assert "ONT – " in text and "month first" in text
    half = again(officer, first, **answers(text) | {"code:land_use:DATLA": "CLN", "notation:valid_from": "month-first"})
    sent = answers(page(officer, half))
    assert sent["code:land_use:DATLA"] == ["CLN"] and sent["code:land_use:VUONTAP"] == [""]
    assert sent["notation:valid_from"] == ["month-first"]
    done = again(officer, half, **sent | {"code:land_use:VUONTAP": "BCS", "save_profile": "Xã Đất Đỏ"})
    assert not changes.stopping(done)
    hand_in(officer, prices(tmp_path), dataset="land-prices", profile="Xã Đất Đỏ")
    assert not changes.stopping(newest()) and "What has to be said" not in page(officer, newest())
    kept = SupplierProfile.objects.get(name="Xã Đất Đỏ")
    assert kept.codes == {"land_use": {"DATLA": "CLN", "VUONTAP": "BCS"}}


@pytest.mark.parametrize("said", ["times:0.001", "as-written"])
def test_what_is_said_of_a_column_that_leaps_holds(tmp_path: Path, signed_in: ClientOf, said: str) -> None:
    """A thousand times the computed area: answered once, kept by the next answers, and open to change."""
    officer = signed_in("officer")
    path = write(tmp_path / "a.geojson", *(zone(f"Z-{n}", n, area_legal_m2=12_106_400) for n in range(3)))
    hand_in(officer, path, dataset="planning-zones")
    first, name = newest(), "notation:area_legal_m2"
    text = page(officer, first)
    assert "Say on this page whether the numbers" in text and answers(text)[name] == [""]
    half = again(officer, first, **answers(text) | {name: said})
    assert not changes.stopping(half)
    text = page(officer, half)
    assert answers(text)[name] == [said]
    assert text.count('<option value="as-written"') == 1
    more = again(officer, half, **answers(text) | {"source": "Xã Đất Đỏ"})
    assert not changes.stopping(more) and answers(page(officer, more))[name] == [said]


def test_another_dataset_takes_its_own_answers_along(tmp_path: Path, signed_in: ClientOf) -> None:
    """What was said of the codes and fields of one dataset says nothing of another, and is no dead end there."""
    officer = signed_in("officer")
    hand_in(officer, prices(tmp_path), dataset="land-prices")
    sent = answers(page(officer, newest())) | {"code:land_use:DATLA": "CLN", "column:street": "street"}
    new = again(officer, newest(), **sent)
    sent = answers(page(officer, new)) | {"dataset": "auction-lots"}
    assert officer.post(f"/en/officer/changes/{new.pk}/again/", sent).status_code == 302
    run = Run.objects.order_by("-id")[0]
    assert (run.choices["codes"], run.choices["columns"], run.choices["notations"]) == ({}, {}, {})


def test_columns_of_coordinates_are_named_and_kept(tmp_path: Path, signed_in: ClientOf) -> None:
    """With a proposal, where just one column looks like each; a profile knows them the next time.

    Where boundaries are in force that could stay, nothing is named before somebody does.
    """
    officer = signed_in("officer")
    run = hand_in(officer, corners(tmp_path, "Cột A", "Cột B"), dataset="planning-zones")
    text = page_of(run, officer) if run.state == "failed" else page(officer, newest())
    assert "Where are the boundaries?" in text
    assert "Cột B: easting or longitude, Cột A: northing or latitude" in " ".join(text.split())
    sent = answers(text)
    assert [sent[f"field:{name}"] for name in ("east", "north", "wkt")] == [[""], [""], [""]]
    named = {"field:east": "Cột B", "field:north": "Cột A"}
    said = sent | named | {"srid": "5899", "save_profile": "Xã Đất Đỏ"}
    done = run_again(officer, run, **said).change_set if run.state == "failed" else again(officer, newest(), **said)
    assert done.reading["geometry"] == {"kind": "points", "columns": ["Cột B", "Cột A"]}
    assert changes.counts(done)["add"] == 2 and not changes.stopping(done)
    assert answers(page(officer, done))["column:Cột B"] == ["east"]
    hand_in(officer, corners(tmp_path, "Cột A", "Cột B"), dataset="planning-zones", profile="Xã Đất Đỏ", srid="5899")
    assert newest().reading["geometry"]["columns"] == ["Cột B", "Cột A"]


def test_columns_that_hold_no_coordinates_are_asked_for_again(tmp_path: Path, signed_in: ClientOf) -> None:
    officer = signed_in("officer")
    said = {"dataset": "planning-zones", "field:east": "Tên", "field:north": "Quy hoạch"}
    run = hand_in(officer, corners(tmp_path, "Cột A", "Cột B"), **said)
    assert (run.state, run.error) == ("failed", "answers-missing")
    sent = answers(page_of(run, officer))
    assert (sent["field:east"], sent["field:north"]) == (["Tên"], ["Quy hoạch"])


def test_a_column_that_does_not_hold_what_it_is_called_is_offered(tmp_path: Path, signed_in: ClientOf) -> None:
    officer = signed_in("officer")
    lines = ["plot_code;name;MAXA;area_legal_m2;is_public;lon;lat", "K-1;Khu;91;100;1;107.1;10.4"]
    hand_in(officer, table(tmp_path, *lines), dataset="public-land")
    text = page(officer, newest())
    assert "What is the column “MAXA”?" in unescape(text) and answers(text)["column:MAXA"] == [""]
    told = again(officer, newest(), **answers(text) | {"column:MAXA": "-"})
    assert "What is the column" not in page(officer, told) and "MAXA" in told.reading["unused"]


def test_a_run_that_waits_draws_the_readings_of_its_coordinates(tmp_path: Path, signed_in: ClientOf) -> None:
    officer = signed_in("officer")
    run = hand_in(officer, files.sheet(tmp_path))
    text = page_of(run, officer)
    drawing = text[text.index('class="readings"') :].partition("</svg>")[0]
    assert "readings__area" in drawing and "readings__mark--a" in drawing
    assert 'value="5899:"' in text and "Which column holds “map sheet”" in unescape(text)


def test_a_file_whose_dataset_is_to_be_said_waits(tmp_path: Path, signed_in: ClientOf) -> None:
    officer = signed_in("officer")
    run = hand_in(officer, table(tmp_path, "một;hai", "1;2"))
    text = page_of(run, officer)
    assert run.error == "dataset-unsaid" and "Waits for answers" in text and "What has to be said" in text


@override_settings(CONFIRM_FEATURES=2, CONFIRM_PERCENT=0)
def test_a_number_is_an_answer_like_the_others(tmp_path: Path, signed_in: ClientOf) -> None:
    officer, approver = signed_in("officer"), signed_in("approver")
    hand_in(officer, files.zones(tmp_path), srid="5899")
    step(officer, newest(), "submit")
    step(approver, newest(), "approve")
    do_waiting()
    said = {"srid": "5899", "constant:decision_no": "12/QĐ", "source": "khác"}
    hand_in(officer, files.zones(tmp_path, "khac.zip"), **said)
    large = newest()
    assert [one.params["count"] for one in confirmations.waiting(large)] == [5]
    address, sent = f"/en/officer/changes/{large.pk}/again/", answers(page(officer, large))
    for wrong in ("7", "năm"):
        answer = officer.post(address, sent | {"number": wrong})
        assert answer.status_code == 400 and answers(answer.content.decode())["number"] == [wrong]
    # With another answer the file is read again, and the number holds of what that would change.
    read = again(officer, large, **sent | {"number": "5", "source": "khác nữa"})
    assert read != large and not confirmations.waiting(read).exists()
    # It goes on to hold while it is the same, and alone it needs no reading.
    once_more = again(officer, read, **answers(page(officer, read)) | {"source": "khác hẳn"})
    assert not confirmations.waiting(once_more).exists()
    hand_in(officer, files.zones(tmp_path, "ba.zip"), **said)
    alone = newest()
    sent = answers(page(officer, alone))
    assert officer.post(f"/en/officer/changes/{alone.pk}/again/", sent | {"number": "5"})["Location"].endswith(
        f"/{alone.pk}/"
    )
    assert newest() == alone and not changes.stopping(alone)
    assert AuditEntry.objects.filter(verb="change-set.confirm", by="officer").count() == 3


def test_what_is_wrong_at_the_upload_costs_no_second_upload(tmp_path: Path, signed_in: ClientOf) -> None:
    """The file is kept with all that was said of it; corrected once, it is read."""
    officer, path = signed_in("officer"), prices(tmp_path)
    said = {"dataset": "land-prices", "source": "Xã Đất Đỏ", "source_as_of": "32/13/2026"}
    sent = {"file": SimpleUploadedFile(path.name, path.read_bytes()), **said}
    answer = officer.post("/en/officer/upload/", sent)
    text = answer.content.decode()
    assert answer.status_code == 400 and "The file is kept" in text and "Write a day" in unescape(text)
    held = Run.objects.order_by("-id")[0]
    assert (held.state, held.error, held.by.username) == ("failed", "said-wrongly", "officer")
    do_waiting()
    shown = answers(text)
    assert (shown["dataset"], shown["source"]) == (["land-prices"], ["Xã Đất Đỏ"])
    run_again(officer, held, **{name: values[0] for name, values in shown.items()} | {"source_as_of": "2026-10-31"})
    done = newest()
    assert (done.source, str(done.source_as_of), done.dataset) == ("Xã Đất Đỏ", "2026-10-31", "land-prices")


def test_a_value_of_any_length_can_be_said_to_be_a_code(tmp_path: Path, signed_in: ClientOf) -> None:
    long = "Đất trồng cây lâu năm xen lẫn đất ở nông thôn của hộ gia đình đã được cấp giấy chứng nhận trước năm 2004"
    officer = signed_in("officer")
    path = table(
        tmp_path,
        "price_code;street;commune_name;position;land_use;price_vnd_m2;valid_from",
        f"GX-1;Đường thử;Xã Đất Đỏ;1;{long};850000;2026-01-01",
    )
    hand_in(officer, path, dataset="land-prices")
    text = page(officer, newest())
    name = f"code:land_use:{long}"
    assert len(long) > 80 and answers(text)[name] == [""] and re.search(r"\bODT \([^)]+\)", unescape(text))
    done = again(officer, newest(), **answers(text) | {name: "CLN"})
    assert not changes.stopping(done) and answers(page(officer, done))[name] == ["CLN"]
