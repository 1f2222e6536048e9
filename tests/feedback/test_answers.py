"""What the office answers reaches whoever reported: by a code, and by mail where that was wished; pictures are drawn anew."""

import datetime
import io
import re
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import F
from django.test import Client
from PIL import Image

from landgis.accounts.models import User
from landgis.changes.models import AuditEntry
from landgis.feedback import answers
from landgis.feedback.actions import forget_value
from landgis.feedback.models import Report, ReportPicture, ReportStatus
from landgis.lib import photograph_process, photographs
from landgis.mail import delivery
from landgis.mail.models import Mail
from tests.feedback.test_reports import CONTACT, FORM, TEXT, code_of, number_of, own_plots, send  # noqa: F401  # fixture
from tests.mail.conftest import Post, post  # noqa: F401  # fixture

pytestmark = pytest.mark.usefixtures("own_plots")
ANSWER = "Ranh giới phía đông đã được đo lại ngày 12/11."


@pytest.fixture
def officer(own_plots: None) -> User:  # noqa: F811
    return User.objects.create_user("officer")


def reported(**values: Any) -> Report:
    return Report.objects.get(code=code_of(send(Client(), **values)))


def close(report: Report, by: User, status: ReportStatus = ReportStatus.CORRECTED, text: str = ANSWER) -> Report:
    report.refresh_from_db()
    answers.answer(report, status=status, text=text, change_set=None, seen=answers.version(report), by=by)
    report.refresh_from_db()
    return report


def test_whoever_has_the_code_reads_the_answer_and_nobody_else(client: Client, officer: User) -> None:
    report = reported()
    page = f"/feedback/mine?code={report.code}"
    assert "Chưa có trả lời" in client.get(page).content.decode()
    close(report, officer)
    for written in (page, page.upper().replace("/FEEDBACK/MINE?CODE", "/feedback/mine?code"), page.replace("-", " ")):
        assert ANSWER in client.get(written).content.decode()
    found = client.get(page)
    assert TEXT not in found.content.decode() and CONTACT not in found.content.decode()
    assert 'content="noindex"' in found.content.decode() and "no-store" in found["Cache-Control"]
    assert ANSWER not in client.get(f"/feedback/{report.number}/").content.decode()
    assert client.get("/feedback/mine").status_code == 200
    for wrong in ("2345-2345-2345", "x", "%00", report.number):
        assert client.get(f"/feedback/mine?code={wrong}").status_code == 404


def test_an_answer_is_mailed_once_to_whoever_wished_it(post: Post, officer: User) -> None:  # noqa: F811
    report = reported(wants_mail="on")
    close(report, officer, ReportStatus.IN_REVIEW, "")
    assert not Mail.objects.exists()
    close(report, officer)
    close(report, officer)  # the same once more
    close(reported(), officer)  # who left an address and did not wish it
    assert delivery.deliver() == 1
    (mail,) = post.mails()
    text = mail.get_content()
    assert mail["To"] == CONTACT and report.number in mail["Subject"] and "Đã chỉnh sửa" in text and ANSWER in text
    assert f"https://land.example.org/feedback/mine?code={report.code}" in text and TEXT not in text
    close(report, officer, ReportStatus.NO_CHANGE, "Sau khi xem lại: không đổi.")
    assert delivery.deliver() == 1 and len(post.received) == 2
    noted = AuditEntry.objects.filter(verb="report.answer", subject=f"report {report.number}")
    assert noted.count() == 3 and ANSWER not in str(noted.values())


def test_an_english_reader_gets_english_and_can_end_it(post: Post, officer: User) -> None:  # noqa: F811
    report = Report.objects.get(code=code_of(send(Client(), f"/en{FORM}", wants_mail="on")))
    close(report, officer, text="The boundary was surveyed again.")
    delivery.deliver()
    (mail,) = post.mails()
    assert "Corrected" in mail["Subject"] and "/en/feedback/mine?code=" in mail.get_content()
    stop = re.search(r"https://land\.example\.org(/en/mail/stop\?token=[\w-]+)", mail.get_content())
    assert stop and Client().post(stop[1]).status_code == 200
    report.refresh_from_db()
    assert not report.wants_mail
    close(report, officer, ReportStatus.NO_CHANGE, "Nothing more.")
    assert delivery.deliver() == 0


def test_nothing_is_closed_without_words_or_over_the_head_of_another(officer: User) -> None:
    report = reported(wants_mail="on")
    with pytest.raises(answers.AnswerMissing):
        close(report, officer, text="")
    seen = answers.version(report)
    close(report, officer)
    with pytest.raises(answers.ReportMovedOn):
        answers.answer(report, status=ReportStatus.ANSWERED, text="x", change_set=None, seen=seen, by=officer)
    close(report, officer, ReportStatus.SET_ASIDE, "")


def test_a_mail_needs_an_address(client: Client) -> None:
    refused = send(client, contact="0254 000 0000", wants_mail="on")
    assert refused.status_code == 400 and "địa chỉ thư điện tử" in refused.content.decode()
    number_of(send(client, contact="0254 000 0000"))


def test_how_to_reach_the_sender_is_deleted_in_time(officer: User) -> None:
    report, still_open = reported(picture=photo()), reported()
    close(report, officer)
    answers.forget()
    assert ReportPicture.objects.count() == 1
    Report.objects.update(status_at=F("made_at") - datetime.timedelta(days=31))
    answers.forget()
    report.refresh_from_db()
    still_open.refresh_from_db()
    assert report.contact == "" and still_open.contact == CONTACT and not ReportPicture.objects.exists()


# Pictures


def photo(size: tuple[int, int] = (40, 30), form: str = "JPEG", mode: str = "RGB", **more: Any) -> SimpleUploadedFile:
    file = io.BytesIO()
    Image.new(mode, size, "green").save(file, form, **more)
    return SimpleUploadedFile("photo.jpg", file.getvalue())


def kept(**values: Any) -> Image.Image:
    return Image.open(io.BytesIO(reported(**values).picture.content))


def test_a_picture_is_drawn_anew_without_what_a_camera_writes() -> None:
    exif = Image.Exif()
    exif[0x010F], exif[0x0112] = "zq-camera", 6
    exif.get_ifd(0x8825)[1] = "N"
    report = reported(picture=photo((4000, 3000), exif=exif, quality=60))
    content = bytes(report.picture.content)
    drawn = Image.open(io.BytesIO(content))
    assert (
        drawn.format == "WEBP"
        and drawn.width * drawn.height <= photograph_process.MOST_KEPT
        and drawn.height > drawn.width
    )
    assert b"zq-camera" not in content and not drawn.getexif() and not {"exif", "icc_profile"} & set(drawn.info)


@pytest.mark.parametrize(
    ("form", "mode"), [("PNG", "RGBA"), ("PNG", "P"), ("PNG", "I;16"), ("WEBP", "RGB"), ("JPEG", "CMYK")]
)
def test_pictures_of_other_kinds_are_taken(form: str, mode: str) -> None:
    file = io.BytesIO()
    Image.new(mode, (40, 30)).save(file, form)
    assert kept(picture=SimpleUploadedFile("x", file.getvalue())).size == (40, 30)


@pytest.mark.parametrize(
    "content",
    [
        b"no picture",
        b"GIF89a" + bytes(50),
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"\x89PNG\r\n\x1a\n" + bytes(100),
        b"%PDF-1.7\n" + bytes(100),
    ],
)
def test_what_is_no_picture_is_said(client: Client, content: bytes) -> None:
    refused = send(client, picture=SimpleUploadedFile("x.png", content))
    assert refused.status_code == 400 and "JPEG, PNG" in refused.content.decode() and not Report.objects.exists()


def test_a_picture_that_is_too_large_is_said(client: Client) -> None:
    bomb = photo((6000, 6000), "PNG", "1")
    assert len(bomb) < 100_000
    assert send(client, picture=bomb).status_code == 400
    large = SimpleUploadedFile("x.jpg", bytes(photographs.MOST_BYTES + 1))
    assert "4 MB" in send(client, picture=large).content.decode()
    larger = send(client, picture=SimpleUploadedFile("x.jpg", bytes(settings.MAX_BODY)))
    assert larger.status_code == 413 and "ảnh nhỏ hơn" in larger.content.decode()


def test_what_a_decoder_does_stays_in_a_process_of_its_own(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for does in ("import os; os.abort()", "bytearray(8 * 1024**3)", "import time; time.sleep(60)"):
        program = tmp_path / "program.py"
        program.write_text(does)
        monkeypatch.setattr(photographs, "PROGRAM", program)
        monkeypatch.setattr(photographs, "MOST_SECONDS", 2)
        with pytest.raises(photographs.NotAPicture):
            photographs.drawn_anew(photo((40, 30)))


def test_a_redacted_value_leaves_answers_and_mails(officer: User) -> None:
    report = close(reported(wants_mail="on"), officer)

    class Told:
        class redaction:  # noqa: N801
            dataset, ref = report.dataset, report.ref

        @staticmethod
        def without(text: str) -> str:
            return text.replace(ANSWER, "-")

    forget_value(Told())  # type: ignore[arg-type]
    report.refresh_from_db()
    assert report.answer == "-" and ANSWER not in Mail.objects.get().text
