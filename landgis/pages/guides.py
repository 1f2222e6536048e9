"""Pages of text: how to read the map, what this site is, keeps and can be used with; and those of the country."""

import datetime
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_safe

from landgis.catalog import exits, guides, office
from landgis.catalog.codelists import Label
from landgis.lib.order import order_key
from landgis.lib.parameters import knows


@dataclass(frozen=True)
class Text:
    """A page of text; `context` gives what its template tells beside its own words."""

    title: Label
    template: str
    context: Callable[[], Mapping[str, Any]] = dict


@require_safe
@knows(is_page=True)
def guide(request: HttpRequest, name: str) -> HttpResponse:
    """GET /guides/<name>/."""
    text = texts().get(name)
    if text is None:
        raise Http404
    return render(request, text.template, {"title": text.title, **text.context()})


def texts() -> dict[str, Text]:
    """What there is to read, in the order of the foot of the page: that of the country first."""
    return {
        **{name: Text(one.title, "pages/guides/procedure.html", _of(one)) for name, one in guides.procedures().items()},
        **{
            name: Text(one.title, "pages/guides/glossary.html", _words(one))
            for name, one in guides.glossaries().items()
        },
        **OWN,
    }


def links() -> list[dict[str, str]]:
    return [
        {"name": name, "title": str(text.title), "url": reverse("pages:guide", args=[name])}
        for name, text in texts().items()
    ]


def _of(procedure: guides.Procedure) -> Callable[[], Mapping[str, Any]]:
    def context() -> Mapping[str, Any]:
        return {"procedure": procedure, "checked": datetime.date.fromisoformat(f"{procedure.checked}-01")}

    return context


def _words(glossary: guides.Glossary) -> Callable[[], Mapping[str, Any]]:
    def context() -> Mapping[str, Any]:
        words = sorted(glossary.words, key=lambda one: order_key(str(one.word)))
        return {"glossary": glossary, "words": words}

    return context


def _about() -> Mapping[str, Any]:
    datasets = [
        {"title": one.title_plural, "text": one.description, "name": one.name} for one in exits.datasets("pages")
    ]
    return {"datasets": datasets, "profile": office.current().profile}


OWN = {
    "map": Text(_("How to read this map"), "pages/guides/map.html"),
    "about": Text(pgettext_lazy("page", "About this site"), "pages/guides/about.html", _about),
    "accessibility": Text(_("Accessibility"), "pages/guides/accessibility.html"),
    "privacy": Text(_("Privacy"), "pages/guides/privacy.html"),
}
