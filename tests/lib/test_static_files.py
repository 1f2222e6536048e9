"""Style sheets that import others are one file for the reader, and every file they name is there."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage
from fontTools.ttLib import TTFont

OURS = settings.BASE_DIR / "landgis/static/js"


@pytest.mark.parametrize("name", ["css/site.css", "css/late.css"])
def test_what_is_imported_is_joined(name: str) -> None:
    source = (settings.BASE_DIR / "landgis/static" / name).read_text(encoding="utf-8")
    imported = re.findall(r'^@import "([\w-]+\.css)";$', source, flags=re.MULTILINE)
    served = Path(staticfiles_storage.path(staticfiles_storage.stored_name(name))).read_text(encoding="utf-8")
    assert imported
    assert "@import" not in served
    for sheet in imported:
        text = (settings.BASE_DIR / "landgis/static/css" / sheet).read_text(encoding="utf-8")
        selectors = re.findall(r"^\.[\w-]+", text, flags=re.MULTILINE)
        assert all(selector in served for selector in selectors), sheet


def test_every_style_sheet_of_ours_is_served_by_one_of_the_joined_ones() -> None:
    """A sheet that no page asks for is a mistake; those for paper and for pages without scripts stand alone."""
    folder = settings.BASE_DIR / "landgis/static/css"
    joined = "".join((folder / name).read_text(encoding="utf-8") for name in ("site.css", "late.css"))
    alone = {"site.css", "late.css", "noscript.css", "sheet.css", "paper.css"}
    templates = "".join(path.read_text(encoding="utf-8") for path in (settings.BASE_DIR / "templates").rglob("*.html"))
    lost = [
        path.name
        for path in folder.glob("*.css")
        if path.name not in alone and f'"{path.name}"' not in joined and f"css/{path.name}" not in templates
    ]
    assert lost == []


def test_the_sheet_of_some_pages_gives_no_other_meaning_to_a_name_of_all_pages() -> None:
    """It comes after `site.css`, so a name of both would look otherwise on its pages: a table would lose its heads."""
    folder = settings.BASE_DIR / "landgis/static/css"
    imported = re.findall(
        r'^@import "([\w-]+\.css)";$', (folder / "site.css").read_text(encoding="utf-8"), re.MULTILINE
    )
    everywhere, of_officers = (
        {
            name
            for sheet in sheets
            for name in re.findall(r"^\.([\w-]+)", (folder / sheet).read_text(encoding="utf-8"), re.M)
        }
        for sheets in (imported, ["workbench.css"])
    )
    assert len(everywhere) > 100 and len(of_officers) > 50
    assert everywhere & of_officers == set()


def test_our_modules_come_slim_and_name_each_other_by_their_content() -> None:
    """A quarter lighter where most is squeezed already; what one imports is there under the name that is kept for ever."""
    root = Path(staticfiles_storage.location)
    names = [path.relative_to(settings.BASE_DIR / "landgis/static") for path in OURS.rglob("*.js")]
    served = {str(name): root / staticfiles_storage.stored_name(str(name)) for name in names}
    texts = {name: path.read_text(encoding="utf-8") for name, path in served.items()}
    assert len(names) > 60
    assert sum(map(len, texts.values())) < 0.7 * sum((OURS.parent / name).stat().st_size for name in names)
    for name, text in texts.items():
        imported = re.findall(r"""(?:from|import|import\()["'](\.[^"']+)""", text)
        assert all((served[name].parent / other).is_file() for other in imported), name
        assert all(re.search(r"/vendor/|/bundles/|\.[0-9a-f]{12}\.js$", other) for other in imported), imported
    assert any("import(" in text for text in texts.values())


@pytest.mark.parametrize("script", ["latin", "vietnamese"])
def test_readers_get_fonts_at_two_thirds_of_their_weight_with_every_letter_and_its_look(script: str) -> None:
    name = f"{settings.VENDOR['@fontsource/be-vietnam-pro']}/be-vietnam-pro-{script}-400-normal.woff2"
    source, served = finders.find(name), staticfiles_storage.path(name)
    assert source
    assert Path(served).stat().st_size < 0.66 * Path(source).stat().st_size
    assert _look(TTFont(served)) == _look(TTFont(source))


def _look(font: Any) -> tuple[Any, ...]:
    """Of each character its width and outline, what the font can do with them, and whose it is."""
    glyphs, lines = font["glyf"], font["hhea"]
    letters = {
        code: (font["hmtx"][glyph], [list(part) for part in glyphs[glyph].getCoordinates(glyphs)[:2]])
        for code, glyph in font.getBestCmap().items()
    }
    features = {tag: {one.FeatureTag for one in font[tag].table.FeatureList.FeatureRecord} for tag in ("GPOS", "GSUB")}
    return letters, features, lines.ascent, lines.descent, font["name"].getDebugName(0)
