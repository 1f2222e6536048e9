"""Papers of the made-up auctions: a public notice of each as PDF, and one blank form as DOCX.

The same words give the same bytes, so that papers that are handed in again are the same files.
"""

import hashlib
import html
import io
import json
import logging
import zipfile
from collections.abc import Mapping
from datetime import date
from pathlib import Path

from .plot_facts import vocabulary

FONTS = Path(__file__).parents[3] / "node_modules" / "@fontsource" / "be-vietnam-pro" / "files"
DATED = (2026, 1, 1, 0, 0, 0)
# Two files under one name become one font, in which letters of one stand for letters of the other.
STYLE = """
@page { size: A4; margin: 22mm 20mm; }
@font-face { font-family: Latin; src: url(%(latin)s); }
@font-face { font-family: Vietnamese; src: url(%(vietnamese)s); }
body { font: 11pt/1.55 Latin, Vietnamese; }
h1 { font-size: 14pt; text-align: center; }
.mark { text-align: center; color: #a00; }
dt { font-size: 9pt; color: #555; } dd { margin: 0 0 2mm; }
"""
PARTS = {
    "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>',
    "_rels/.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>',
}


def named(plan, day, decision) -> list[dict]:
    """Kind, title, number and date of each paper that exists by now."""
    title = vocabulary()["auctions"]["documents"]
    papers = [
        ("QDDG", "QUYETDINH", title["QUYETDINH"], decision["QDDG"], day["QDDG"]),
        ("QDDG", "BANDO", title["BANDO"], "", day["QDDG"]),
        ("TB1", "QUYCHE", title["QUYCHE"], f"{plan.number:02d}/QC-ĐG", day["TB1"]),
        ("TB1", "THONGBAO", title["THONGBAO"].format(n=1), f"{plan.number:02d}/TB-ĐG", day["TB1"]),
        ("TB2", "THONGBAO", title["THONGBAO"].format(n=2), f"{plan.number:02d}a/TB-ĐG", day["TB2"]),
        ("CONGNHAN", "KETQUA", title["KETQUA"], f"{plan.number:02d}/KQ-ĐG", day["CONGNHAN"]),
    ]
    return [
        {"loai": kind, "ten": name, "so": number, "ngay": when.isoformat()}
        for state, kind, name, number, when in papers
        if plan.reached(state)
    ]


def hand_over(auction, lots, files) -> None:
    """The first notice as a file, and a blank form; the other papers are only named, as offices do."""
    words = vocabulary()["auctions"]
    listed = json.loads(auction["tai_lieu"])
    first = next((one for one in listed if one["loai"] == "THONGBAO"), None)
    if first is None:
        return
    facts = {
        "Số": first["so"],
        "Ngày": date.fromisoformat(first["ngay"]).strftime("%d/%m/%Y"),
        "Nội dung": auction["ten"],
        "Người có tài sản": auction["chu_ts"],
        "Tổ chức đấu giá": auction["to_chuc"],
        "Các lô đất": "; ".join(lot["ten_lo"] for lot in lots),
        "Tổng giá khởi điểm": f"{auction['tong_kd']:,} đồng".replace(",", "."),
        "Nhận hồ sơ đến": auction["hs_den"].strftime("%H:%M ngày %d/%m/%Y"),
        "Đấu giá lúc": auction["mo_luc"].strftime("%H:%M ngày %d/%m/%Y"),
        "Điều kiện": auction["dieu_kien"],
        "Liên hệ": auction["lien_he"],
    }
    told = notice(first["ten"], words["mark"], facts)
    form = blank_form([words["mark"], *words["form"]])
    for content, ending in ((told, "pdf"), (form, "docx")):
        files[name_of(content, ending)] = content
    first["tep"] = name_of(told, "pdf")
    listed.append({"loai": "BIEUMAU", "ten": words["form"][0], "tep": name_of(form, "docx")})
    auction["tai_lieu"] = json.dumps(listed, ensure_ascii=False)


def notice(title: str, mark: str, facts: Mapping[str, str]) -> bytes:
    """A notice as PDF: its title, that it is made up, and what it says."""
    from weasyprint import HTML

    for name in ("weasyprint", "fontTools"):
        logging.getLogger(name).setLevel(logging.ERROR)
    fonts = {
        script: (FONTS / f"be-vietnam-pro-{script}-400-normal.woff2").as_uri() for script in ("latin", "vietnamese")
    }
    told = "".join(f"<dt>{html.escape(name)}</dt><dd>{html.escape(text)}</dd>" for name, text in facts.items() if text)
    return HTML(
        string=f'<html lang="vi"><title>{html.escape(title)}</title><style>{STYLE % fonts}</style>'
        f'<h1>{html.escape(title)}</h1><p class="mark">{html.escape(mark)}</p><dl>{told}</dl></html>'
    ).write_pdf()


def blank_form(lines: list[str]) -> bytes:
    """A form to be filled in, as DOCX: a paragraph for each line."""
    paragraphs = "".join(f'<w:p><w:r><w:t xml:space="preserve">{html.escape(line)}</w:t></w:r></w:p>' for line in lines)
    body = (
        '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
        f"<w:body>{paragraphs}</w:body></w:document>"
    )
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in (*PARTS.items(), ("word/document.xml", body)):
            archive.writestr(
                zipfile.ZipInfo(name, DATED), f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>{text}'
            )
    return written.getvalue()


def name_of(content: bytes, ending: str) -> str:
    """By what name a row names the file, once it is kept."""
    return f"{hashlib.sha256(content).hexdigest()}.{ending}"


def save(papers: Mapping[str, bytes], path: Path) -> None:
    """All of them in one archive, under those names."""
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in papers.items():
            archive.writestr(zipfile.ZipInfo(name, DATED), content)
