"""The office that publishes: its profile on every page and the exits it opens. Data, not code."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from functools import cache
from pathlib import Path, PurePosixPath
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import get_language

from landgis.catalog.dataset import Dataset, Exits

MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])", re.ASCII)


@dataclass(frozen=True)
class Profile:
    """What readers are told of the office, in one language."""

    name: str
    contact: str = ""
    legal_basis: str = ""
    disclaimer: str = ""


@dataclass(frozen=True)
class Inset:
    """A part of the office's territory that lies so far off that a map of the rest would be mostly sea.

    `bounds` are west, south, east, north in degrees.
    """

    names: dict[str, str]
    bounds: tuple[float, float, float, float]

    @property
    def name(self) -> str:
        """In the reader's language, else in the site's."""
        return self.names.get(get_language() or "", self.names[settings.LANGUAGE_CODE])


@dataclass(frozen=True)
class OfficeTheme:
    """A kind of plan or restriction of which pages say whether it touches: the dataset with its data, "" where the office
    has none."""

    names: dict[str, str]
    dataset: str = ""

    @property
    def name(self) -> str:
        """In the reader's language, else in the site's."""
        return self.names.get(get_language() or "", self.names[settings.LANGUAGE_CODE])


@dataclass(frozen=True)
class Supplier:
    """Whose files are read each night: the profile by which, the folder in LANDGIS_INTAKE, and who answers for them."""

    profile: str
    folder: str
    officer: str
    source: str = ""
    is_complete: bool = False


@dataclass(frozen=True)
class CompetentOffice:
    """Where people go with land of some communes: name and hours by language, and a link.

    `communes` are codes of units of today; the office without any is competent for all others.
    """

    names: dict[str, str]
    hours_by_language: dict[str, str]
    contact: str = ""
    url: str = ""
    communes: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        return self.names.get(get_language() or "", self.names[settings.LANGUAGE_CODE])

    @property
    def hours(self) -> str:
        return self.hours_by_language.get(get_language() or "", self.hours_by_language.get(settings.LANGUAGE_CODE, ""))


@dataclass(frozen=True)
class Body:
    """A body that data name, such as who holds an auction: where it is, and when. `name` is as the data write it."""

    name: str
    hours_by_language: dict[str, str]
    contact: str = ""
    url: str = ""

    @property
    def hours(self) -> str:
        return self.hours_by_language.get(get_language() or "", self.hours_by_language.get(settings.LANGUAGE_CODE, ""))


@dataclass(frozen=True)
class Checklist:
    """What papers one kind of applicant hands in, of the features of a dataset; of those alone whose codes `only` names."""

    dataset: str
    names: dict[str, str]
    papers_by_language: dict[str, tuple[str, ...]]
    only: dict[str, tuple[str, ...]]

    @property
    def name(self) -> str:
        return self.names.get(get_language() or "", self.names[settings.LANGUAGE_CODE])

    @property
    def papers(self) -> tuple[str, ...]:
        return self.papers_by_language.get(get_language() or "", self.papers_by_language[settings.LANGUAGE_CODE])

    def is_for(self, dataset: str, row: Mapping[str, Any]) -> bool:
        return dataset == self.dataset and all(row.get(name) in codes for name, codes in self.only.items())


@dataclass(frozen=True)
class Office:
    """Profiles by language, by dataset the exits it opens or closes, and what its maps show.

    `legal_srids` are the coordinate systems of its cadastre, the usual one first. `pinned_month` ("2026-02") is the last
    of which maps show images where a reader chooses none; without one they show the newest of each place. `themes` are all
    that a reader should be told of, in this order, with those of which there are no data. `competent` are the offices
    to which people go with land of each commune, `bodies` those that data name, `checklists` the papers of applicants.
    """

    profiles: dict[str, Profile]
    exits: dict[str, dict[str, bool]]
    insets: tuple[Inset, ...] = ()
    legal_srids: tuple[int, ...] = ()
    pinned_month: str | None = None
    themes: tuple[OfficeTheme, ...] = ()
    suppliers: tuple[Supplier, ...] = ()
    competent: tuple[CompetentOffice, ...] = ()
    bodies: tuple[Body, ...] = ()
    checklists: tuple[Checklist, ...] = ()

    def body(self, name: str | None) -> Body | None:
        """The body that data call so; None where the file says nothing of it."""
        return next((one for one in self.bodies if one.name == name), None)

    def competent_for(self, commune: str | None) -> CompetentOffice | None:
        """The office for land in the commune of today with this code; None where the file names none."""
        named = [one for one in self.competent if commune and commune in one.communes]
        return next(iter([*named, *(one for one in self.competent if not one.communes)]), None)

    @property
    def profile(self) -> Profile:
        """The profile in the reader's language, else in the site's."""
        return self.profiles.get(get_language() or "", self.profiles[settings.LANGUAGE_CODE])

    def exits_of(self, dataset: Dataset) -> Exits:
        return replace(dataset.exits, **self.exits.get(dataset.name, {}))


@cache
def current() -> Office:
    """The office of settings.OFFICE_FILE. A file that cannot be understood stops the start."""
    path: Path = settings.OFFICE_FILE
    try:
        return read(tomllib.loads(path.read_text(encoding="utf-8")))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, TypeError, ValueError) as error:
        raise ImproperlyConfigured(f"The office file {path} cannot be used: {error}.") from error


def read(content: dict[str, Any]) -> Office:
    """An office from the content of its file. ValueError names what is wrong and what may stand there."""
    _known(content, {"profile", "exits", "map", "supplier", "theme", "competent", "body", "checklist"}, "table")
    profiles = {}
    for language, texts in content.get("profile", {}).items():
        _known({language: None}, {code for code, _title in settings.LANGUAGES}, "language")
        _known(texts, {field.name for field in fields(Profile)}, f"text of profile.{language}")
        if not texts.get("name"):
            raise ValueError(f"profile.{language} needs a name")
        profiles[language] = Profile(**texts)
    if settings.LANGUAGE_CODE not in profiles:
        raise ValueError(f"profile.{settings.LANGUAGE_CODE} is missing")
    exits = content.get("exits", {})
    for dataset, opened in exits.items():
        _known(opened, {field.name for field in fields(Exits)}, f"exit of exits.{dataset}")
        if not all(isinstance(value, bool) for value in opened.values()):
            raise ValueError(f"exits.{dataset} takes true and false only")
    shown = content.get("map", {})
    _known(shown, {"inset", "legal_crs", "images_until"}, "setting of map")
    insets = tuple(Inset(entry["name"], _bounds(entry["bounds"])) for entry in shown.get("inset", []))
    srids = tuple(int(srid) for srid in shown.get("legal_crs", []))
    themes = tuple(_theme(entry) for entry in content.get("theme", []))
    suppliers = tuple(_supplier(entry) for entry in content.get("supplier", []))
    competent = tuple(_competent(entry) for entry in content.get("competent", []))
    bodies = tuple(_body(entry) for entry in content.get("body", []))
    checklists = tuple(_checklist(entry) for entry in content.get("checklist", []))
    month = _month(shown.get("images_until"))
    return Office(profiles, exits, insets, srids, month, themes, suppliers, competent, bodies, checklists)


def _competent(entry: dict[str, Any]) -> CompetentOffice:
    _known(entry, {"name", "hours", "contact", "url", "communes"}, "setting of competent")
    languages = {code for code, _title in settings.LANGUAGES}
    for text in ("name", "hours"):
        _known(entry.get(text, {}), languages, f"language of competent.{text}")
    if not entry.get("name", {}).get(settings.LANGUAGE_CODE):
        raise ValueError(f"competent.name.{settings.LANGUAGE_CODE} is missing")
    communes = tuple(str(code) for code in entry.get("communes", []))
    return CompetentOffice(
        entry["name"], entry.get("hours", {}), str(entry.get("contact", "")), _link(entry, "competent"), communes
    )


def _link(entry: dict[str, Any], table: str) -> str:
    url = str(entry.get("url", ""))
    if url and not url.startswith("https://"):
        raise ValueError(f"{table}.url begins with https://, not {url!r}")
    return url


def _body(entry: dict[str, Any]) -> Body:
    _known(entry, {"name", "hours", "contact", "url"}, "setting of body")
    _known(entry.get("hours", {}), {code for code, _title in settings.LANGUAGES}, "language of body.hours")
    if not entry.get("name"):
        raise ValueError("body.name is missing: it is written as the data write it")
    return Body(str(entry["name"]), entry.get("hours", {}), str(entry.get("contact", "")), _link(entry, "body"))


def _checklist(entry: dict[str, Any]) -> Checklist:
    _known(entry, {"dataset", "name", "papers", "only"}, "setting of checklist")
    for text in ("name", "papers"):
        _known(entry.get(text, {}), {code for code, _title in settings.LANGUAGES}, f"language of checklist.{text}")
        if not entry.get(text, {}).get(settings.LANGUAGE_CODE):
            raise ValueError(f"checklist.{text}.{settings.LANGUAGE_CODE} is missing")
    papers = {language: tuple(map(str, listed)) for language, listed in entry["papers"].items()}
    only = {name: tuple(codes) for name, codes in entry.get("only", {}).items()}
    return Checklist(str(entry.get("dataset", "")), entry["name"], papers, only)


def _theme(entry: dict[str, Any]) -> OfficeTheme:
    _known(entry, {"name", "dataset"}, "setting of theme")
    names = entry.get("name", {})
    _known(names, {code for code, _title in settings.LANGUAGES}, "language of theme.name")
    if not names.get(settings.LANGUAGE_CODE):
        raise ValueError(f"theme.name.{settings.LANGUAGE_CODE} is missing")
    return OfficeTheme(names, str(entry.get("dataset", "")))


def _supplier(entry: dict[str, Any]) -> Supplier:
    _known(entry, {field.name for field in fields(Supplier)}, "setting of supplier")
    supplier = Supplier(**entry)
    folder = PurePosixPath(supplier.folder)
    if folder.is_absolute() or ".." in folder.parts or not folder.parts:
        raise ValueError(f"supplier.folder is a folder in LANDGIS_INTAKE, not {supplier.folder!r}")
    return supplier


def _month(text: str | None) -> str | None:
    if text is not None and not MONTH.fullmatch(text):
        raise ValueError(f"map.images_until is a month such as 2026-02, not {text!r}")
    return text


def _bounds(sides: list[float]) -> tuple[float, float, float, float]:
    west, south, east, north = (float(side) for side in sides)
    if not (-180 <= west < east <= 180 and -85 <= south < north <= 85):
        raise ValueError(f"bounds are west, south, east, north in degrees, not {sides}")
    return west, south, east, north


def _known(table: dict[str, Any], names: set[str], kind: str) -> None:
    unknown = set(table) - names
    if unknown:
        raise ValueError(f"{', '.join(sorted(unknown))} is no {kind}; there are: {', '.join(sorted(names))}")
