"""What /admin/ shows to people of the whole office: no row of a dataset, no report, nothing by the way of a filter."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import Group
from django.test import Client

from landgis.accounts.actions import ensure_roles
from landgis.accounts.models import Role, User
from landgis.catalog import registry
from landgis.catalog.admin_pages import ReadOnlyAdmin
from landgis.feedback.models import Report
from tests import databases
from tests.members import some_of
from tests.people import in_whole_office

ROLES = [*Role.values, "admin"]


@pytest.fixture(scope="module", autouse=True)
def staff(seeded: str, django_db_blocker: Any) -> Iterator[dict[str, Client]]:
    """A client for each role, in a copy of the world; "admin" is a superuser."""
    with django_db_blocker.unblock(), databases.made(seeded) as name, databases.used(name):
        ensure_roles()
        clients = {}
        for role in ROLES:
            user = User.objects.create_user(role, is_staff=True, is_superuser=role == "admin")
            user.groups.set(Group.objects.filter(name=role))
            in_whole_office(user)
            clients[role] = Client(raise_request_exception=False)
            clients[role].force_login(user)
        yield clients


def shown() -> list[str]:
    """The address of each list."""
    return [f"/admin/{model._meta.app_label}/{model._meta.model_name}/" for model in admin.site._registry]


@pytest.mark.parametrize("role", ROLES)
def test_no_row_of_a_dataset_and_no_report_has_a_page(staff: dict[str, Client], role: str) -> None:
    tables = [table for dataset in registry.all_datasets() for table in (dataset.in_force, dataset.proposed)]
    for model in [*tables, Report]:
        address = f"/admin/{model._meta.app_label}/{model._meta.model_name}/"
        assert not admin.site.is_registered(model)
        assert staff[role].get(address).status_code == 404
        assert staff[role].get(f"{address}1/change/").status_code == 404
    user = User.objects.get(username=role)
    assert user.is_superuser or not user.has_perm("cadastre.view_parcel")


@pytest.mark.parametrize("model", [one for one in apps.get_models() if admin.site.is_registered(one)])
def test_what_no_page_shows_cannot_be_asked_for(staff: dict[str, Client], model: Any) -> None:
    """Each column by the beginning of its value: an answer would spell it out, letter by letter."""
    own = admin.site.get_model_admin(model)
    if not isinstance(own, ReadOnlyAdmin):
        pytest.skip("a page of Django's or of the queue, on which all is shown")
    assert own.fields, "what is shown is named"
    address = f"/admin/{model._meta.app_label}/{model._meta.model_name}/"
    assert staff["analyst"].get(address).status_code == 200
    for column in [*(field.name for field in model._meta.fields), "author__password", "by__email"]:
        asked = {f"{column}__startswith": "0"}
        assert staff["analyst"].get(address, asked).status_code == 400, column


WRONG = ("a\x00b", "9" * 40, "2026-13-45", "1,2,3")


@pytest.mark.parametrize("address", some_of(shown(), every=3))
def test_no_question_makes_it_fail(staff: dict[str, Client], address: str) -> None:
    client = staff["admin"]
    model = next(one for one in admin.site._registry if f"/{one._meta.app_label}/{one._meta.model_name}/" in address)
    own = admin.site.get_model_admin(model)
    names = ["id", *(str(name) for name in own.list_filter)]
    asked = ["p", "o", "q", *names, *(f"{names[-1]}__{kind}" for kind in ("isnull", "gte", "range", "nothing"))]
    for wrong in WRONG:
        for name in asked:
            assert client.get(address, {name: wrong}).status_code in (200, 302, 400, 403), (name, wrong[:20])
        answer = client.get(f"{address}{wrong.replace(chr(0), '%00')}/change/")
        assert answer.status_code in (200, 302, 400, 404), wrong[:20]
