"""Django's settings. What differs from place to place comes from the environment, see landgis/env.py."""

import os
import secrets
from contextlib import suppress
from pathlib import Path

from csp.constants import NONE, SELF

from landgis import databases, env
from landgis.accounts import environment as sign_in
from landgis.accounts.library import *  # noqa: F403
from landgis.imagery import basemaps
from landgis.lib import logs
from landgis.lib.static_files import vendor_folders
from landgis.mail import environment as mail

INSTALLED_APPS = [
    "landgis.accounts.apps.AdminSiteConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.sitemaps",
    "django.contrib.gis",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "procrastinate.contrib.django",
    "csp",
    "landgis.accounts",
    "landgis.mail",
    "landgis.catalog",
    "landgis.changes",
    "landgis.documents",
    "landgis.auctions",
    "landgis.publicland",
    "landgis.planning",
    "landgis.cadastre",
    "landgis.imagery",
    "landgis.places",
    "landgis.ingest",
    "landgis.search",
    "landgis.tiles",
    "landgis.pictures",
    "landgis.pages",
    "landgis.feedback",
    "landgis.workbench",
    "landgis.operations",
    *env.value("LANDGIS_NATIONAL"),
]

BASE_DIR = env.BASE_DIR
STATE: Path = env.value("LANDGIS_STATE")

env.check()


def _secret_key() -> str:
    """From the environment, else made once and kept where only this user can read it."""
    given: str | None = env.value("LANDGIS_SECRET_KEY")
    if given:
        return given
    kept = STATE / "secret_key"
    STATE.mkdir(mode=0o755, parents=True, exist_ok=True)
    if not kept.exists():
        # Whole under its name at once: another process that starts in the same moment must not read half of it.
        part = STATE / f"secret_key.{secrets.token_hex(8)}"
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
            file.write(secrets.token_urlsafe(64))
        with suppress(FileExistsError):
            os.link(part, kept)
        part.unlink()
    found = kept.read_text(encoding="ascii").strip()
    if len(found) < 50:  # the write was cut
        raise env.WrongSetting(f"{kept} is damaged: remove it, the next start writes it anew.")
    return found


# The server

SECRET_KEY = _secret_key()
DEBUG: bool = env.value("LANDGIS_DEBUG")
ALLOWED_HOSTS: list[str] = env.value("LANDGIS_HOSTS")
ROOT_URLCONF = "landgis.urls"
WSGI_APPLICATION = "landgis.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

MIDDLEWARE = [
    "landgis.lib.http.request_log",
    "landgis.lib.http.asked_again",
    "landgis.lib.http.said_when",
    "landgis.pages.middleware.open_data",
    "landgis.lib.document_policy.DocumentPolicy",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "landgis.lib.compression.brotli_data",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "landgis.accounts.devices.remembered",
    "landgis.lib.http.one_for_all_languages",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "landgis.workbench.middleware.limit_body",  # before anything reads it
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "landgis.workbench.middleware.Audited",
    "django.contrib.messages.middleware.MessageMiddleware",
    "landgis.accounts.idle.ended_when_idle",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "landgis.pages.middleware.ReadErrors",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "loaders": [
                (
                    "landgis.lib.templates.Loader",
                    [
                        "django.template.loaders.filesystem.Loader",
                        "django.template.loaders.app_directories.Loader",
                    ],
                )
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.template.context_processors.static",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "landgis.pages.context.site",
            ],
        },
    },
]

# Data

DATABASES = databases.databases()
OWNER_LOGIN = databases.owner_login()  # of the tables; `migrate` and `restore` work as it
_libraries = env.geo_libraries()
GDAL_LIBRARY_PATH = _libraries["GDAL_LIBRARY_PATH"]
GEOS_LIBRARY_PATH = _libraries["GEOS_LIBRARY_PATH"]

# Counters of attempts and codes that were used are known to all processes; pictures are kept by each for itself.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "accounts_counter",
        "OPTIONS": {"MAX_ENTRIES": 1_000_000},  # what is full throws counters away that still count
    },
    "memory": {"BACKEND": "landgis.lib.memory_cache.BoundedCache", "OPTIONS": {"MAX_BYTES": 64 * 1024**2}},
}

# Background work: tasks are found in the modules `tasks` of the apps; finished ones stay a day for the admin.
# A file that is read for minutes must not keep search from following: several at a time, files one after the other.
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "tasks"
# Slots for all periodic work, each of which runs once at a time, for a file and for a publication: none waits for another.
PROCRASTINATE_WORKER_DEFAULTS = {"concurrency": 18, "delete_jobs": "successful", "shutdown_graceful_timeout": 20}

# An identity provider

SOCIALACCOUNT_PROVIDERS = sign_in.providers(env.value)
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if env.value("LANDGIS_HTTPS") else "http"

# The office that publishes

OFFICE_FILE: Path = env.value("LANDGIS_OFFICE")
SEAL_CERTIFICATE: Path | None = env.value("LANDGIS_SEAL_CERTIFICATE")

# Base maps of others; pages may ask their hosts, and no other.

BASEMAPS: list[str] = env.value("LANDGIS_BASEMAPS")
_basemap_origins = basemaps.origins(BASEMAPS)

# Language

LANGUAGE_CODE = "vi"
LANGUAGES = [("vi", "Tiếng Việt"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "landgis" / "locale"]
FORMAT_MODULE_PATH = "landgis.formats"
USE_THOUSAND_SEPARATOR = True
TIME_ZONE: str = env.value("LANDGIS_TIME_ZONE")

# Static files; of the packages in package.json, what a page may ask for

VENDOR_FILES = {
    "maplibre-gl": ("dist/maplibre-gl.mjs", "dist/maplibre-gl-worker.mjs", "dist/maplibre-gl.css"),
    "idb": ("build/index.js",),
    "@zxing/library": ("umd/index.min.js",),
    "ol": ("ol.css",),
    "@fontsource/be-vietnam-pro": tuple(
        f"files/be-vietnam-pro-{script}-{weight}-normal.woff2"
        for script in ("latin", "latin-ext", "vietnamese")
        for weight in (400, 600, 700)
    ),
}
VENDOR = vendor_folders(BASE_DIR, VENDOR_FILES)

STATIC_URL = "/static/"
STATIC_ROOT = STATE / "static"
STATICFILES_DIRS = [BASE_DIR / "landgis" / "static", BASE_DIR / "node_modules" / ".bundles"]  # of deploy/bundles/
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "landgis.lib.static_files.VendorFinder",
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "landgis.lib.static_files.StaticStorage"},
}
MEDIA_ROOT = STATE / "media"
TILES: Path = STATE / "tiles"  # tiles that were cut, one folder a dataset; can be made again
WHITENOISE_IMMUTABLE_FILE_TEST = r"^/static/(vendor/.+|.+\.[0-9a-f]{12}\.[^/]+)$"

# Headers

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:", "blob:", *_basemap_origins],
        "worker-src": [SELF],
        "connect-src": [SELF, *_basemap_origins],
        "font-src": [SELF],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF, *sign_in.origins(env.value)],
        "frame-ancestors": [NONE],
    },
}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_SAMESITE = "Lax"

HTTPS: bool = env.value("LANDGIS_HTTPS")
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^livez$", r"^readyz$", r"^metrics$"]
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS
LANGUAGE_COOKIE_SECURE = HTTPS
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = False  # other servers of the office are not ours to decide for
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]  # the two that ask for exactly that

# What a browser may send, in bytes: files of officers, and all else

MAX_UPLOAD = env.value("LANDGIS_MAX_UPLOAD_MB") * 10**6
MAX_BODY = 5 * 10**6

# Mail, and the address of the site in it. Without EMAIL_HOST nothing is sent.

PUBLIC_ADDRESS = env.public_address()
EMAIL_HOST: str = env.value("LANDGIS_MAIL_HOST")
_mail_line: str = env.value("LANDGIS_MAIL_TLS")
EMAIL_PORT: int = env.value("LANDGIS_MAIL_PORT") or mail.PORTS[_mail_line]
EMAIL_USE_TLS, EMAIL_USE_SSL = _mail_line == "starttls", _mail_line == "tls"
EMAIL_HOST_USER: str = env.value("LANDGIS_MAIL_USER")
EMAIL_HOST_PASSWORD = mail.password(env.value("LANDGIS_MAIL_PASSWORD_FILE"))
EMAIL_TIMEOUT = 20  # the longest wait for one answer of the mail server
EMAIL_USE_LOCALTIME = True
DEFAULT_FROM_EMAIL: str = env.value("LANDGIS_MAIL_SENDER")
MAIL_REPLY_TO: str = env.value("LANDGIS_MAIL_REPLY_TO")
MAIL_KEPT_DAYS: int = env.value("LANDGIS_MAIL_KEPT_DAYS")

# How often a day one person may read what is not public of a feature

IDLE_S: int = 60 * env.value("LANDGIS_IDLE_MINUTES")
READINGS_A_DAY: int = env.value("LANDGIS_READINGS_A_DAY")

# In which the folders of suppliers lie

INTAKE_FOLDER: Path | None = env.value("LANDGIS_INTAKE")

# What touches more features in force than this share, and more than this many, is confirmed by its number

CONFIRM_PERCENT: int = env.value("LANDGIS_CONFIRM_PERCENT")
CONFIRM_FEATURES: int = env.value("LANDGIS_CONFIRM_FEATURES")

# How many requests of a cost are worked on at once, where that is not left to the number of cores

LIMITS: dict[str, int] = env.value("LANDGIS_LIMITS")

# The log

LOGGING_CONFIG = "logging.config.dictConfig"
LOGGING = logs.configuration(env.value("LANDGIS_LOG_LEVEL"))
