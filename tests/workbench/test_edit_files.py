"""A document's file is handed in with the form of its feature, looked at by whoever decides, and then by readers."""

import re
from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from landgis.changes.models import State
from landgis.documents import pictures, store
from landgis.workbench.models import Edit
from tests.documents import paper_files
from tests.workbench.conftest import do_waiting
from tests.workbench.test_edits import a_ref, edit, form_of, row, step

pytestmark = pytest.mark.usefixtures("own_world", "state")
ClientOf = Callable[[str], Client]
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n"


def test_a_file_goes_from_the_form_to_the_readers(signed_in: ClientOf, client: Client) -> None:
    ref = a_ref("auctions")
    handed = SimpleUploadedFile("Thông báo.pdf", PDF, "application/pdf")
    change_set = edit(signed_in("officer"), "auctions", ref, **{"documents-0-file-new": handed})
    name = Edit.objects.latest("id").facts["documents"]["text"][0][-1]
    assert store.is_kept(name)
    page = signed_in("officer").get(f"/en/officer/edit/auctions/{ref}/").content.decode()
    assert f'href="/en/officer/documents/{name}"' in page and "PDF, 29" in page
    step(signed_in("officer"), change_set, "hand-in", reason="The notice")
    assert change_set.state == State.SUBMITTED
    assert client.get(f"/documents/{name}").status_code == 404
    decides = signed_in("publisher")
    assert b"".join(decides.get(f"/officer/documents/{name}").streaming_content) == PDF
    assert client.get(f"/officer/documents/{name}").status_code == 302
    step(decides, change_set, "approve")
    do_waiting()
    change_set.refresh_from_db()
    assert change_set.state == State.APPLIED
    assert row("auctions", ref)["documents"][0]["file"] == name
    assert b"".join(client.get(f"/documents/{name}").streaming_content) == PDF


def test_what_cannot_be_kept_is_told_and_nothing_else_is_lost(signed_in: ClientOf) -> None:
    officer, ref = signed_in("officer"), a_ref("auctions")
    address = f"/en/officer/edit/auctions/{ref}/"
    sent = form_of(officer.get(address).content.decode()) | {"contact": "Room 12", "step": "read"}
    page_with = SimpleUploadedFile("notice.pdf", b"<html>", "application/pdf")
    page = officer.post(address, sent | {"documents-0-file-new": page_with}).content.decode()
    assert "“notice.pdf” cannot be kept as a document." in page and 'value="Room 12"' in page
    assert set(Edit.objects.latest("id").facts) == {"contact"}


@pytest.mark.skipif(not pictures.is_available(), reason="bubblewrap cannot run here")
def test_what_readers_will_not_see_is_told_at_once(signed_in: ClientOf) -> None:
    officer, ref = signed_in("officer"), a_ref("auctions")
    address = f"/en/officer/edit/auctions/{ref}/"
    sent = form_of(officer.get(address).content.decode()) | {"step": "read"}
    handed = SimpleUploadedFile("locked.pdf", paper_files.locked(), "application/pdf")
    page = officer.post(address, sent | {"documents-0-file-new": handed}).content.decode()
    assert "“locked.pdf”: It is locked by a password" in page and "cannot be kept" not in page


def test_a_file_is_left_out_by_a_tick(signed_in: ClientOf) -> None:
    officer, ref = signed_in("officer"), a_ref("auctions")
    address = f"/en/officer/edit/auctions/{ref}/"
    sent = form_of(officer.get(address).content.decode()) | {"step": "save"}
    officer.post(address, sent | {"documents-0-file-new": SimpleUploadedFile("a.pdf", PDF)})
    assert re.search(r'name="documents-0-file-out"', officer.get(address).content.decode())
    sent = form_of(officer.get(address).content.decode()) | {"step": "save", "documents-0-file-out": "on"}
    officer.post(address, sent)
    assert Edit.objects.latest("id").facts.get("documents", {"text": [[""]]})["text"][0][-1] == ""


def test_the_first_page_of_a_file_is_seen_in_the_form(signed_in: ClientOf) -> None:
    officer, ref = signed_in("officer"), a_ref("auctions")
    address = f"/en/officer/edit/auctions/{ref}/"
    sent = form_of(officer.get(address).content.decode()) | {"step": "read"}
    handed = SimpleUploadedFile("notice.png", paper_files.picture("PNG"), "image/png")
    page = officer.post(address, sent | {"documents-0-file-new": handed}, follow=True).content.decode()
    seen = re.search(r'<img class="enclosure" src="([^"]+/1\.webp)"', page)
    assert seen and officer.get(seen[1])["Content-Type"] == "image/webp"
