"""An empty file store for every test, as the tests of scenes have it."""

from tests.imagery.conftest import client, store  # noqa: F401  # fixtures
