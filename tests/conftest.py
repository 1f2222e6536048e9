"""What all tests share: the world, written through the load command and kept (tests/kept.py)."""

import io
import shutil
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from django.test import override_settings
from django.utils import translation
from whitenoise.base import WhiteNoise

from landgis.lib import static_files
from landgis.operations.tasks import check_published
from tests import databases, kept

pytest_plugins = ["tests.serving"]
PARCELS = 3000  # in the world of the tests
ROOT = Path(__file__).parent
# Of `make test` and of `make prove`, by `pytest --durations`; the order of the others does not matter.
LONGEST_FIRST = (
    "contracts/test_canary.py",
    "contracts/test_access_matrix.py",
    "browser/test_tools.py",
    "workbench/test_officer_pages.py",
    "browser/test_accessibility.py",
    "changes/test_redaction.py",
    "browser/test_officers.py",
    "contracts/test_recipe.py",
    "browser/test_scenes.py",
    "workbench/test_journey.py",
    "places/test_territories.py",
    "demo/test_program.py",
    "ingest/test_first_sight.py",
    "ingest/test_sandbox.py",
    "browser/test_list.py",
    "browser/test_map.py",
    "operations/test_demo.py",
    "browser/test_focus.py",
    "search/test_queries.py",
    "analysis/test_opening.py",
    "auctions/test_now.py",
    "pages/test_left_out.py",
    "contracts/test_parameters.py",
    "browser/test_first_view.py",
    "operations/test_cluster.py",
    "changes/test_apply_cuts.py",
    "browser/test_search.py",
    "browser/test_offline.py",
    "notebooks/test_notebooks.py",
    "operations/test_backup.py",
    "operations/test_seed.py",
    "workbench/test_worker.py",
    "workbench/test_officer.py",
    "workbench/test_edits.py",
    "workbench/test_answers.py",
    "workbench/test_sign_in_pages.py",
    "workbench/test_report_pages.py",
    "pages/test_past.py",
    "pages/test_print.py",
    "contracts/test_canary_of_roles.py",
)

# Files that drive no browser and take some five seconds of the processor and more: `make test-quick` leaves them out.
LONG = {
    "accounts/test_admin.py",
    "accounts/test_connected.py",
    "accounts/test_people.py",
    "accounts/test_sign_in.py",
    "analysis/test_maps.py",
    "analysis/test_opening.py",
    "auctions/test_bidder_questions.py",
    "auctions/test_now.py",
    "auctions/test_pages.py",
    "cadastre/test_counts.py",
    "cadastre/test_parcels.py",
    "catalog/test_as_of.py",
    "changes/test_apply_cuts.py",
    "changes/test_likenesses.py",
    "changes/test_redaction.py",
    "contracts/test_access_matrix.py",
    "contracts/test_canary.py",
    "contracts/test_canary_of_roles.py",
    "contracts/test_concealed_ground.py",
    "contracts/test_exits.py",
    "contracts/test_parameters.py",
    "contracts/test_withheld_at_once.py",
    "demo/test_cadastre.py",
    "demo/test_recipes.py",
    "demo/test_scenes.py",
    "feedback/test_answers.py",
    "feedback/test_reports.py",
    "imagery/test_concealed.py",
    "imagery/test_damaged.py",
    "imagery/test_places.py",
    "ingest/test_ambiguous_places.py",
    "ingest/test_coordinates.py",
    "ingest/test_crs_text.py",
    "ingest/test_encodings.py",
    "ingest/test_formats.py",
    "ingest/test_leaps.py",
    "ingest/test_load.py",
    "ingest/test_notations.py",
    "ingest/test_sandbox.py",
    "ingest/test_silent_losses.py",
    "ingest/test_tables.py",
    "ingest/test_what_comes_back.py",
    "mail/test_queue.py",
    "notebooks/test_notebooks.py",
    "operations/test_backup.py",
    "operations/test_cluster.py",
    "operations/test_demo.py",
    "operations/test_migrate.py",
    "operations/test_seed.py",
    "operations/test_verification.py",
    "operations/test_web_server.py",
    "pages/test_crawlers.py",
    "pages/test_datasets.py",
    "pages/test_left_out.py",
    "pages/test_past.py",
    "pages/test_print.py",
    "publicland/test_inspection.py",
    "search/test_follow.py",
    "search/test_queries.py",
    "tiles/test_tiles.py",
    "workbench/test_answers.py",
    "workbench/test_cancel.py",
    "workbench/test_edits.py",
    "workbench/test_elsewhere.py",
    "workbench/test_full_disk.py",
    "workbench/test_handing.py",
    "workbench/test_intake.py",
    "workbench/test_mails.py",
    "workbench/test_officer.py",
    "workbench/test_reading.py",
    "workbench/test_redactions.py",
    "workbench/test_reports.py",
    "workbench/test_telling.py",
    "workbench/test_territory_pages.py",
    "workbench/test_words.py",
    "workbench/test_worker.py",
}


@pytest.fixture(scope="session", autouse=True)
def file_store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Where files are kept by checksum: not in the clone."""
    folder, shared = tmp_path_factory.mktemp("store"), settings.STATE / "tiles"
    was_there = shared.exists()
    with override_settings(MEDIA_ROOT=folder, TILES=folder / "tiles"):
        yield folder
    assert was_there or not shared.exists(), (
        f"A program that a test started stored tiles in {shared}: see tests/programs.py."
    )


@pytest.fixture(autouse=True)
def no_stored_tiles(file_store: Path, request: pytest.FixtureRequest) -> Iterator[None]:
    """Tiles that a test stores are its own, as its rows are; the folder is made by the first of them."""
    with override_settings(TILES=file_store / f"tiles-{zlib.crc32(request.node.nodeid.encode()):08x}"):
        yield


@pytest.fixture(scope="session", autouse=True)
def quick_passwords() -> Iterator[None]:
    """The product's way of keeping passwords with the least work: by its own measure each takes a fifth of a second."""
    with override_settings(PASSWORD_HASHERS=["tests.people.QuickHasher"]):
        yield


@pytest.fixture(scope="session", autouse=True)
def static_files_once() -> Iterator[None]:
    """The middleware that every client of a test makes for itself looks at each static file; one look is enough."""
    found: dict[tuple[str, str], dict[str, Any]] = {}
    look = WhiteNoise.update_files_dictionary

    def looked(self: WhiteNoise, root: str, prefix: str) -> None:
        if (root, prefix) not in found:
            others, self.files = self.files, {}
            look(self, root, prefix)
            found[root, prefix], self.files = self.files, others
        self.files.update(found[root, prefix])

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(WhiteNoise, "update_files_dictionary", looked)
        yield


@pytest.fixture(scope="session")
def kept_world(django_db_blocker: Any) -> Iterator[kept.World]:
    """The stages of the world, made once for all processes."""
    with django_db_blocker.unblock(), kept.held() as world:
        yield world


@pytest.fixture(scope="session")
def migrated(kept_world: kept.World, django_db_blocker: Any) -> str:
    """A database with every migration and no data; a template, never written by a test."""
    with django_db_blocker.unblock():
        return kept_world.stage("migrated", databases.TEMPLATE, lambda: call_command("migrate", verbosity=0))[0]


@pytest.fixture(scope="session")
def seeded(kept_world: kept.World, migrated: str, file_store: Path, django_db_blocker: Any) -> str:
    """The committed world: the demo's files, loaded. A template too; its files are copied into this session's store."""
    with django_db_blocker.unblock():
        name, files = kept_world.stage("seeded", migrated, _seed)
    shutil.copytree(files, file_store, dirs_exist_ok=True)
    return name


def _seed() -> None:
    call_command("seed", scenes=[], parcels=PARCELS, stdout=io.StringIO())
    check_published()  # or every worker that a test starts begins with it


@pytest.fixture(scope="session")
def django_db_setup(seeded: str, django_db_blocker: Any) -> Iterator[None]:
    """pytest-django's databases: a copy of the world, read by all tests and written by none."""
    with django_db_blocker.unblock(), databases.made(seeded) as name, databases.used(name):
        yield


@pytest.hookimpl(tryfirst=True)  # before what `-m` leaves out is left out
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What starts a browser is marked so, and what is long; real files are a long proof, and the longest files come first.

    The last file to end holds up the run.
    """
    for item in items:
        if item.get_closest_marker("real_data"):
            item.add_marker("prove")
        if "chromium" in getattr(item, "fixturenames", ()):
            item.add_marker("browser")
        if _file(item) in LONG:
            item.add_marker("long")
    place = {file: number for number, file in enumerate(LONGEST_FIRST)}
    items.sort(key=lambda item: place.get(_file(item), len(place)))


def _file(item: pytest.Item) -> str:
    return item.path.relative_to(ROOT).as_posix()


def pytest_sessionstart(session: pytest.Session) -> None:
    """Hashed names are known only after collecting; once, before there are processes that read them."""
    from tests import factors

    factors.listen()
    if not hasattr(session.config, "workerinput") and not session.config.option.collectonly:
        _collect_static()


def _collect_static() -> None:
    """As the demo does: not again while the files are the same."""
    noted, digest = settings.STATE / "static.digest", static_files.digest()
    if not settings.STATIC_ROOT.exists() or not noted.exists() or noted.read_text(encoding="ascii") != digest:
        noted.unlink(missing_ok=True)
        call_command("collectstatic", interactive=False, verbosity=0, clear=True)
        noted.write_text(digest, encoding="ascii")


@pytest.fixture(autouse=True)
def _language() -> None:
    """Every test begins in the site's language, whatever an answer before it was written in."""
    translation.activate(settings.LANGUAGE_CODE)


@pytest.fixture
def same_second(monkeypatch: pytest.MonkeyPatch) -> None:
    """What search asks again once a second is not asked again, however slow the machine: for tests that count questions."""
    monkeypatch.setattr("landgis.search.gazetteer.ASK_AGAIN_S", 3600)
    monkeypatch.setattr("landgis.catalog.clock.ASK_AGAIN_S", 3600)
    monkeypatch.setattr("landgis.catalog.unit_filters.ASK_AGAIN_S", 3600)


@pytest.fixture
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Reading the committed world through the real roles, without a transaction of the test."""
    with django_db_blocker.unblock():
        yield


@pytest.fixture
def own_world(seeded: str, django_db_blocker: Any) -> Iterator[str]:
    """A copy of the world for a test that commits; gives the name of its database."""
    with django_db_blocker.unblock(), databases.made(seeded) as name, databases.used(name):
        yield name


@pytest.fixture
def empty_world(migrated: str, django_db_blocker: Any) -> Iterator[str]:
    """A database of its own in which nothing has been published; gives its name."""
    with django_db_blocker.unblock(), databases.made(migrated) as name, databases.used(name):
        yield name
