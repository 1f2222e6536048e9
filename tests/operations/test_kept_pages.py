"""Pages that nginx kept are found no more after a revision (tests/operations/test_installation.py asks the real nginx)."""

from pathlib import Path

import pytest
from django.test import Client, override_settings

from landgis.operations import kept_pages
from tests import samples

pytestmark = pytest.mark.django_db


def test_another_revision_is_another_place(tmp_path: Path) -> None:
    with override_settings(STATE=tmp_path):
        assert not kept_pages.move_on(), "nothing is done where no installation asked for it"
        (tmp_path / "pages").mkdir()
        assert (kept_pages.move_on(), kept_pages.move_on()) == (True, False)
        before = (tmp_path / "pages/now").readlink()
        samples.applied([samples.plot(90_001)])
        kept_pages.PageFollower().follow_at_once(["public-land"])
        now = (tmp_path / "pages/now").readlink()
        assert now != before
        assert sorted(path.name for path in (tmp_path / "pages").iterdir()) == sorted([now.name, "now"])


def test_when_a_page_was_made_is_told_to_a_proxy_that_asks(client: Client) -> None:
    assert "X-Made-At" not in client.get("/livez").headers
    assert client.get("/livez", headers={"X-Say-When": "yes"}).headers["X-Made-At"][2] == ":"
