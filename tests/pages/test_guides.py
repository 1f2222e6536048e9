"""The pages of text: there in both languages, from every foot, and true where they speak of this site."""

import pytest
from django.test import Client

from landgis.catalog import guides, queries, registry
from landgis.pages.guides import texts

pytestmark = pytest.mark.usefixtures("world")


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_every_text_can_be_read_and_is_led_to_from_every_foot(client: Client, prefix: str) -> None:
    foot = client.get(f"{prefix}/lots/").content.decode().partition("<footer")[2]
    assert {"auctions", "words", "map", "about", "accessibility", "privacy"} == set(texts())
    for name in texts():
        address = f"{prefix}/guides/{name}/"
        assert f'href="{address}"' in foot
        assert client.get(address).status_code == 200
    assert client.get(f"{prefix}/guides/never-was/").status_code == 404


def test_every_rule_names_its_source_and_whether_its_text_was_read(client: Client) -> None:
    procedure = guides.procedures()["auctions"]
    assert len(procedure.steps) == 6
    page = client.get("/en/guides/auctions/").content.decode()
    rules = [rule for step in procedure.steps for rule in step.rules]
    assert page.count("Taken from a digest of the law") == sum(not rule.is_read for rule in rules) > 0
    assert all(str(rule.source) for rule in rules)


def test_reading_sets_no_cookie_as_the_page_on_privacy_says(client: Client) -> None:
    lot = queries.rows(registry.get("auction-lots"), limit=1)[0]["ref"]
    for address in ("/", "/en/lots/", f"/lots/{lot}/", "/guides/privacy/", "/search?q=vung+tau"):
        assert not client.get(address).cookies, address
