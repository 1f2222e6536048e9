"""What every page shows round its content."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse
from django.utils import translation
from django.utils.functional import SimpleLazyObject
from django.utils.http import escape_leading_slashes

from landgis.catalog import exits, office, registry, sums
from landgis.pages import guides
from landgis.pages.crawlers import is_plain

LANGUAGES = {"vi": "Tiếng Việt", "en": "English"}


def site(request: HttpRequest) -> dict[str, Any]:
    """Context processor `site`. Lazy, so that a page of the admin asks the database nothing."""
    return {"site": SimpleLazyObject(lambda: _site(request))}


def _site(request: HttpRequest) -> dict[str, Any]:
    profile = office.current().profile
    # Read by the pages that say it: what stands in for a page that cannot be read asks nothing.
    state = SimpleLazyObject(lambda: sums.newest_and_made_up(registry.all_datasets()))
    return {
        "office_name": profile.name,
        "contact": profile.contact,
        "legal_basis": profile.legal_basis,
        "disclaimer": profile.disclaimer,
        "home_url": reverse("pages:home"),
        "datasets": [
            {
                "name": dataset.name,
                "title": dataset.title_plural,
                "url": reverse("pages:list", args=[dataset]),
            }
            for dataset in exits.datasets("pages")
        ],
        "guides": guides.links(),
        "scanner_url": static(f"{settings.VENDOR['@zxing/library']}/index.min.js"),
        "other_language": _other_language(request),
        # The address of the page itself; none for its filters, later pages and past states.
        "canonical": request.build_absolute_uri(request.path) if is_plain(request.GET) else "",
        # That in which the office writes names and texts, where the page is in another one.
        "data_language": "" if translation.get_language() == settings.LANGUAGE_CODE else settings.LANGUAGE_CODE,
        "revision": SimpleLazyObject(lambda: state[0]),
        "made_up": SimpleLazyObject(lambda: state[1]),
    }


def _other_language(request: HttpRequest) -> dict[str, str]:
    """The same page in the other language, or what is said in that one where there is no such page."""
    code = "en" if translation.get_language() == "vi" else "vi"
    path = request.get_full_path()
    url = f"/en{path}" if code == "en" else escape_leading_slashes(path.removeprefix("/en")) or "/"
    return {"code": code, "label": LANGUAGES[code], "url": url}
