"""An identity provider (OpenID Connect), as the environment says it: readers for the table of `landgis/env.py`."""

from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

PROVIDER = "office"  # its name in addresses
HERE = ("localhost", "127.0.0.1", "::1")
TOGETHER = ("LANDGIS_OIDC_ISSUER", "LANDGIS_OIDC_CLIENT", "LANDGIS_OIDC_SECRET_FILE")


def issuer(value: str) -> str:
    parts = urlsplit(value)
    is_safe = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in HERE)
    if not is_safe or not parts.hostname or parts.query or parts.fragment or "/.well-known" in parts.path:
        raise ValueError("the issuer as the identity provider calls itself, such as https://id.example.gov.vn/realm")
    return value.rstrip("/")


def secret_file(value: str) -> Path:
    path = Path(value).expanduser().absolute()
    if not path.is_file() or not path.read_text(encoding="utf-8").strip():
        raise ValueError("a file that exists and holds the secret of the client in its first line")
    return path


def missing(value: Callable[[str], Any]) -> str:
    """What the settings lack of each other, as a sentence that says what to write; empty where they fit."""
    lacking = [name for name in TOGETHER if not value(name)]
    if not lacking or len(lacking) == len(TOGETHER):
        return ""
    return f"{', '.join(TOGETHER)} belong together: write {' and '.join(lacking)} as well, or none of them."


def providers(value: Callable[[str], Any]) -> dict[str, Any]:
    """The library's setting SOCIALACCOUNT_PROVIDERS."""
    if not value("LANDGIS_OIDC_ISSUER"):
        return {}
    app = {
        "provider_id": PROVIDER,
        "name": value("LANDGIS_OIDC_NAME"),
        "client_id": value("LANDGIS_OIDC_CLIENT"),
        "secret": value("LANDGIS_OIDC_SECRET_FILE").read_text(encoding="utf-8").split("\n", 1)[0].strip(),
        "settings": {
            "server_url": value("LANDGIS_OIDC_ISSUER"),
            "fetch_userinfo": False,
            "oauth_pkce_enabled": True,
            "scope": ["openid"],
        },
    }
    return {"openid_connect": {"APPS": [app]}}


def origins(value: Callable[[str], Any]) -> list[str]:
    """Where the form of the sign-in may lead to beside ourselves (form-action)."""
    parts = urlsplit(value("LANDGIS_OIDC_ISSUER"))
    return [f"{parts.scheme}://{parts.netloc}"] if parts.netloc else []
