"""The demo's papers say what they are to say."""

import io

from pypdf import PdfReader

from demo.papers import notice

SAID = "Đấu giá quyền sử dụng đất tại phường Phú Mỹ: ằ ẵ ữ ỵ ỡ ọ ₫"


def test_a_notice_has_every_letter_in_its_place() -> None:
    pages = PdfReader(io.BytesIO(notice("Thông báo công khai lần 1", "Dữ liệu minh họa", {"Nội dung": SAID}))).pages
    text = " ".join(pages[0].extract_text().split())
    assert text == f"Thông báo công khai lần 1 Dữ liệu minh họa Nội dung {SAID}"
