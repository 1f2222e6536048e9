"""The pages that nginx shows where it has to answer alone: files in both languages, in the dress of the site."""

from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from django.utils import translation
from django.utils.translation import gettext as _

from landgis.pages import errors


def write(folder: Path) -> list[Path]:
    """Write them into the folder, each whole or not at all, as `<status>.<language>.html`; gives their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            request = RequestFactory(headers={"Host": settings.PUBLIC_ADDRESS.partition("//")[2]}).get(
                "/" if language == settings.LANGUAGE_CODE else f"/{language}/"
            )
            for status, page in ((503, _away(request)), (429, _too_many(request))):
                path = folder / f"{status}.{language}.html"
                part = path.with_suffix(".part")
                part.write_bytes(page.content)
                part.replace(path)
                written.append(path)
    return written


def _away(request: HttpRequest) -> HttpResponse:
    return errors.problem(
        request,
        503,
        _("The site does not answer at the moment"),
        _("Nothing was lost. What was published is still there."),
        _("Please try again in a minute."),
        without_data=True,
    )


def _too_many(request: HttpRequest) -> HttpResponse:
    return errors.problem(
        request,
        429,
        _("Too much was asked from your address"),
        _("The address from which you read asked for more at once than one reader needs."),
        _("Please try again in a few seconds."),
        without_data=True,
    )
