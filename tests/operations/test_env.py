"""A wrong value stops the start with a text that says what to write; and no text repeats a password."""

import json
import subprocess
import sys

import pytest

from landgis import databases, env
from landgis.operations import roles


@pytest.fixture
def clean(monkeypatch, tmp_path):
    """An environment without any variable of landgis's, and an empty state folder."""
    for name in [*env.KNOWN, "DATABASE_URL", "DATABASE_PUBLIC_URL", "DATABASE_OWNER_URL", "PORT"]:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANDGIS_STATE", str(tmp_path))
    return monkeypatch


@pytest.mark.parametrize(
    ("name", "wrong", "remedy"),
    [
        ("LANDGIS_DEBUG", "maybe", "on or off"),
        ("LANDGIS_HTTPS", "2", "on or off"),
        ("LANDGIS_HOSTS", "https://land.example.org/", "host names with commas"),
        ("LANDGIS_HOSTS", "a,,b", "host names with commas"),
        ("LANDGIS_SECRET_KEY", "short", "at least 50 random characters"),
        ("LANDGIS_TIME_ZONE", "Hanoi", "Asia/Ho_Chi_Minh"),
        ("LANDGIS_POOL", "-1", "a whole number from 0 to 100"),
        ("LANDGIS_POOL", "4.5", "a whole number from 0 to 100"),
        ("LANDGIS_MAX_UPLOAD_MB", "0", "a whole number from 1 to 100000"),
        ("LANDGIS_LIMITS", "pages=8", "page=8,pdf=2"),
        ("LANDGIS_LIMITS", "page=0", "page=8,pdf=2"),
        ("LANDGIS_LIMITS", "page", "page=8,pdf=2"),
        ("LANDGIS_LOG_LEVEL", "chatty", "INFO"),
        ("LANDGIS_STATE", __file__, "a folder"),
        ("LANDGIS_BASEMAPS", "openstreetmap", "nasa-landsat-2000"),
        ("LANDGIS_POSTGRES_BIN", "/no/such/folder", "a folder that exists"),
        ("LANDGIS_REAL_DATA", "/no/such/folder", "a folder that exists"),
        ("LANDGIS_PUBLIC_ADDRESS", "land.example.org", "such as https://land.example.org"),
        ("LANDGIS_MAIL_HOST", "smtp://mail.example.org", "such as mail.example.org"),
        ("LANDGIS_MAIL_PORT", "0", "a whole number from 1 to 65535"),
        ("LANDGIS_MAIL_TLS", "ssl", "starttls, tls or none"),
        ("LANDGIS_MAIL_PASSWORD_FILE", "/no/such/file", "a file that exists"),
        ("LANDGIS_MAIL_SENDER", "Land office", "Land office <dat.dai@example.org>"),
        ("LANDGIS_MAIL_REPLY_TO", "a@b", "dat.dai@example.org"),
        ("LANDGIS_MAIL_KEPT_DAYS", "0", "a whole number from 1 to 3650"),
        ("LANDGIS_TEST_WORLD", "yes", "keep, or leave it out"),
    ],
)
def test_a_wrong_value_names_the_variable_and_the_remedy(clean, name, wrong, remedy):
    clean.setenv(name, wrong)
    with pytest.raises(env.WrongSetting) as stopped:
        env.check()
    assert name in str(stopped.value)
    assert remedy in str(stopped.value)


@pytest.mark.parametrize(
    ("given", "remedy"),
    [
        ({}, "LANDGIS_MAIL_SENDER"),
        ({"SENDER": "dat.dai@example.org", "USER": "dat.dai"}, "LANDGIS_MAIL_PASSWORD_FILE"),
        (
            {"SENDER": "dat.dai@example.org", "USER": "dat.dai", "PASSWORD_FILE": __file__, "TLS": "none"},
            "starttls or tls",
        ),
    ],
)
def test_settings_of_mail_that_do_not_fit_say_what_to_write(clean, given, remedy):
    clean.setenv("LANDGIS_MAIL_HOST", "mail.example.org")
    for name, text in given.items():
        clean.setenv(f"LANDGIS_MAIL_{name}", text)
    with pytest.raises(env.WrongSetting, match=remedy):
        env.check()


def test_links_in_mails_begin_with_the_public_address(clean):
    clean.setenv("LANDGIS_HOSTS", "land.example.org,localhost")
    assert env.public_address() == "http://land.example.org:8000"
    clean.setenv("LANDGIS_HTTPS", "on")
    assert env.public_address() == "https://land.example.org"
    clean.setenv("LANDGIS_PUBLIC_ADDRESS", "https://dat.example.org/")
    assert env.public_address() == "https://dat.example.org"


def test_a_misspelt_variable_stops_the_start(clean):
    clean.setenv("LANDGIS_DEBUGG", "on")
    with pytest.raises(env.WrongSetting, match=r"LANDGIS_DEBUGG.*Did you mean LANDGIS_DEBUG\?"):
        env.check()


def test_a_wrong_secret_is_not_repeated(clean):
    clean.setenv("LANDGIS_SECRET_KEY", "hunter2")
    with pytest.raises(env.WrongSetting) as stopped:
        env.check()
    assert "hunter2" not in str(stopped.value)


def test_defaults_and_empty_values_are_the_same(clean):
    assert env.value("LANDGIS_DEBUG") is False
    clean.setenv("LANDGIS_DEBUG", "")
    assert env.value("LANDGIS_DEBUG") is False
    clean.setenv("LANDGIS_DEBUG", "On")
    assert env.value("LANDGIS_DEBUG") is True
    clean.setenv("LANDGIS_HOSTS", "land.example.org, localhost")
    assert env.value("LANDGIS_HOSTS") == ["land.example.org", "localhost"]


@pytest.mark.parametrize("wrong", ["0", "65536", "eight", "80 80"])
def test_a_wrong_port(clean, wrong):
    clean.setenv("PORT", wrong)
    with pytest.raises(env.WrongSetting, match=r"PORT.*from 1 to 65535"):
        env.port()


@pytest.mark.parametrize(
    "wrong",
    [
        "mysql://u:sEcret@h/d",
        "postgresql://u:sEcret@h",
        "postgresql://u:sEcret@h/",
        "postgresql://u:sEcret@h:port/d",
        "postgresql://:sEcret@h/d",
        "postgresql://u:sEcret@h/d?broken",
        "sEcret",
    ],
)
def test_a_wrong_database_address_never_repeats_it(clean, wrong):
    clean.setenv("DATABASE_URL", wrong)
    with pytest.raises(env.WrongSetting, match=r"DATABASE_URL.*postgresql://USER") as stopped:
        databases.databases()
    assert "sEcret" not in str(stopped.value)


def test_a_database_address_is_taken_apart(clean):
    clean.setenv("DATABASE_URL", "postgresql://landgis:p%40ss@db.example.org:5433/land?sslmode=require")
    found = databases.databases()
    owner, public = found["default"], found["public"]
    assert [owner[key] for key in ("NAME", "HOST", "PORT", "USER", "PASSWORD")] == [
        "land",
        "db.example.org",
        5433,
        "landgis",
        "p@ss",
    ]
    assert owner["OPTIONS"]["sslmode"] == "require"
    assert (public["USER"], public["HOST"], public["NAME"]) == (roles.PUBLIC, "db.example.org", "land")
    assert public["OPTIONS"]["sslmode"] == "require"
    clean.setenv("DATABASE_PUBLIC_URL", "postgresql://reader:x@replica/land")
    assert databases.databases()["public"]["HOST"] == "replica"


@pytest.mark.parametrize("host", ["postgresql://u@%2Frun%2Fpostgresql/d", "postgresql://u@/d?host=/run/postgresql"])
def test_a_socket_folder_is_a_host(clean, host):
    clean.setenv("DATABASE_URL", host)
    assert databases.databases()["default"]["HOST"] == "/run/postgresql"


def test_the_public_alias_is_read_only_and_short(clean):
    options = databases.databases()["public"]["OPTIONS"]["options"]
    assert "default_transaction_read_only=on" in options
    assert f"statement_timeout={databases.STATEMENT_TIMEOUT_MS}" in options
    assert "pool" not in databases.databases()["public"]["OPTIONS"]
    clean.setenv("LANDGIS_POOL", "4")
    assert databases.databases()["public"]["OPTIONS"]["pool"]["max_size"] == 4
    assert databases.databases()["public"]["CONN_MAX_AGE"] == 0  # Django refuses both at once


@pytest.mark.parametrize("content", ["", "[]", "{", json.dumps({"socket": "/x"})])
def test_a_damaged_pointer_says_what_to_do(clean, tmp_path, content):
    (tmp_path / "cluster.json").write_text(content)
    with pytest.raises(env.WrongSetting, match=r"cluster\.json is damaged: remove it"):
        databases.databases()


def test_the_command_line_stops_without_a_traceback(tmp_path):
    ended = subprocess.run(
        [sys.executable, "manage.py", "check"],
        cwd=env.BASE_DIR,
        env={"PATH": "/usr/bin:/bin", "LANDGIS_STATE": str(tmp_path), "LANDGIS_TIME_ZONE": "Hanoi"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 1
    assert ended.stderr.startswith("landgis: LANDGIS_TIME_ZONE='Hanoi' cannot be used")
    assert "Traceback" not in ended.stderr


def test_the_geo_libraries_of_the_wheels_serve_geodjango():
    """DataSource, OGRGeometry and GEOSGeometry work, before and after pyogrio is imported, whatever PROJ_LIB says."""
    program = """
import json, sys, tempfile
import django
from django.conf import settings
from landgis import databases, env
settings.configure(**env.geo_libraries())
from django.contrib.gis.gdal import DataSource, OGRGeometry, SpatialReference
from django.contrib.gis.geos import GEOSGeometry
assert SpatialReference(9210).name.startswith("VN-2000"), SpatialReference(9210).name
east, north = OGRGeometry("POINT(107.1 10.5)", srs=4326).transform(32648, clone=True).tuple
assert abs(east - 729800) < 2000 and abs(north - 1161500) < 2000, (east, north)
feature = {"type": "Feature", "properties": {"name": "Đất Đỏ"},
           "geometry": {"type": "Point", "coordinates": [107, 10]}}
with tempfile.NamedTemporaryFile("w", suffix=".geojson") as file:
    json.dump({"type": "FeatureCollection", "features": [feature]}, file)
    file.flush()
    assert DataSource(file.name)[0][0].get("name") == "Đất Đỏ"
    import pyogrio, shapely
    assert pyogrio.read_info(file.name)["features"] == 1
assert GEOSGeometry("POLYGON((0 0,1 0,1 1,0 0))").area == shapely.from_wkt("POLYGON((0 0,1 0,1 1,0 0))").area
"""
    ended = subprocess.run(
        [sys.executable, "-c", program],
        cwd=env.BASE_DIR,
        env={"PATH": "/usr/bin:/bin", "PROJ_LIB": "/usr/share/proj", "PROJ_DATA": "/usr/share/proj"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
