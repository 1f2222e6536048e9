"""All apps' texts are one catalogue: of two translations of one text a reader gets whichever is loaded last."""

import subprocess
from pathlib import Path

from landgis import env

ROOT = Path(env.BASE_DIR)


def test_one_text_has_one_vietnamese_wording() -> None:
    """`msgcat` marks a message with several translations as fuzzy; where two are meant, they have contexts (pgettext)."""
    catalogues = sorted(ROOT.glob("landgis/**/locale/vi/LC_MESSAGES/django.po"))
    assert len(catalogues) > 10
    joined = subprocess.run(["msgcat", "--no-wrap", *catalogues], check=True, capture_output=True).stdout
    doubtful = subprocess.run(["msgattrib", "--only-fuzzy", "--no-wrap"], input=joined, check=True, capture_output=True)
    _header, *found = doubtful.stdout.decode().split("\n\n")
    assert found == [], "\n".join(found)


def test_officers_are_called_by_one_word() -> None:
    """Officers are "bạn", readers "Quý vị"."""
    for catalogue in ROOT.glob("landgis/**/locale/vi/LC_MESSAGES/django.po"):
        assert "anh/chị" not in catalogue.read_text(encoding="utf-8").lower(), catalogue
