"""A new feature that begins with the facts of another: what everybody may read, and nothing that is that one's own."""

from collections.abc import Callable

import pytest
from django.test import Client

from landgis.catalog import registry
from landgis.workbench import copied
from landgis.workbench.models import Edit
from tests.workbench.test_edits import form_of
from tests.workbench.test_splits import a_parcel

pytestmark = pytest.mark.usefixtures("own_world", "state")
ClientOf = Callable[[str], Client]


def test_what_everybody_may_read_of_a_neighbour_is_copied_and_nothing_of_its_own(signed_in: ClientOf) -> None:
    officer, row, dataset = signed_in("officer"), a_parcel(), registry.get("parcels")
    address = f"/en/officer/edit/parcels/new/?like={row.ref}"
    page = officer.get(address).content.decode()
    sent = form_of(page)
    facts = copied.facts_of(dataset, row)
    own = {
        *dataset.identity,
        *dataset.optional_identity,
        dataset.legal_area,
        dataset.public_when,
        "parcel_code",
        "certificate_no",
    }
    hidden = {field.name for field in dataset.fields if dataset.is_hidden(field.name)}
    assert facts and not (own | hidden | {dataset.geometry}) & set(facts)
    assert {name: sent[name] for name in facts if name in sent} == {
        name: fact["text"] for name, fact in facts.items() if name in sent
    }
    assert not any(sent.get(name) for name in own - {dataset.public_when}) and sent["corners"] == ""
    assert f"were copied from {row.ref}" in page and not Edit.objects.exists()
    assert officer.post(address, sent | {"step": "save"}).status_code == 302
    begun = Edit.objects.get()
    assert begun.kind == "add" and begun.facts and set(begun.facts) <= set(facts)
    assert row.ref not in str(begun.facts)
    assert officer.get("/en/officer/edit/parcels/new/?like=never-was").status_code == 404
