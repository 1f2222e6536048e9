"""The canary: what the policy hides is planted everywhere and looked for in every byte that leaves the house.

Two worlds are told the same story, one with hidden rows and officers' remarks, one without. A reader must not be
able to tell them apart by any exit, and the planted words must not be found in an answer, an error or a log.
"""

import datetime
import io
import itertools
import json
import logging
import math
import os
import re
import secrets
import subprocess
import sys
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from urllib.parse import quote

import mapbox_vector_tile
import pytest
from django.contrib.auth.models import Group
from django.db import DatabaseError, connection, connections
from django.db.models import CharField, Value
from django.db.models.functions import Cast, Concat
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import translation

from landgis import env
from landgis.accounts.actions import ensure_roles
from landgis.accounts.models import Role, User
from landgis.catalog import label_room, published, registry
from landgis.catalog.dataset import PUBLIC
from landgis.changes import actions as changes
from landgis.changes.models import ChangeSet
from landgis.documents import store as documents_store
from landgis.documents.models import Enclosure
from landgis.feedback.actions import take_in
from landgis.feedback.models import Report
from landgis.operations.ownership import as_owner
from landgis.pages import guides
from landgis.search.actions import follow
from tests import base_maps, databases, factors, pdf, reader, samples
from tests.people import in_whole_office
from tests.programs import environment

RUN = secrets.token_hex(3)  # so that a word found in a log of the server is of this run
SEA = (109.1234, 8.6543)  # where nothing public lies
TEXTS = ("name", "address", "commune_name", "commune_code", "district_name", "map_sheet", "parcel_nos", "manager",
         "decision_no", "decision_issuer", "note")  # fmt: skip


def canary(*about: str) -> str:
    """A word that nobody else writes; letters and digits, so that no encoding changes it."""
    return "zq" + RUN + "".join(about).replace("_", "").replace("-", "")


NEVER = canary("never")  # the ref of a plot that never was; the hidden refs are as long
HIDDEN, HIDDEN_LATER, RETIRED, DRAFTED = (canary(word) for word in ("shade", "later", "ended", "draft"))
HIDDEN_REFS = (HIDDEN, HIDDEN_LATER, RETIRED, DRAFTED)
SEEN, GONE = "P-00001", "P-00003"
REPORT = "2026-00001"
MOMENT = datetime.datetime(2026, 1, 2, tzinfo=datetime.UTC)


def _secret_plot(number: int, ref: str, **values: Any) -> samples.Plot:
    """A plot at sea whose every text is a canary."""
    west, south = SEA[0] + number / 1000, SEA[1]
    texts = {name: canary(ref[-5:], name)[:40] for name in TEXTS}
    texts["commune_code"] = texts["commune_code"][:10]
    texts["map_sheet"] = texts["map_sheet"][:20]
    box = (west, south, west + 0.0007, south + 0.0007)
    return samples.plot(number, plot_code=ref, area_legal_m2=987_654.3, box=box, **{**texts, **values})


# What only officers may know of the plots that everybody sees.
REMARKS = {"note": canary("remark"), "finding": "marks-lost", "certificate_state": "in-progress"}


def _public_plots(revision: int) -> list[samples.Plot]:
    """The same in both worlds."""
    plots = [samples.plot(number, name=f"Seen {number} in {revision}", land_use="ODT") for number in (1, 2)]
    return plots + ([samples.plot(3)] if revision < 3 else [])


def _hidden_plots(revision: int) -> list[samples.Plot]:
    later = _secret_plot(51, HIDDEN_LATER, is_public=revision == 1)
    retired = [_secret_plot(52, RETIRED, is_public=False)] if revision < 3 else []
    return [_secret_plot(50, HIDDEN, is_public=False), later, *retired]


REVISIONS = (1, 2, 3)


def tell_the_story(folder: Path, with_secrets: bool) -> None:
    """Three revisions by the load command; with the secrets also what never came into force, and people."""
    for revision in REVISIONS:
        plots = [{**one, **(REMARKS if with_secrets else {})} for one in _public_plots(revision)]
        plots += _hidden_plots(revision) if with_secrets else []
        name = f"{canary('file') if with_secrets else 'plots'}_{revision}.geojson"
        samples.load(samples.write(folder / name, plots))
        follow()
    samples.scene(folder)
    base_maps.on_the_grid(folder, canary("ground"))
    _report_an_error(with_secrets)
    if with_secrets:
        User.objects.create_superuser("boss", email=f"{canary('person')}@example.org", password=canary("password"))
        _what_never_came_into_force()
        _enclosed(folder)
    with as_owner(), connection.cursor() as cursor:
        # The one thing that two stories told one after the other cannot share.
        cursor.execute("UPDATE catalog_revision SET applied_at = timestamptz '2026-01-01' + number * interval '1 day'")


def _report_an_error(with_secrets: bool) -> None:
    """Two reports, of which readers know that there are some; what was written is the office's."""
    for ref in (SEEN, SEEN):
        words = (
            {"text": canary("report"), "contact": canary("sender")} if with_secrets else {"text": "x", "contact": ""}
        )
        sender = canary("address") if with_secrets else "192.0.2.1"
        take_in(dataset="public-land", ref=ref, revision=3, kind="fact", language="vi", sender=sender, **words)
    Report.objects.update(number=Concat(Value("2026-0000"), Cast("id", CharField())), made_at=MOMENT, status_at=MOMENT)


def _what_never_came_into_force() -> None:
    samples.approved([_secret_plot(53, DRAFTED)])
    drafted = samples.drafted([_secret_plot(54, canary("other"))])
    changes.check(drafted)
    changes.reject(drafted, by=None, reason=canary("reason"))


def _enclosed(folder: Path) -> None:
    """Documents that readers do not see: for the office, of what was rejected, and about a plot that is hidden."""
    paper = folder / "paper.pdf"
    paper.write_bytes(b"%PDF-1.4 " + canary("paper").encode())
    about = {"name": documents_store.keep(paper), "by": User.objects.get(username="boss")}
    applied, rejected = ChangeSet.objects.get(revision=3), ChangeSet.objects.latest("id")
    for change_set, ref, is_public in ((applied, SEEN, False), (rejected, SEEN, True), (applied, HIDDEN, True)):
        title = canary("enclosed", ref, str(change_set.pk))
        Enclosure.objects.create(change_set=change_set, ref=ref, title=title, is_public=is_public, **about)


SECRETS = {
    RUN,  # stands in every canary
    *REMARKS.values(),
    *(f"{side:.4f}" for side in SEA),
    "987654",
    "987.654",
    "987,654",
    *(f'"{field.name}":' for field in samples.public_land().fields if field.visibility != PUBLIC),
}


def _labels() -> set[str]:
    """What the hidden values of coded fields are called."""
    found = set()
    for language in ("vi", "en"):
        with translation.override(language):
            for name in ("finding", "certificate_state"):
                found.add(str(samples.public_land().choices(name)[REMARKS[name]]))
    return found


# Asking


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes
    log: str = field(compare=False)
    has_looked: bool = field(compare=False, default=False)  # at who asks

    def without(self, word: str) -> "Answer":
        """The same with a word of the question blotted out."""
        headers = {name: text.replace(word, "*") for name, text in self.headers.items()}
        if word.encode() in self.body:
            headers.pop("ETag", None)  # a checksum of the body, the word included
        body = self.body.replace(word.encode(), b"*")
        return Answer(self.status, headers, body, self.log.replace(word, "*"))

    def beside(self, other: "Answer") -> list[str]:
        """The first things in which two answers differ, for people."""
        parts = [f"{self.status} / {other.status}"] if self.status != other.status else []
        names = sorted(self.headers.keys() | other.headers.keys())
        pairs = [(f"{name}: {self.headers.get(name)}", f"{name}: {other.headers.get(name)}") for name in names]
        pairs += zip(
            self.body.decode(errors="replace").split(","), other.body.decode(errors="replace").split(","), strict=False
        )
        pairs += zip(self.log.split(","), other.log.split(","), strict=False)
        return parts + [f"{mine[:200]} / {theirs[:200]}" for mine, theirs in pairs if mine != theirs][:3]

    def found(self, words: set[str]) -> set[str]:
        everything = (self.body + json.dumps(self.headers).encode() + self.log.encode()).lower()
        return {word for word in words if word.lower().encode() in everything}


# What differs from one answer to the next for everybody.
CHANGING = re.compile(
    rb'("(?:ms|timestamp|request_id)": ?"?[^",}]+"?|name="csrfmiddlewaretoken" value="[^"]+"'
    rb"|landgis_\w+_(?:seconds|free_bytes) [\d.+Inf]+$)",
    re.MULTILINE,
)
CHANGING_HEADERS = {"X-Request-ID", "Date", "Expires"}


@contextmanager
def the_log() -> Iterator[io.StringIO]:
    """What the configured handler writes, as it writes it."""
    (handler,) = [one for one in logging.getLogger().handlers if one.name == "stderr"]
    written = io.StringIO()
    before = handler.setStream(written)
    try:
        yield written
    finally:
        handler.setStream(before)


READER = Client(raise_request_exception=False)


def ask(url: str, method: str = "get", data: dict[str, str] | None = None) -> Answer:
    """As an anonymous reader who comes for the first time."""
    READER.cookies.clear()
    with the_log() as log:
        response = getattr(READER, method)(url, data or {})
        body = b"".join(response.streaming_content) if response.streaming else response.content
    return settled(response.status_code, dict(response.items()), body, log.getvalue())


def settled(status: int, headers: Mapping[str, str], body: bytes, log: str = "") -> Answer:
    """An answer without what differs from one to the next for everybody."""
    parts = _unpacked(body)
    told, changed = CHANGING.subn(b"-", parts)
    dropped = CHANGING_HEADERS | ({"Content-Length"} if changed or parts is not body else set())
    kept = {name: text for name, text in headers.items() if name not in dropped}
    if policy := kept.get("Content-Security-Policy"):
        kept["Content-Security-Policy"] = "; ".join(
            sorted(policy.split("; "))
        )  # each process writes it in its own order
    return Answer(status, kept, told, CHANGING.sub(b"-", log.encode()).decode())


def asked_of(other: reader.Reader | None, addresses: Iterable[str], by: str = "") -> dict[str, Answer]:
    """What another process answers, or this one, to a stranger or somebody who is signed in; by address."""
    found = {}
    for some in batched(addresses, 100):
        for url, one in (other.ask if other else reader.answered)(dict.fromkeys(some, ""), by).items():
            found[url] = replace(settled(one.status, one.headers, one.body), has_looked=one.has_looked)
    return found


def batched(addresses: Iterable[str], most: int) -> Iterator[list[str]]:
    rest = iter(addresses)
    while some := list(itertools.islice(rest, most)):
        yield some


def _unpacked(body: bytes) -> bytes:
    """What is read in a file: the text of a PDF; the parts of a workbook but the one that says when it was written."""
    if body.startswith(b"%PDF"):
        return "\n".join(pdf.read(body).pages).encode()
    if not body.startswith(b"PK\x03\x04"):
        return body
    with zipfile.ZipFile(io.BytesIO(body)) as file:
        return b"\n".join(file.read(name) for name in file.namelist() if name != "docProps/core.xml")


# Where to ask


def _queries() -> list[str]:
    return ["", *(f"?as_of={number}" for number in REVISIONS), "?as_of=2026-01-03"]


def _bad_queries() -> list[str]:
    return [
        "?as_of=99",
        "?as_of=0",
        "?as_of=x",
        "?bbox=1,2",
        "?land_use=x",
        "?area_legal_m2_min=x",
        "?after=%00",
        "?after=a'",
        "?landuse=ODT",
        "?as_of=1&as_of=2",
        "?as_of=2999-12-31",
    ]


def _filters() -> list[str]:
    everywhere = f"{SEA[0] - 5},{SEA[1] - 5},{SEA[0] + 5},{SEA[1] + 5}"
    return [
        "?land_use=ODT",
        "?land_use=CLN&land_use=ODT",
        "?area_legal_m2_min=1",
        f"?bbox={everywhere}",
        "?after=P-00001",
        "?lang=en",
        "?sort=-opens_at",
        "?sort=area_legal_m2",
        f"?near={SEA[1]:.1f},{SEA[0]:.1f}",
        "?near=Commune 1",
        "?q=land of Commune 1",
    ]


def _lists(name: str) -> Iterator[str]:
    for dataset in registry.all_datasets():
        for query in [*_queries(), *_bad_queries(), *_filters()]:
            yield reverse(name, args=[dataset]) + query


def _features(name: str) -> Iterator[str]:
    for ref in (SEEN, "P-00002", GONE):
        for query in [*_queries(), "?as_of=99"]:
            yield reverse(name, args=[samples.public_land(), ref]) + query


def _papers(name: str) -> Iterator[str]:
    for ref in (SEEN, GONE):
        for query in ("", "?as_of=1", "?as_of=99"):
            yield reverse(name, args=[samples.public_land(), ref]) + query


def _tiles(name: str) -> Iterator[str]:
    plan = samples.public_land().map.tiles
    for z in range(plan.minzoom - 1, plan.maxzoom + 2):
        for place in (samples.plot(1)["box"], SEA):
            for query in _queries() if z == plan.maxzoom else ["", "?as_of=1"]:
                yield reverse(name, args=["public-land", z, *_tile_at(z, *place[:2])]) + query
    yield reverse(name, args=["public-land", 8, 256, 0])
    for query in [*_bad_queries(), *_filters()]:
        yield reverse(name, args=["public-land", 8, *_tile_at(8, *SEA)]) + query


def _tile_at(z: int, longitude: float, latitude: float) -> tuple[int, int]:
    y = (1 - math.asinh(math.tan(math.radians(latitude))) / math.pi) / 2
    return int((longitude + 180) / 360 * 2**z), int(y * 2**z)


def _tilejson(name: str) -> Iterator[str]:
    for dataset in registry.all_datasets():
        for query in [*_queries(), *_bad_queries(), *_filters()]:
            yield reverse(name, args=[dataset.name]) + query


def _parcels_by_number(name: str) -> Iterator[str]:
    for query in (
        "",
        "?ma=",
        f"?ma={SEEN}",
        "?xa=26545&to=12&thua=345",
        "?xa=Commune 1&to=1&thua=1",
        "?x=1",
    ):
        yield f"{reverse(name)}{query}"


def _searches(name: str) -> Iterator[str]:
    asked = [SEEN, "Seen 1", "seen", "sene 1", "plot 3", "commune 1", GONE, "P-0000", "zq", "", "...", "%00", "x" * 300,
             "10.5, 107.0", "1160773 436318", "geo:10.5,107", "https://a.example/public-land/P-00001/", "12/345",
             "sheet 12 parcel 345", "26659-12-345", "w3u5wwwz9upy", "772650621000123", "45 Seen", "ODT"]  # fmt: skip
    for text in asked:
        yield f"{reverse(name)}?q={text}"
    for query in (
        "",
        "?as_of=1",
        "?q=seen&as_of=1",
        "?q=seen&lang=en",
        "?q=seen&lang=x",
        "?q=seen&limit=2",
        "?q=seen&limit=0",
        "?q=seen&in=public-land",
        "?q=seen&in=public-land&after=P-00002",
        "?q=seen&in=secrets",
    ):
        yield reverse(name) + query


def _scenes(name: str) -> Iterator[str]:
    yield from (reverse(name), reverse(name) + "?lang=en", reverse(name) + "?lang=x")


def _sights(name: str) -> Iterator[str]:
    west, south, east, north = samples.plot(1)["box"]
    for asked in (
        "",
        "?at=x",
        f"?at={SEA[0]:.2f},{SEA[1]:.2f}&lang=en",
        f"?box={west},{south},{east},{north}",
        "?box=1,1,0,0",
    ):
        yield reverse(name) + asked


def _scene_item(name: str) -> Iterator[str]:
    yield from (reverse(name, args=["ground"]), reverse(name, args=["never-was"]))


def _scene_tiles(name: str) -> Iterator[str]:
    for z in (5, 8, 30):
        for scene in ("ground", "2026-02", "never-was"):
            yield reverse(name, args=[scene, z, *_tile_at(z, *SEA)])


def _base_map_tiles(name: str) -> Iterator[str]:
    for z, (longitude, latitude) in itertools.product((0, 6, 8, 9), (samples.plot(1)["box"][:2], SEA)):
        yield reverse(name, args=[z, *_tile_at(z, longitude, latitude)])
    yield reverse(name, args=[3, 8, 0])


def _outlines(name: str) -> Iterator[str]:
    for ref in (SEEN, GONE):
        for query in ("", "?width=300", "?width=x", "?scene=2026-02", "?scene=never-was"):
            yield reverse(name, args=["public-land", ref]) + query


def _stills(name: str) -> Iterator[str]:
    """Pictures of the place that all may see, and of the sea in which the hidden plots lie."""
    views = (f"{zoom}/{place[1]}/{place[0]}" for zoom in (8, 16) for place in (samples.plot(1)["box"], SEA))
    for view in views:
        for more in (
            "",
            "&layers=public-land",
            "&named=auctions",
            "&furniture=1&scene=none",
            "&scene=map",
            "&as_of=1",
            "&land_use=ODT",
            "&lang=en",
        ):
            yield f"{reverse(name, args=['png'])}?size=120x90&view={view}{more}"
    for wrong in ("", "?size=9x9&view=8/1/1", "?size=120x90&view=x", "?size=120x90&view=8/1/1&layers=never-was"):
        yield reverse(name, args=["webp"]) + wrong
    for wrong in ("&as_of=99", "&ratio=x", "&scene=never-was", "&area_legal_m2_min=x"):
        yield f"{reverse(name, args=['webp'])}?size=120x90&view=8/1/1{wrong}"
    yield reverse(name, args=["gif"])


def _former_stills(name: str) -> Iterator[str]:
    """What leads on says again what it was asked; here none asks for the sea."""
    west, south, *_rest = samples.plot(1)["box"]
    for kind in ("png", "gif"):
        yield f"{reverse(name, args=[kind])}?size=120x90&view=16/{south}/{west}&land_use=ODT"


def _maps(name: str) -> Iterator[str]:
    for query in ("", "?as_of=1", "?land_use=ODT", "?off=public-land", "?area_legal_m2_min=x", "?scene=never-was"):
        yield reverse(name) + query


def _measures(name: str) -> Iterator[str]:
    for query in ("", "?points=107,10;108,11", "?points=107,10;108,11;107,11&closed=1", "?points=x"):
        yield reverse(name) + query


def _codes(name: str) -> Iterator[str]:
    yield from (reverse(name), reverse(name) + "?to=/public-land/", reverse(name) + "?to=//example.org")


def _sheets(name: str) -> Iterator[str]:
    view = f"view=14/{SEA[1]:.2f}/{SEA[0]:.2f}"  # an error page repeats its address: the place is not named in full
    for query in ("", f"?{view}&scale=10000&layers=public-land", f"?{view}&scale=3", f"?{view}&scale=10000&paper=x"):
        yield reverse(name) + query


def _guides(name: str) -> Iterator[str]:
    for guide in guides.texts():
        yield reverse(name, args=[guide])


def _datasets(name: str) -> Iterator[str]:
    yield from (reverse(name) + query for query in [*_queries(), "?as_of=99"])


def _dataset(name: str) -> Iterator[str]:
    for one in [*(dataset.name for dataset in registry.all_datasets()), "never-was"]:
        for query in [*_queries(), "?as_of=99", "?lang=en"]:
            yield reverse(name, args=[one]) + query


def _report_form(name: str) -> Iterator[str]:
    for ref in (SEEN, GONE, "never-was"):
        yield reverse(name, args=["public-land", ref])


def _report_status(name: str) -> Iterator[str]:
    for number in (REPORT, "2026-99999"):
        yield reverse(name, args=[number])


def _report_codes(name: str) -> Iterator[str]:
    for query in ("", "?code=2345-2345-2345", "?code=never-was", "?code=%00"):
        yield reverse(name) + query


def _backlog(name: str) -> Iterator[str]:
    for query in ("", f"?number={REPORT}", "?number=never-was", "?number=%00"):
        yield reverse(name) + query


def _stops(name: str) -> Iterator[str]:
    for query in ("", "?token=never-was", "?token=%00"):
        yield reverse(name) + query


def _plain(name: str) -> Iterator[str]:
    yield from (reverse(name), reverse(name) + "?as_of=1", reverse(name) + "?as_of=99")


def _officer(name: str) -> Iterator[str]:
    yield from (reverse(name), reverse(name) + "?next=/officer/upload/")


def _sitemaps(name: str) -> Iterator[str]:
    for section in ("site", "dataset-public-land", "dataset-parcels"):
        yield reverse(name, args=[section])


def _officer_numbered(name: str) -> Iterator[str]:
    """By number: of a change set or run that is there, and of one that is not; strangers are told the same."""
    for number in (1, 2, 999_999):
        yield reverse(name, args=[number])


def _documents(name: str) -> Iterator[str]:
    """A file that nobody handed in."""
    yield reverse(name, args=[f"{0:064x}.pdf"])


def _document_pages(name: str) -> Iterator[str]:
    yield reverse(name, args=[f"{0:064x}.pdf", 1])


def _other_offices(name: str) -> Iterator[str]:
    for provider in ("office", "never-was"):
        yield reverse(name, args=[provider])


def _officer_features(name: str) -> Iterator[str]:
    for ref in (SEEN, GONE, "never-was"):
        yield reverse(name, args=["public-land", ref])


def _officer_new(name: str) -> Iterator[str]:
    for query in ("", "?draft=1", "?draft=999999"):
        yield reverse(name, args=["public-land"]) + query


def _officer_ground(name: str) -> Iterator[str]:
    for query in ("", "?srid=4326&box=106.99,10.49,107.02,10.52&others=1"):
        yield reverse(name, args=["public-land"]) + query


def _officer_edits(name: str) -> Iterator[str]:
    for numbers in ((1, 1), (999_999, 1)):
        yield reverse(name, args=numbers)


def _officer_enclosures(name: str) -> Iterator[str]:
    for number in (1, 999_999):
        yield reverse(name, args=[number, 1, "out"])


def _officer_steps(name: str) -> Iterator[str]:
    for number in (1, 999_999):
        for step in ("submit", "approve", "reject", "never-was"):
            yield reverse(name, args=[number, step])


# Every exit by the name of its address, and the questions put to it.
VISITS = {
    "pages:home": _maps,
    "pages:embed": _maps,
    "pages:measure": _measures,
    "pages:qr": _codes,
    "pages:print": _sheets,
    "pages:manifest": _plain,
    "pages:worker": _plain,
    "pages:offline": _plain,
    "crawlers:robots": _plain,
    "crawlers:sitemaps": _plain,
    "crawlers:sitemap": _sitemaps,
    "pages:guide": _guides,
    "pages:datasets": _datasets,
    "pages:datasets-json": _datasets,
    "pages:dataset": _dataset,
    "pages:dataset-json": _dataset,
    "pages:list": _lists,
    "pages:list-json": _lists,
    "pages:list-geojson": _lists,
    "pages:list-csv": _lists,
    "pages:list-csv-metadata": _lists,
    "pages:list-xlsx": _lists,
    "pages:list-calendar": _lists,
    "pages:list-feed": _lists,
    "pages:feature": _features,
    "pages:feature-json": _features,
    "pages:feature-geojson": _features,
    "pages:feature-calendar": _features,
    "pages:feature-pdf": _papers,
    "pages:feature-extract": _papers,
    "tiles:tile": _tiles,
    "tiles:state": _plain,
    "tiles:tilejson": _tilejson,
    "styles:style": _tilejson,
    "imagery:catalogue": _scenes,
    "imagery:map": _scenes,
    "imagery:item": _scene_item,
    "imagery:seen": _sights,
    "imagery:tile": _scene_tiles,
    "basemap:tilejson": _scenes,
    "basemap:tile": _base_map_tiles,
    "pictures:outline": _outlines,
    "pictures:outline-jpeg": _outlines,
    "pictures:still": _stills,
    "former-pictures:outline": _outlines,
    "former-pictures:outline-jpeg": _outlines,
    "former-pictures:still": _former_stills,
    "search:results": _searches,
    "search:parcel": _parcels_by_number,
    "search-data:suggest": _searches,
    "documents:file": _documents,
    "documents:page": _document_pages,
    "workbench:document": _documents,
    "workbench:document-page": _document_pages,
    "workbench:enclose": _officer_numbered,
    "workbench:enclosure-step": _officer_enclosures,
    "feedback:report": _report_form,
    "feedback:status": _report_status,
    "feedback:mine": _report_codes,
    "feedback:backlog": _backlog,
    "mail:stop": _stops,
    "workbench:account": _officer,
    "workbench:outbox": _officer,
    "workbench:reports": _officer,
    "workbench:report": _report_status,
    "workbench:mails": _officer,
    "workbench:mail": _officer_numbered,
    "workbench:list": _officer,
    **dict.fromkeys(
        (
            "account_login",
            "account_logout",
            "account_inactive",
            "account_reauthenticate",
            "account_change_password",
            "account_set_password",
            "account_reset_password",
            "socialaccount_connections",
            "socialaccount_login_cancelled",
            "choose-password",
            "people:list",
            "people:territories",
            "mfa_authenticate",
            "mfa_login_webauthn",
            "mfa_index",
            "mfa_activate_totp",
            "mfa_deactivate_totp",
            "mfa_view_recovery_codes",
            "mfa_generate_recovery_codes",
            "mfa_add_webauthn",
        ),
        _officer,
    ),
    "mfa_remove_webauthn": _officer_numbered,
    **dict.fromkeys(("people:one", "people:territory"), _officer_numbered),
    "openid_connect_login": _other_offices,
    "openid_connect_callback": _other_offices,
    "workbench:upload": _officer,
    **dict.fromkeys(
        (
            f"workbench:{name}"
            for name in (
                "run",
                "run-json",
                "cancel",
                "run-again",
                "change-set",
                "items",
                "issues-csv",
                "issues-gpkg",
                "again",
            )
        ),
        _officer_numbered,
    ),
    "workbench:read": _officer,
    "workbench:redactions": _officer,
    "workbench:redaction": _officer_numbered,
    "workbench:feature": _officer_features,
    "workbench:edit": _officer_features,
    "workbench:ground": _officer_ground,
    **dict.fromkeys((f"workbench:{name}" for name in ("checks", "split-checks", "merge-checks")), _officer_features),
    **dict.fromkeys((f"workbench:{name}" for name in ("new-checks", "survey", "survey-shapes")), _officer_new),
    "workbench:history": _officer_features,
    "workbench:split": _officer_features,
    "workbench:merge": _officer_features,
    "workbench:renumber": _officer_features,
    "workbench:edit-new": _officer_new,
    "workbench:take-out": _officer_edits,
    "workbench:mend": _officer_edits,
    "workbench:step": _officer_steps,
    "operations:livez": _plain,
    "operations:readyz": _plain,
    "operations:metrics": _plain,
}


def exits() -> dict[str, URLPattern]:
    """All addresses of the installation by name; those without a name by what they are."""
    return dict(_flat(get_resolver(), ""))


def _flat(resolver: URLResolver, space: str) -> Iterator[tuple[str, URLPattern]]:
    for one in resolver.url_patterns:
        if isinstance(one, URLResolver):
            yield from _flat(one, f"{space}{one.namespace}:" if one.namespace else space)
        else:
            yield space + (one.name or str(one.pattern)), one


def _admin_addresses() -> list[str]:
    """One address for each of the admin, with arguments of the right kind."""
    named = {"app_label": "changes", "url": "nowhere/", "content_type_id": 1, "object_id": 1}
    found = []
    for name, pattern in exits().items():
        if name.startswith("admin:"):
            wanted = pattern.pattern.regex.groupindex
            if pattern.name:
                found.append(reverse(name, kwargs={key: named.get(key, 1) for key in wanted}))
    return [*sorted(found), "/admin/publicland/plot/1/", "/admin/nowhere/"]


def questions(*, whole: bool = True) -> list[str]:
    """Every address that a reader may ask, none of which names a secret.

    Less than the whole are all of the dataset that hides something, and one of each kind of the others and in English.
    """
    found = []
    for language in ("vi", "en"):
        with translation.override(language):
            for name, addresses in VISITS.items():
                asked = list(addresses(name))
                found += asked if whole else _fewer(asked, language)
    found += _admin_addresses()
    found += [
        "/nothing-here",
        "/public-land/..%2f",
        "/public-land/P-00001",
        "/en/nothing-here/",
        "/public-land/never-was/",
    ]
    found += ["/public-land/never-was.json", "/tiles/never-was.json", "/favicon.ico", "/robots.txt"]
    return list(dict.fromkeys(found))


def _fewer(asked: list[str], language: str) -> list[str]:
    if language == "en":
        return asked[:1]
    firsts = {url.partition("?")[0]: url for url in reversed(asked)}
    return [url for url in asked if "public-land" in url or "?q=" in url or firsts[url.partition("?")[0]] == url]


@pytest.fixture(scope="module")
def worlds(
    migrated: str, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[str, str]]:
    """Names of two databases: with the secrets and without. The first one is in use."""
    with django_db_blocker.unblock(), databases.made(migrated) as hiding, databases.made(migrated) as plain:
        for name, with_secrets in ((plain, False), (hiding, True)):
            with databases.used(name):
                tell_the_story(tmp_path_factory.mktemp("story"), with_secrets)
        with databases.used(hiding):
            yield hiding, plain


FEW_OR_ALL = [pytest.param(False, id="few"), pytest.param(True, id="whole", marks=pytest.mark.prove)]


@pytest.fixture(scope="module", params=FEW_OR_ALL)
def answers(worlds: tuple[str, str], request: pytest.FixtureRequest) -> dict[str, Answer]:
    """What a stranger gets in the world with the secrets: some answers, and all of them in `make prove`."""
    return {url: ask(url) for url in questions(whole=request.param)}


# The guard of the guard


def test_every_exit_is_visited() -> None:
    """Whoever opens a new road to the readers adds it to VISITS."""
    assert {name for name in exits() if not name.startswith("admin:")} == set(VISITS)


def test_the_secrets_are_there_to_be_found(worlds: tuple[str, str]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(p::text, '') FROM publicland_plot p")
        stored = cursor.fetchone()[0]
        for ref in (HIDDEN, HIDDEN_LATER, RETIRED):
            assert ref in stored
        for word in REMARKS.values():
            assert word in stored
        cursor.execute(
            "SELECT count(*) FROM publicland_plot p JOIN publicland_plotitem i USING (ref) WHERE ref = %s", [HIDDEN]
        )
        assert cursor.fetchone()[0] > 0
    assert ChangeSet.objects.filter(file_name__contains=canary("file")).exists()


def test_the_exits_answer(answers: dict[str, Answer]) -> None:
    """Nothing would be found in errors alone."""
    with translation.override("vi"):
        dataset = samples.public_land()
        for name in ("list", "list-json", "list-geojson", "list-csv", "list-xlsx", "list-feed"):
            assert answers[reverse(f"pages:{name}", args=[dataset])].status == 200
        for name in ("feature", "feature-json", "feature-geojson", "feature-pdf", "feature-extract"):
            assert answers[reverse(f"pages:{name}", args=[dataset, SEEN])].status == 200
            assert answers[reverse(f"pages:{name}", args=[dataset, GONE])].status == 410
    for suffix in ("/", ".csv", ".xlsx", "/feed.atom"):
        assert b"Seen 1 in 3" in answers[f"/public-land{suffix}"].body
    assert answers[f"/pictures/outline/public-land/{SEEN}.webp"].status == 200
    assert answers["/livez"].status == 200
    for path in ("/search", "/api/search"):
        found = answers[f"{path}?q=Seen 1"]
        assert found.status == 200 and b"Seen 1 in 3" in found.body
    assert any(url.startswith("/tiles/public-land/16/") and answer.status == 200 for url, answer in answers.items())


def test_no_question_makes_the_server_fail(answers: dict[str, Answer]) -> None:
    failed = [url for url, answer in answers.items() if answer.status >= 500 and url != "/readyz"]
    assert failed == []


# What must not be found


def test_no_exit_says_what_is_hidden(answers: dict[str, Answer]) -> None:
    words = SECRETS | _labels()
    leaks = {url: found for url, answer in answers.items() if (found := answer.found(words))}
    assert leaks == {}


def test_nobody_can_tell_whether_there_is_something_hidden(worlds: tuple[str, str], answers: dict[str, Answer]) -> None:
    """Counts, totals, bounds, order, headers and checksums are those of a world in which it never was."""
    _hiding, plain = worlds
    few = set(questions(whole=False))
    asked = [url for url in answers if url not in few] or list(answers)  # `make test` asks those few
    with reader.started(plain) as other:
        others = asked_of(other, asked)
    different = {url: answers[url].beside(one) for url, one in others.items() if answers[url] != one}
    assert different == {}


def test_the_list_counts_what_everybody_sees(answers: dict[str, Answer]) -> None:
    listed = json.loads(answers["/public-land.json"].body)
    assert listed["totals"][""][0]["count"] == len(listed["rows"]) == 2
    collection = json.loads(answers["/public-land.geojson"].body)
    assert [feature["id"] for feature in collection["features"]] == ["P-00001", "P-00002"]
    past = json.loads(answers["/public-land.json?as_of=1"].body)
    assert past["totals"][""][0]["count"] == len(past["rows"]) == 3


def test_the_bounds_reach_no_further_than_what_everybody_sees(answers: dict[str, Answer]) -> None:
    boxes = [one["box"] for one in _public_plots(1)]
    for query in ("", "?as_of=1"):
        west, south, east, north = json.loads(answers[f"/tiles/public-land.json{query}"].body)["bounds"]
        assert west >= min(box[0] for box in boxes) - 1e-6 and south >= min(box[1] for box in boxes) - 1e-6
        assert east <= max(box[2] for box in boxes) + 1e-6 and north <= max(box[3] for box in boxes) + 1e-6
    for page in ("/", "/public-land/"):
        told = re.search(rb'<script id="map-config"[^>]*>(.*?)</script>', answers[page].body, re.DOTALL)
        assert told
        west, south, east, north = json.loads(told.group(1))["bounds"]
        assert east < SEA[0] and south > SEA[1] + 1


def test_the_tiles_draw_what_everybody_sees(answers: dict[str, Answer]) -> None:
    drawn = {url: answer for url, answer in answers.items() if re.match(r"/tiles/public-land/\d", url)}
    refs = set()
    for url, answer in drawn.items():
        if answer.status == 200:
            layers = mapbox_vector_tile.decode(answer.body)
            features = [feature for layer in layers.values() for feature in layer["features"]]
            assert set(layers) <= {"public-land", "public-land-labels"}
            refs |= {feature["properties"].get("ref") for feature in features} - {None}
            assert sum(feature["properties"].get("number", 0) for feature in features) <= 2 or "as_of" in url, url
            for feature in features:
                said = {one.name for one in samples.public_land().tile_fields}
                said |= {"ref", "is_made_up", "made_up", "number", *label_room.columns(samples.public_land())}
                assert set(feature["properties"]) <= said, url
    assert refs == {"P-00001", "P-00002", "P-00003"}
    for z in range(12, 17):
        x, y = _tile_at(z, *SEA)
        assert drawn[f"/tiles/public-land/{z}/{x}/{y}.mvt"].status == 204


# Who asks makes no difference

SIGNED_IN = ["nothing", *Role.values, "superuser"]
# What no page but that of one feature says to anybody of the office; see also test_canary_of_roles.py.
OFFICE = {canary(word) for word in ("remark", "report", "sender", "address", "password")} | {
    canary(ref[-5:], "note") for ref in HIDDEN_REFS
}


@pytest.fixture(scope="module")
def people(worlds: tuple[str, str]) -> dict[str, User]:
    ensure_roles()
    found = {
        name: User.objects.create_user(name, is_staff=True, is_superuser=name == "superuser") for name in SIGNED_IN
    }
    for name, user in found.items():
        user.groups.set(Group.objects.filter(name=name))
    in_whole_office(*found.values())
    return found


def test_all_kinds_of_people_in_two_processes(
    worlds: tuple[str, str], answers: dict[str, Answer], people: dict[str, User]
) -> None:
    """Whoever is signed in gets from every exit what a stranger got, and so does a stranger who comes after them.

    Nothing is cleared in between. Who may do everything asks every address, in a process that remembers nothing yet.
    Where the session was not opened an answer is the same for all kinds of people; where it was, each kind asks in one
    of the processes. Strangers ask all in the one, and in the other what people asked there and one of each kind.
    `make test` asks one of each kind of address.
    """
    few = _one_of_each(answers)
    some = list(answers) if len(answers) > 2000 else few
    with reader.started(worlds[0]) as other:
        wrong, looking = _asked_by("superuser", other, some, answers)
        assert looking and not [url for url in looking if not LOOKS.match(url)]
        for number, kind in enumerate(SIGNED_IN):
            for which, place in enumerate((None, other)):
                wrong |= _asked_by(kind, place, looking[(number + which) % 2 :: 2], answers)[0]
        wrong |= _asked_by("", other, some, answers)[0] | _asked_by("", None, [*looking, *few], answers)[0]
    assert wrong == {}


# Where an answer may depend on who asks; all others do not open the session.
LOOKS = re.compile(r"(/en)?/(officer|admin|public-land/[^/?]+/)")


def _asked_by(
    kind: str, place: reader.Reader | None, asked: list[str], answers: dict[str, Answer]
) -> tuple[dict[tuple[str, str, str], Any], list[str]]:
    """What is wrong with the answers of a process to somebody of that kind; the addresses that looked at who asks."""
    got = asked_of(place, asked, kind)
    told = {url: _complaint(url, kind, answer, answers[url]) for url, answer in got.items()}
    where = "there" if place else "here"
    return {(kind, where, url): one for url, one in told.items() if one}, [url for url in got if got[url].has_looked]


def _complaint(url: str, kind: str, answer: Answer, strangers: Answer) -> Any:
    """What is wrong with an answer to somebody of that kind; nothing where all is well."""
    if kind and url.removeprefix("/en").startswith(("/officer", "/admin")):
        return answer.found(OFFICE) or ("fails" if answer.status >= 500 else "")
    mine, theirs = (_without_way_in(one) if kind else one for one in (answer, strangers))
    return mine.beside(theirs) if mine != theirs else ""


# The one thing that a page of a feature has for people who are signed in: the way to the page that asks for a reason.
WAY_IN = re.compile(rb'<p>\s*<a href="(?:/en)?/officer/public-land/[^"]*">[^<]*</a>\s*</p>')


def _without_way_in(answer: Answer) -> Answer:
    """The answer without that, and without what follows from its being there."""
    headers = {name: text for name, text in answer.headers.items() if name not in ("Content-Length", "Vary")}
    return Answer(answer.status, headers, WAY_IN.sub(b"", answer.body), answer.log)


def _one_of_each(answers: dict[str, Answer]) -> list[str]:
    """Of each kind of address the first that answers with something, of the dataset that hides something if it can be."""
    found = []
    with translation.override("vi"):
        for name, addresses in VISITS.items():
            asked = [url for url in addresses(name) if url in answers]
            found.append(min(asked, key=lambda url: (answers[url].status, "public-land" not in url)))
    return list(dict.fromkeys(found))


# What is hidden is as what never was


def twins(*, whole: bool) -> Iterator[tuple[str, str, str]]:
    """(question about something hidden, the same about what never was, the word in which they differ)."""
    for ref in HIDDEN_REFS:
        yield from _twins(ref, [*_features_of("REF"), *_searched("REF")])
        if whole or ref == HIDDEN:
            yield from _twins(ref, _filtered_by("REF"))
        yield from _twins(ref[:-1], _searched("REF"))  # nearly so
    plot = _secret_plot(50, HIDDEN)
    for name in ("commune_name", "commune_code", "district_name"):
        yield from _twins(plot[name], _searched("REF"))
        if whole or name == "commune_name":
            yield from _twins(plot[name], _filtered_by("REF"))
    for name in ("name", "address", "decision_no"):
        yield from _twins(plot[name], _searched("REF"))
    yield from _twins(REMARKS["note"], _searched("REF"))


def _twins(word: str, asked: list[str]) -> Iterator[tuple[str, str, str]]:
    for url in asked:
        yield url.replace("REF", word), url.replace("REF", _never(word)), word


def _never(word: str) -> str:
    """A word that is nowhere, as long as this one."""
    return (NEVER + "x" * 64)[: len(word)]


def _features_of(ref: str) -> list[str]:
    pages = [f"/public-land/{ref}{suffix}" for suffix in ("/", ".json", ".geojson", ".pdf")]
    asked = [page + query for page in pages for query in ("", "?as_of=1", "?as_of=3", "?as_of=99")]
    asked += [f"/pictures/outline/public-land/{ref}.webp", f"/pictures/outline/public-land/{ref}.webp?width=300"]
    asked += [f"/p?ma={ref}", f"/en/p?ma={ref}", f"/p?xa={ref}&to=1&thua=1"]
    asked += [f"/en/public-land/{ref}/", f"/planning/{ref}/", f"/planning/{ref}.json", f"/{ref}/"]
    asked += [f"/?feature=public-land/{ref}"]
    return [
        *asked,
        f"/tiles/{ref}/8/0/0.mvt",
        f"/tiles/{ref}.json",
        f"/admin/publicland/plot/{ref}/change/",
        f"/officer/public-land/{ref}/",
    ]


def _filtered_by(word: str) -> list[str]:
    names = [
        *(
            "after",
            "as_of",
            "bbox",
            "place",
            "lease_ends_on_min",
            "commune_name",
            "commune_code",
            "district_name",
        ),  # filters
        *("note", "name", "ref", "is_public"),  # no filters
    ]
    x, y = _tile_at(8, *SEA)
    paths = ["/public-land/", "/public-land.json", "/public-land.geojson", "/tiles/public-land.json"]
    paths += ["/public-land.csv", "/public-land/feed.atom"]
    return [f"{path}?{name}={word}" for path in [*paths, f"/tiles/public-land/8/{x}/{y}.mvt"] for name in names]


def _searched(word: str) -> list[str]:
    paths = ("/search", "/en/search", "/api/search")
    return [f"{path}?q={text}" for path in paths for text in (word, f"seen {word}", f"{word} seen")]


@pytest.mark.parametrize("whole", FEW_OR_ALL)
def test_a_hidden_ref_answers_byte_for_byte_like_one_that_never_was(worlds: tuple[str, str], whole: bool) -> None:
    never_asked: dict[str, Answer] = {}
    different = {}
    for hidden, never, word in twins(whole=whole):
        if never not in never_asked:
            never_asked[never] = ask(never).without(_never(word))
        mine, theirs = ask(hidden).without(word), never_asked[never]
        if mine != theirs or mine.log != theirs.log:
            different[hidden] = mine.beside(theirs)
    assert different == {}


def test_the_hidden_pages_are_not_found_at_all(worlds: tuple[str, str]) -> None:
    for ref in HIDDEN_REFS:
        for suffix in ("/", ".json", ".geojson", "/?as_of=1", ".json?as_of=1", ".geojson?as_of=1"):
            assert ask(f"/public-land/{ref}{suffix}").status == 404


@pytest.mark.parametrize("method", ["head", "options", "post", "put", "delete"])
def test_other_methods_tell_no_more(worlds: tuple[str, str], method: str) -> None:
    for suffix in ("/", ".json", ".geojson"):
        hidden = ask(f"/public-land/{HIDDEN}{suffix}", method).without(HIDDEN)
        assert hidden == ask(f"/public-land/{NEVER}{suffix}", method).without(NEVER)


def test_a_place_where_something_hidden_lies_is_as_empty_as_the_sea_beside_it(worlds: tuple[str, str]) -> None:
    here, beside = (
        f"{SEA[0]:.1f},{south:.1f},{SEA[0] + 1:.1f},{south + 1:.1f}" for south in (SEA[1] - 0.1, SEA[1] - 2.1)
    )
    for path in ("/public-land.json", "/public-land.geojson", "/public-land/"):
        assert ask(f"{path}?bbox={here}").without(here).without(quote(here)) == ask(f"{path}?bbox={beside}").without(
            beside
        ).without(quote(beside))
    lon, lats = f"{SEA[0] + 0.050351:.6f}", (f"{SEA[1] + 0.000351:.6f}", f"{SEA[1] - 1.999649:.6f}")
    for path in ("/search", "/en/search", "/api/search"):
        hidden, never = (ask(f"{path}?q={lat},{lon}").without(lat) for lat in lats)
        assert hidden == never
    for z in (12, 14, 16):
        x, y = _tile_at(z, *SEA)
        assert ask(f"/tiles/public-land/{z}/{x}/{y}.mvt") == ask(f"/tiles/public-land/{z}/{x}/{y + 9}.mvt")


# When the database itself fails, it prints rows


@pytest.fixture
def broken(worlds: tuple[str, str], migrated: str) -> Iterator[str]:
    """A copy of the world with the secrets, to be broken."""
    hiding, _plain = worlds
    connections.close_all()  # nobody may be connected to what is copied
    with databases.made(hiding) as name, databases.used(name):
        yield name


def _break(*statements: str) -> None:
    with as_owner(), connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def _raised(statement: str, *bound: str) -> str:
    """What the database says of a statement; the canary has to be in it, or the test proves nothing."""
    with pytest.raises(DatabaseError) as failed, connection.cursor() as cursor:
        cursor.execute(statement, bound)
    return str(failed.value)


def test_a_page_that_fails_on_a_hidden_value_does_not_repeat_it(broken: str) -> None:
    _break(
        "ALTER VIEW published.public_land RENAME TO whole",
        "CREATE VIEW published.public_land AS SELECT * FROM published.whole"
        " WHERE (SELECT min(note) FROM publicland_plot)::int > 0",
    )
    assert RUN in _raised("SELECT count(*) FROM published.public_land")
    its_own = ["/public-land/", "/en/public-land/", "/public-land.json", "/public-land.geojson", f"/public-land/{SEEN}/",
               f"/public-land/{SEEN}.json", "/tiles/public-land.json", "/tiles/public-land/8/204/120.mvt?as_of=1"]  # fmt: skip
    of_all = ["/", "/en/", "/embed", "/search?q=seen", "/api/search?q=seen"]  # stand without it
    for url in its_own + of_all:
        answer = ask(url)
        assert answer.status == (500 if url in its_own else 200), url
        assert ("DataError" if url in its_own else "dataset left out") in answer.log, url
        assert answer.found(SECRETS | _labels()) == set(), url
    answer = ask("/datasets/")  # says no more of it than its sums, which are kept
    assert answer.status == 200 and answer.found(SECRETS | _labels()) == set()


def test_a_sign_in_that_violates_a_constraint_does_not_print_the_person(broken: str) -> None:
    _break("ALTER TABLE accounts_user ADD CONSTRAINT nobody_signs_in CHECK (last_login IS NULL) NOT VALID")
    assert RUN in _raised("UPDATE accounts_user SET last_login = now() WHERE username = 'boss'")
    factors.Authenticator.objects.filter(user__username="boss").delete()  # or a code would be asked before
    answer = ask("/officer/sign-in/", "post", {"login": "boss", "password": canary("password")})
    assert answer.status == 500
    assert "nobody_signs_in" in answer.log
    assert answer.found({RUN}) == set()


def test_a_load_that_violates_a_constraint_does_not_print_the_row(broken: str, tmp_path: Path) -> None:
    """Not on the terminal, and not in the log of the server."""
    _break("ALTER TABLE publicland_plot ADD CONSTRAINT no_such_plot CHECK (plot_code <> 'P-00077')")
    file = samples.write(tmp_path / "plots.geojson", [samples.plot(77, **REMARKS)])
    done = subprocess.run(
        [sys.executable, env.BASE_DIR / "manage.py", "load", file, "--dataset=public-land", "--commit"],
        env=environment(tmp_path),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode not in (0, 2)
    printed = done.stdout + done.stderr
    assert "no_such_plot" in printed
    assert RUN not in printed


def test_the_servers_own_log_holds_no_row(worlds: tuple[str, str]) -> None:
    """After all that the tests above provoked."""
    if os.environ.get("DATABASE_URL", "").strip():
        pytest.skip("the server of DATABASE_URL keeps its log elsewhere")
    pointer = json.loads((env.value("LANDGIS_STATE") / "cluster.json").read_text())
    logs = sorted((Path(pointer["place"]) / "log").iterdir())
    assert logs
    assert [log.name for log in logs if RUN.encode() in log.read_bytes()] == []


def test_the_tile_tables_hold_no_hidden_row(worlds: tuple[str, str]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(t::text, '') FROM published.tile_public_land t")
        assert RUN not in cursor.fetchone()[0]
    assert published.differences(samples.public_land()) == 0
