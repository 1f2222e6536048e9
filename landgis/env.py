"""What the environment says, read once and typed.

Every variable of landgis's own is in the table `KNOWN`; a name that is not there, or a value that cannot be read,
stops the start with a text that says what to write.
"""

import ctypes
import difflib
import importlib.util
import os
import sys
import zoneinfo
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured

from landgis.accounts import environment as sign_in
from landgis.imagery import basemaps
from landgis.mail import environment as mail

BASE_DIR = Path(__file__).resolve().parent.parent


class WrongSetting(ImproperlyConfigured):
    """A variable cannot be used; the text names it and says what to write."""


# Readers: text -> value; a ValueError carries what to write instead.


def _text(value: str) -> str:
    return value


def _switch(value: str) -> bool:
    words = {"1": True, "true": True, "yes": True, "on": True, "0": False, "false": False, "no": False, "off": False}
    if value.lower() not in words:
        raise ValueError("on or off")
    return words[value.lower()]


def _whole_number(low: int, high: int) -> Callable[[str], int]:
    def read(value: str) -> int:
        if not (value.isascii() and value.isdigit() and low <= int(value) <= high):
            raise ValueError(f"a whole number from {low} to {high}")
        return int(value)

    return read


def _names(value: str) -> list[str]:
    names = [name.strip() for name in value.split(",")]
    if not all(names) or any("/" in name or " " in name for name in names):
        raise ValueError("host names with commas between them, such as land.example.org,localhost")
    return names


def _basemaps(value: str) -> list[str]:
    names = [name.strip() for name in value.split(",")]
    if not set(names) <= set(basemaps.by_name()):
        raise ValueError("names with commas between them, of: " + ", ".join(basemaps.by_name()))
    return names


def _folder(value: str) -> Path:
    path = Path(value).expanduser().absolute()
    if not path.is_dir():
        raise ValueError("a folder that exists")
    return path


def _file(value: str) -> Path:
    path = Path(value).expanduser().absolute()
    if not path.is_file():
        raise ValueError("a file that exists")
    return path


def _state_folder(value: str) -> Path:
    path = Path(value).expanduser().absolute()
    if path.exists() and not path.is_dir():
        raise ValueError("a folder; it is made if it does not exist")
    return path


def _packages(value: str) -> list[str]:
    names = [] if value == "none" else [name.strip() for name in value.split(",")]
    if not all(importlib.util.find_spec(name.partition(".")[0]) for name in names if name) or not all(names):
        raise ValueError("installed packages with commas between them, such as landgis.vn, or none")
    return names


COSTS = ("office", "tile", "picture", "pdf", "file", "search", "page")  # landgis/operations/admission.py


def _limits(value: str) -> dict[str, int]:
    pairs = [pair.partition("=") for pair in value.replace(" ", "").split(",")]
    if not all(name in COSTS and number.isascii() and number.isdigit() and int(number) for name, _, number in pairs):
        raise ValueError(f"costs and numbers with commas between them, such as page=8,pdf=2, of: {', '.join(COSTS)}")
    return {name: int(number) for name, _, number in pairs}


def _secret(value: str) -> str:
    if len(value) < 50:
        raise ValueError("at least 50 random characters, as `openssl rand -base64 48` prints")
    return value


def _time_zone(value: str) -> str:
    if value not in zoneinfo.available_timezones():
        raise ValueError("a name of the time zone database, such as Asia/Ho_Chi_Minh")
    return value


def _level(value: str) -> str:
    levels = ("DEBUG", "INFO", "WARNING", "ERROR")
    if value.upper() not in levels:
        raise ValueError("one of " + ", ".join(levels))
    return value.upper()


def _keep(value: str) -> str:
    if value != "keep":
        raise ValueError("keep, or leave it out")
    return value


@dataclass(frozen=True)
class Variable:
    read: Callable[[str], Any]
    default: Any
    says: str


KNOWN: Mapping[str, Variable] = {
    "LANDGIS_DEBUG": Variable(_switch, False, "error pages with details; for developers only"),
    "LANDGIS_HTTPS": Variable(_switch, False, "the public address is https: secure cookies, redirects, HSTS"),
    "LANDGIS_HOSTS": Variable(_names, ["localhost", "127.0.0.1", "[::1]"], "host names the server answers to"),
    "LANDGIS_SECRET_KEY": Variable(_secret, None, "signs sessions; without it one is made and kept in .landgis/"),
    "LANDGIS_TIME_ZONE": Variable(_time_zone, "Asia/Ho_Chi_Minh", "the zone dates are shown in"),
    "LANDGIS_POOL": Variable(_whole_number(0, 100), 0, "database connections kept per process; 0: one a thread"),
    "LANDGIS_MAX_UPLOAD_MB": Variable(
        _whole_number(1, 100_000), 512, "the most that an officer may hand in at once, in MB"
    ),
    "LANDGIS_IDLE_MINUTES": Variable(
        _whole_number(1, 720), 60, "after so many minutes in which nothing was done people have to sign in again"
    ),
    "LANDGIS_READINGS_A_DAY": Variable(
        _whole_number(0, 100_000), 200, "how often a day one person may read what is not public of a feature"
    ),
    "LANDGIS_CONFIRM_PERCENT": Variable(
        _whole_number(0, 100), 5, "a change of more than this share of the features in force is confirmed by its number"
    ),
    "LANDGIS_CONFIRM_FEATURES": Variable(
        _whole_number(0, 10**9), 100, "a change of no more features than this needs no number"
    ),
    "LANDGIS_INTAKE": Variable(
        _folder, None, "folder in which those of the suppliers lie, whose files are read each night"
    ),
    "LANDGIS_SEAL_CERTIFICATE": Variable(
        _file, None, "certificate of the office (PEM), to which files are sealed that held a redacted value"
    ),
    "LANDGIS_LIMITS": Variable(
        _limits, {}, "how many requests of a cost are worked on at once, in all processes, such as page=8,pdf=2"
    ),
    "LANDGIS_PUBLIC_ADDRESS": Variable(
        mail.public_address, None, "where readers find the site, for mails; without it the first of LANDGIS_HOSTS"
    ),
    "LANDGIS_MAIL_HOST": Variable(mail.host, "", "the mail server; without it mails are kept and not sent"),
    "LANDGIS_MAIL_PORT": Variable(
        _whole_number(1, 65535), None, "its port; without it 587, with LANDGIS_MAIL_TLS=tls 465, with none 25"
    ),
    "LANDGIS_MAIL_TLS": Variable(mail.transport, "starttls", "how the line to it is kept safe: starttls, tls or none"),
    "LANDGIS_MAIL_USER": Variable(_text, "", "user of the mail server, where it asks for one"),
    "LANDGIS_MAIL_PASSWORD_FILE": Variable(mail.password_file, None, "file with the password of that user"),
    "LANDGIS_MAIL_SENDER": Variable(mail.mailbox, "", "from whom mails are: an address, or a name and an address"),
    "LANDGIS_MAIL_REPLY_TO": Variable(mail.mailbox, "", "to whom answers go, where not to the sender"),
    "LANDGIS_MAIL_KEPT_DAYS": Variable(
        _whole_number(1, 3650), 30, "days after which addresses and texts of mails that are done are deleted"
    ),
    "LANDGIS_OIDC_ISSUER": Variable(
        sign_in.issuer, "", "an identity provider (OpenID Connect) by which people may sign in"
    ),
    "LANDGIS_OIDC_CLIENT": Variable(_text, "", "the name under which it knows this site"),
    "LANDGIS_OIDC_SECRET_FILE": Variable(
        sign_in.secret_file, None, "file with the secret that it shares with this site"
    ),
    "LANDGIS_OIDC_NAME": Variable(_text, "OpenID", "what people call it"),
    "LANDGIS_LOG_LEVEL": Variable(_level, "INFO", "the least important event that is logged"),
    "LANDGIS_STATE": Variable(_state_folder, BASE_DIR / ".landgis", "what this clone made for itself"),
    "LANDGIS_NATIONAL": Variable(_packages, ["landgis.vn"], "packages with the rules of the country; none: without"),
    "LANDGIS_OFFICE": Variable(_file, BASE_DIR / "data" / "office.toml", "the office: profile and open exits"),
    "LANDGIS_BASEMAPS": Variable(_basemaps, [], "base maps of others that readers may choose, with commas between"),
    "LANDGIS_POSTGRES_BIN": Variable(_folder, None, "folder of initdb and pg_ctl, where they are not found"),
    "LANDGIS_REAL_DATA": Variable(_folder, None, "real files for the tests marked real_data"),
    "LANDGIS_TEST_WORLD": Variable(_keep, None, "keep: tests use the world they made last, though the code changed"),
}


def value(name: str) -> Any:
    """The typed value of a variable in `KNOWN`, or its default where it is absent or empty."""
    variable = KNOWN[name]
    given = os.environ.get(name, "").strip()
    if not given:
        return variable.default
    try:
        return variable.read(given)
    except ValueError as error:
        shown = "" if "SECRET" in name else f"={given!r}"
        raise WrongSetting(f"{name}{shown} cannot be used ({variable.says}): write {error}.") from None


def port(default: int = 8000) -> int:
    """The port of the demo, from PORT."""
    given = os.environ.get("PORT", "").strip()
    try:
        return _whole_number(1, 65535)(given) if given else default
    except ValueError as error:
        raise WrongSetting(f"PORT={given!r} cannot be used: write {error}.") from None


def check() -> None:
    """Stop on any variable that is misspelt or cannot be read, not only on those that happen to be used."""
    for name in sorted(os.environ):
        if name.startswith("LANDGIS_") and name not in KNOWN:
            near = difflib.get_close_matches(name, KNOWN, n=1)
            meant = f"Did you mean {near[0]}?" if near else "Known: " + ", ".join(KNOWN) + "."
            raise WrongSetting(f"{name} is not a setting of landgis. {meant}")
    for name in KNOWN:
        value(name)
    if lacking := mail.missing(value) or sign_in.missing(value):
        raise WrongSetting(lacking)


def public_address() -> str:
    """Where readers find the site: scheme and host, without a slash at the end."""
    if given := value("LANDGIS_PUBLIC_ADDRESS"):
        return str(given)
    host = value("LANDGIS_HOSTS")[0]
    return f"https://{host}" if value("LANDGIS_HTTPS") else f"http://{host}:{port()}"


# Libraries


def _library(package: str, pattern: str) -> str | None:
    """The path of a shared library that a wheel brings, or None where the package is not from a wheel."""
    found = importlib.util.find_spec(package)
    if found is None or found.origin is None:
        raise WrongSetting(f"The package {package} is not installed: run `make setup`.")
    folder = Path(found.origin).parent
    places = (folder.with_name(f"{package}.libs"), folder / ".dylibs")
    files = sorted(file for place in places if place.is_dir() for file in place.glob(pattern))
    return str(files[0]) if files else None


def geo_libraries() -> dict[str, str]:
    """GDAL_LIBRARY_PATH and GEOS_LIBRARY_PATH: the wheels' own libraries, else those of the conda environment.

    One GDAL in the process, newer than the one of the distribution, and nothing of it to install.
    """
    conda = Path(sys.prefix) / "lib"
    suffix = "dylib" if sys.platform == "darwin" else "so"
    paths = {
        "GDAL_LIBRARY_PATH": _library("pyogrio", "libgdal*") or str(conda / f"libgdal.{suffix}"),
        "GEOS_LIBRARY_PATH": _library("shapely", "libgeos_c*") or str(conda / f"libgeos_c.{suffix}"),
    }
    for path in paths.values():
        if not Path(path).exists():
            raise WrongSetting(f"{path} is missing: run `make setup`, or use the environment of environment.yml.")
    _point_gdal_to_its_data(paths["GDAL_LIBRARY_PATH"])
    return paths


def _point_gdal_to_its_data(library: str) -> None:
    """Tell the wheel's GDAL where its own data are, as `import pyogrio` does, which takes a second longer.

    GDAL keeps the first place it looked in: if GeoDjango used it before pyogrio is imported, that import fails.
    """
    found = importlib.util.find_spec("pyogrio")
    folder = Path(found.origin).parent if found and found.origin else Path()
    if not (folder / "gdal_data").is_dir():
        return  # conda: the library knows
    gdal = ctypes.CDLL(library)
    gdal.CPLSetConfigOption.argtypes = [ctypes.c_char_p, ctypes.c_char_p]
    gdal.CPLSetConfigOption(b"GDAL_DATA", os.fsencode(folder / "gdal_data"))
    places = (ctypes.c_char_p * 2)(os.fsencode(folder / "proj_data"), None)
    gdal.OSRSetPROJSearchPaths.argtypes = [ctypes.POINTER(ctypes.c_char_p)]
    gdal.OSRSetPROJSearchPaths(places)
