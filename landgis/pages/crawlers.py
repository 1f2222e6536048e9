"""What search engines are told: which addresses they may ask for, and which pages they should know.

These are the pages as they are today, in every language. Filters, pages of lists and past states are as many as one
likes, and each is another address of the same facts.
"""

import datetime
from collections.abc import Iterable, Sequence
from typing import Any

from django.conf import settings
from django.contrib.sitemaps import Sitemap, views
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from landgis.catalog import exits, memory, queries, sums
from landgis.catalog.dataset import Dataset
from landgis.lib.added import is_added
from landgis.lib.parameters import knows
from landgis.pages import guides

CLOSED = (
    "/admin/",
    "/officer/",
    "/tiles/",
    "/imagery/",
    "/basemap/",
    "/api/",
    "/print.pdf",
    "/qr.svg",
    "/embed",
    "/*?",
)
OPEN = ("/pictures/", "/sitemap")  # although with parameters: the pictures are those that messengers show
REFS, SITE = "dataset-{}", "site"
ANY = "Any-Ref"


def is_plain(parameters: Iterable[str]) -> bool:
    """Whether an address with these parameters shows the page itself: no filter, no later page, no past state."""
    return all(is_added(name) for name in parameters)


@require_safe
@knows()
def robots(request: HttpRequest) -> HttpResponse:
    """GET /robots.txt."""
    others = [f"/{code}" for code, _title in settings.LANGUAGES if code != settings.LANGUAGE_CODE]
    closed = [*CLOSED, *(f"{other}{path}" for path in CLOSED if "*" not in path for other in others)]
    lines = ["User-agent: *", *(f"Allow: {path}" for path in OPEN), *(f"Disallow: {path}" for path in closed)]
    lines += ["", f"Sitemap: {request.build_absolute_uri(reverse('crawlers:sitemaps'))}", ""]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")


@require_safe
@knows()
def sitemaps(request: HttpRequest) -> HttpResponseBase:
    """GET /sitemap.xml: which sitemaps there are."""
    answer: HttpResponseBase = views.index(request, _sitemaps(), sitemap_url_name="crawlers:sitemap")
    return answer


@require_safe
@knows("p")
def sitemap(request: HttpRequest, section: str) -> HttpResponseBase:
    """GET /sitemap-<section>.xml: the pages of the site, or the features of a dataset."""
    answer: HttpResponseBase = views.sitemap(request, _sitemaps(), section=section)
    return answer


def _sitemaps() -> dict[str, type[Sitemap] | Sitemap]:
    datasets = exits.datasets("pages", "indexed")
    of_site: dict[str, type[Sitemap] | Sitemap] = {SITE: SiteMap(datasets)}
    return of_site | {REFS.format(dataset.name): FeatureMap(dataset) for dataset in datasets}


class InEveryLanguage(Sitemap):
    i18n = alternates = x_default = True

    def location(self, item: Any) -> str:
        name, *arguments = item
        return reverse(f"pages:{name}", args=arguments)


class SiteMap(InEveryLanguage):
    """The map, the lists, and what the datasets are."""

    def __init__(self, datasets: list[Dataset]):
        self.datasets = datasets

    def items(self) -> list[tuple[Any, ...]]:
        told = [(("list", dataset), ("dataset", dataset.name)) for dataset in self.datasets]
        texts = [("guide", name) for name in guides.texts()]
        return [("home",), ("datasets",), *texts, *(page for both in told for page in both)]


class EveryPage(Sequence[Any]):
    """The pages of features, in every language; how many there are is known without reading a row."""

    def __init__(self, of: "FeatureMap"):
        self._of = of
        self._languages = [code for code, _title in settings.LANGUAGES]

    def __len__(self) -> int:
        return sums.count(self._of.dataset) * len(self._languages)

    def __getitem__(self, part: Any) -> list[Any]:
        """A page of them, as the paginator asks."""
        items = self._of.page(part.start // self._of.limit)
        return [(item, code) for item in items for code in self._languages]


def _rows_of(dataset: Dataset, number: int, limit: int) -> list[dict[str, Any]]:
    """So many features each page; of the pages before only the last of each is asked for, once a revision."""
    after = _last_of(dataset, number - 1, limit) if number else None
    return queries.rows(dataset, fields=("ref", "applied_at"), after=after, limit=limit)


def _last_of(dataset: Dataset, number: int, limit: int) -> str | None:
    def read(one: Dataset) -> str | None:
        after = _last_of(one, number - 1, limit) if number else None
        rows = queries.rows(one, fields=("ref",), after=after, limit=limit)
        return rows[-1]["ref"] if rows else after

    return memory.of_each(("sitemap", number, limit), [dataset], read)(dataset)


class FeatureMap(InEveryLanguage):
    """The pages of a dataset's features in force, each with the moment in which its facts came into force."""

    limit = 10_000

    def __init__(self, dataset: Dataset):
        self.dataset = dataset
        self._applied: dict[str, datetime.datetime] = {}
        # By language what stands in an address before a ref, and behind it.
        self._around: dict[str | None, list[str]] = {}

    def location(self, item: tuple[Any, ...]) -> str:
        """A ref needs no quoting, so that one address tells them all; each is asked for four times in each language."""
        language = get_language()
        if language not in self._around:
            self._around[language] = super().location(("feature", self.dataset, ANY)).split(ANY)
        return item[-1].join(self._around[language])

    def _items(self) -> "EveryPage":
        return EveryPage(self)

    def page(self, number: int) -> list[tuple[Any, ...]]:
        """The features of one page; the first is 0."""
        rows = _rows_of(self.dataset, number, self.limit // len(settings.LANGUAGES))
        self._applied = {row["ref"]: row["applied_at"] for row in rows}
        return [("feature", self.dataset, ref) for ref in self._applied]

    def lastmod(self, item: tuple[Any, ...]) -> datetime.datetime:
        return self._applied[item[-1]]

    def get_latest_lastmod(self) -> datetime.datetime | None:
        newest = queries.latest_revision(self.dataset)
        return newest.applied_at if newest else None
