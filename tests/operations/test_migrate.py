"""`migrate` takes the derived schema away before tables change, and rebuilds it afterwards."""

import io

import pytest
from django.core.management import call_command
from django.db import connections


def _published() -> dict[str, int]:
    """Name -> oid of what the schema holds; a rebuilt relation has another oid."""
    with connections["default"].cursor() as cursor:
        cursor.execute(
            "SELECT relname, oid::int FROM pg_class WHERE relnamespace = 'published'::regnamespace"
            " AND relkind IN ('r', 'v')"
        )
        return dict(cursor.fetchall())


@pytest.fixture
def first(empty_world):
    found = _published()
    assert found
    return found


def test_nothing_to_migrate_changes_nothing(first):
    call_command("migrate", verbosity=0)
    assert _published() == first


def test_a_pending_migration_rebuilds_it(first):
    call_command("migrate", "publicland", "zero", verbosity=0, stdout=io.StringIO())
    assert _published() == {}
    call_command("migrate", verbosity=0)
    again = _published()
    assert again.keys() == first.keys()
    assert not set(again.values()) & set(first.values())


def test_a_plan_touches_nothing(first):
    call_command("migrate", plan=True, stdout=io.StringIO())
    assert _published() == first


def test_the_public_role_reads_what_was_rebuilt(first):
    with connections["public"].cursor() as cursor:
        cursor.execute("SELECT count(*) FROM published.revision")
        assert cursor.fetchone() == (0,)


def test_the_groups_of_the_roles_are_there_without_a_demo(first):
    from django.contrib.auth.models import Group

    from landgis.accounts.models import Role

    assert set(Group.objects.values_list("name", flat=True)) == set(Role.values)
