"""How mail is sent, as the environment says it: readers for the table of `landgis/env.py`, which is read before there are models."""

import re
from collections.abc import Callable
from email.utils import parseaddr
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

PORTS = {"starttls": 587, "tls": 465, "none": 25}
HERE = ("localhost", "127.0.0.1", "::1")
_HOST = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.:-]*[A-Za-z0-9])?")
_ADDRESS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")


def host(value: str) -> str:
    if not _HOST.fullmatch(value):
        raise ValueError("the name of the mail server alone, such as mail.example.org")
    return value


def transport(value: str) -> str:
    if value not in PORTS:
        raise ValueError("starttls, tls or none")
    return value


def mailbox(value: str) -> str:
    """An address, or a name and an address."""
    _name, address = parseaddr(value)
    if not _ADDRESS.fullmatch(address) or "\n" in value or "\r" in value:
        raise ValueError("an address such as dat.dai@example.org, or Land office <dat.dai@example.org>")
    return value


def password_file(value: str) -> Path:
    path = Path(value).expanduser().absolute()
    if not path.is_file() or not path.read_text(encoding="utf-8").strip():
        raise ValueError("a file that exists and holds the password in its first line")
    return path


def public_address(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.path not in ("", "/") or parts.query:
        raise ValueError("where readers find the site, without a path, such as https://land.example.org")
    return f"{parts.scheme}://{parts.netloc}"


def missing(value: Callable[[str], Any]) -> str:
    """What the settings lack of each other, as a sentence that says what to write; empty where they fit."""
    if not value("LANDGIS_MAIL_HOST"):
        return ""
    if not value("LANDGIS_MAIL_SENDER"):
        return "LANDGIS_MAIL_HOST needs LANDGIS_MAIL_SENDER: write the address from which mail is sent."
    if bool(value("LANDGIS_MAIL_USER")) != bool(value("LANDGIS_MAIL_PASSWORD_FILE")):
        return "LANDGIS_MAIL_USER and LANDGIS_MAIL_PASSWORD_FILE belong together: write both, or neither."
    if value("LANDGIS_MAIL_USER") and value("LANDGIS_MAIL_TLS") == "none" and value("LANDGIS_MAIL_HOST") not in HERE:
        return "LANDGIS_MAIL_TLS=none would send the password in the open: write starttls or tls."
    return ""


def password(kept: Path | None) -> str:
    """What the file says; "" where there is none."""
    return kept.read_text(encoding="utf-8").split("\n", 1)[0].strip() if kept else ""
