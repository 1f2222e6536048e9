"""What a test asks of a PDF: its text, its sheet, its fonts, its pictures and how large they are on paper."""

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PIL import Image

if TYPE_CHECKING:
    from pypdf import PdfReader

POINT_MM = 25.4 / 72


@dataclass
class Pdf:
    reader: "PdfReader"

    @property
    def catalogue(self) -> Any:
        return self.reader.root_object

    @property
    def pages(self) -> list[str]:
        """The text of each page, with one blank between the words."""
        return [re.sub(r"\s+", " ", page.extract_text()) for page in self.reader.pages]

    @property
    def letters(self) -> str:
        """The letters in the order in which they are drawn, without spaces."""
        return re.sub(r"\s", "", "".join(self.pages))

    @property
    def sheet_mm(self) -> tuple[float, float]:
        """Width and height of the sheets, which are all alike."""
        [size] = {(page.mediabox.width, page.mediabox.height) for page in self.reader.pages}
        return float(size[0]) * POINT_MM, float(size[1]) * POINT_MM

    @property
    def fonts(self) -> list[Any]:
        """The composite fonts of the pages."""
        pages: list[Any] = list(self.reader.pages)
        found = (font.get_object() for page in pages for font in page["/Resources"]["/Font"].values())
        return [font["/DescendantFonts"][0].get_object() for font in found]

    @property
    def links(self) -> set[str]:
        notes = (note.get_object() for page in self.reader.pages for note in page.get("/Annots", ()))
        return {str(note["/A"]["/URI"]) for note in notes if "/URI" in note.get("/A", {})}

    @property
    def photographs(self) -> list[tuple[Image.Image, float, float]]:
        """The JPEG pictures, each with its width and height on paper in millimetres."""
        return [found for page in self.reader.pages for found in _photographs(page)]


def read(pdf: bytes) -> Pdf:
    from pypdf import PdfReader

    return Pdf(PdfReader(io.BytesIO(pdf)))


def _photographs(page: Any) -> Iterator[tuple[Image.Image, float, float]]:
    drawn: list[tuple[str, Any]] = []

    def see(operator: bytes, operands: Any, matrix: Any, _text_matrix: Any) -> None:
        if operator == b"Do":
            drawn.append((operands[0], matrix))

    page.extract_text(visitor_operand_before=see)
    for name, matrix in drawn:
        picture = page["/Resources"]["/XObject"].get(name)
        if picture is not None and picture.get_object().get("/Filter") == "/DCTDecode":
            image = Image.open(io.BytesIO(picture.get_object()._data))
            yield image, abs(matrix[0]) * POINT_MM, abs(matrix[3]) * POINT_MM
