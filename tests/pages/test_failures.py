"""What a reader sees of a failure of the server: a page of the site that leads back, in their language."""

from typing import Any

import pytest
from django.test import Client

from landgis.pages import errors, lists

pytestmark = pytest.mark.usefixtures("world")


def _fails(*_given: Any, **_more: Any) -> Any:
    raise RuntimeError("the secret of a row")


@pytest.mark.parametrize(("path", "home"), [("/lots/", 'href="/"'), ("/en/lots/", 'href="/en/"')])
def test_a_failure_is_a_page_of_the_site(path: str, home: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lists, "meant", _fails)
    answer = Client(raise_request_exception=False).get(path)
    page = answer.content.decode()
    assert answer.status_code == 500
    assert all(part in page for part in ("site-header", "site-footer", 'name="viewport"', home, 'href="#main"'))
    assert "secret" not in page


def test_where_the_templates_fail_too_the_bare_words_lead_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lists, "meant", _fails)
    monkeypatch.setattr(errors, "render", _fails)
    answer = Client(raise_request_exception=False).get("/lots/")
    assert answer.status_code == 500 and b'<a href="/">' in answer.content and b"viewport" in answer.content
