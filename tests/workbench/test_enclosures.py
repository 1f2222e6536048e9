"""Documents and photographs of a change set: kept without what a camera writes, decided with it, and shown when they may be."""

import io
import re
from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from landgis.changes import ticks
from landgis.changes.models import ChangeSet, State
from landgis.documents import pictures, store
from landgis.documents import queries as documents
from landgis.documents.models import Enclosure
from tests.documents import paper_files
from tests.workbench.test_edits import a_ref, approved, edit, revision, said, step

pytestmark = pytest.mark.usefixtures("own_world", "state")
ClientOf = Callable[[str], Client]


def paper() -> SimpleUploadedFile:
    return SimpleUploadedFile("Biên bản đo đạc.pdf", paper_files.pdf(1))


def photograph(form: str = "JPEG") -> SimpleUploadedFile:
    """One that says where it was taken."""
    exif, file = Image.Exif(), io.BytesIO()
    exif[0x010F] = "zq-camera"
    exif.get_ifd(0x8825)[1] = "N"
    Image.new("RGB", (60, 40), "green").save(file, form, exif=exif)
    return SimpleUploadedFile(f"moc.{form.lower()}", file.getvalue())


def enclose(client: Client, change_set: ChangeSet, file: SimpleUploadedFile, **more: str) -> Enclosure:
    answer = client.post(f"/en/officer/changes/{change_set.pk}/documents/", {"file": file} | more)
    assert answer.status_code == 302, answer.content
    return Enclosure.objects.latest("id")


def test_a_photograph_is_kept_without_place_unless_that_is_wished(signed_in: ClientOf) -> None:
    officer = signed_in("officer")
    change_set = edit(officer, "public-land", a_ref("public-land"), name="Chợ mới")
    for ticked, has_place in (({}, False), ({"as_it_is": "on"}, True)):
        kept = store.path_of(enclose(officer, change_set, photograph(), **ticked).name).read_bytes()
        assert (b"zq-camera" in kept, bool(Image.open(io.BytesIO(kept)).getexif())) == (has_place, has_place)
    page = f"/en/officer/changes/{change_set.pk}/documents/"
    for file, why in ((photograph("TIFF"), "stays as it is"), (SimpleUploadedFile("a.html", b"<p>"), "cannot be kept")):
        assert why in officer.post(page, {"file": file}).content.decode()
    broken = SimpleUploadedFile("a.jpg", b"\xff\xd8\xff\xe0 no picture")
    assert "cannot be opened as a picture" in officer.post(page, {"file": broken}).content.decode()
    assert officer.post(page, {"file": paper(), "ref": "another-one"}).status_code == 400
    assert Enclosure.objects.count() == 2


def test_readers_see_a_document_when_its_change_is_in_force_and_while_its_feature_is_public(
    signed_in: ClientOf,
) -> None:
    officer, ref, reader = signed_in("officer"), a_ref("public-land"), Client()
    change_set = edit(officer, "public-land", ref, name="Chợ mới")
    shown = enclose(officer, change_set, paper(), title="Biên bản", is_public="on", ref=ref)
    inner = enclose(officer, change_set, photograph(), title="Ảnh hiện trạng")
    assert documents.named_anywhere() >= {shown.name, inner.name}

    def seen() -> list[bool]:
        page = reader.get(f"/en/public-land/{ref}/").content.decode()
        opened = [reader.get(f"/documents/{one.name}").status_code == 200 for one in (shown, inner)]
        drawn = reader.get(f"/documents/{shown.name}/1.webp").status_code == 200
        return [shown.name in page, inner.name in page, *opened, drawn == opened[0]]

    assert seen() == [False, False, False, False, True]
    step(officer, change_set, "hand-in", reason="Đo lại")
    assert seen() == [False, False, False, False, True]
    desk = f"/en/officer/changes/{change_set.pk}/"
    approver = signed_in("approver")
    review = approver.get(desk).content.decode()
    assert review.count("For the office only") == 1 and "Readers see it once" in review
    for one in (shown, inner):
        assert approver.get(f"/officer/documents/{one.name}").status_code == 200
    if pictures.is_available():
        assert approver.get(f"/officer/documents/{shown.name}/1.webp").status_code == 200
    # What was handed in stays as it is decided on, and whoever enclosed something decides on nothing.
    assert officer.post(f"{desk}documents/", {"file": paper()}).status_code == 404
    assert officer.post(f"{desk}documents/{shown.pk}/out/").status_code == 404
    approved(approver, change_set)
    assert change_set.state == State.APPLIED and seen() == [True, False, True, False, True]
    before = change_set.revision - 1
    assert shown.name not in reader.get(f"/en/public-land/{ref}/?as_of={before}").content.decode()
    assert reader.get(f"/documents/{shown.name}?as_of={before}").status_code == 404
    for hidden, status in (("withdraw", 404), ("show", 200)):
        following = said(officer, "public-land", ref, base=revision("public-land", ref), step=hidden, reason="Rà soát")
        step(officer, following, "hand-in", reason="Rà soát")
        approved(approver, following)
        assert following.state == State.APPLIED and reader.get(f"/documents/{shown.name}").status_code == status
    tick = ticks.newest("public-land")
    assert officer.post(f"{desk}documents/{shown.pk}/hide/").status_code == 302
    assert seen() == [False, False, False, False, True] and ticks.newest("public-land") > tick


def test_whoever_encloses_has_a_part_in_it_and_takes_it_out_again(signed_in: ClientOf) -> None:
    officer, second = signed_in("officer"), signed_in("second")
    change_set = edit(officer, "public-land", a_ref("public-land"), name="Chợ mới")
    one = enclose(officer, change_set, paper())
    assert one.title == "Biên bản đo đạc" and not one.is_public
    page = officer.get(f"/en/officer/changes/{change_set.pk}/").content.decode()
    assert re.search(r'href="[^"]*/officer/documents/[0-9a-f]{64}\.pdf"', page)
    out = f"/en/officer/changes/{change_set.pk}/documents/{one.pk}/out/"
    assert second.post(f"/en/officer/changes/{change_set.pk}/documents/", {"file": paper()}).status_code == 404
    assert second.post(out).status_code == 404
    assert officer.post(out).status_code == 302 and not Enclosure.objects.exists()
