"""The schema `published` is derived, complete, and all that the public's database role can read."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from django.db import DatabaseError, ProgrammingError, connection, connections, transaction
from psycopg import sql
from psycopg.errors import InsufficientPrivilege

from landgis.catalog import drawn, label_room, published, queries, registry
from landgis.catalog.dataset import OFFICER, PUBLIC, Dataset
from landgis.operations import roles
from landgis.operations.ownership import as_owner
from tests import databases, histories, samples

# PostGIS's own lists: systems of coordinates, and the names of tables that have a geometry. No rows of ours.
OF_POSTGIS = {"public.spatial_ref_sys", "public.geometry_columns", "public.geography_columns"}
ABOUT_REVISION = {"is_made_up", "applied_at", "source", "source_as_of"}


@pytest.fixture(scope="module")
def full(migrated: str, django_db_blocker: Any) -> Iterator[None]:
    """A database with a past: plots added, changed, hidden, shown, retired, brought back."""
    with django_db_blocker.unblock(), databases.made(migrated) as name, databases.used(name):
        histories.random_history(4)
        yield


@pytest.fixture
def undone(full: None) -> Iterator[None]:
    """What the test does to the database, as the owner of the tables, is rolled back."""
    with as_owner(), transaction.atomic():
        yield
        transaction.set_rollback(True)


def _read(statement: str | sql.Composable, alias: str = "default", *bound: Any) -> list[tuple]:
    with connections[alias].cursor() as cursor:
        text = statement if isinstance(statement, str) else statement.as_string(connections[alias].connection)
        cursor.execute(text, bound)
        return cursor.fetchall()


def _relations() -> list[str]:
    return sorted(name for _kind, name in published.relations())


def _contents() -> dict[str, list[tuple]]:
    return {
        name: sorted(map(repr, _read(sql.SQL("TABLE {}").format(sql.Identifier("published", name)))))
        for name in _relations()
        if name != "clock"
    }


# Derived


def test_what_the_applies_kept_is_what_a_rebuild_makes(undone: None) -> None:
    kept = _contents()
    assert len(kept["tile_public_land"]) > 5
    assert set(published.rebuild(force=True)) == {dataset.name for dataset in registry.all_datasets()}
    assert _contents() == kept


def test_a_rebuild_of_what_is_there_already_does_nothing(undone: None) -> None:
    oids = "SELECT array_agg(oid ORDER BY oid) FROM pg_class WHERE relnamespace = 'published'::regnamespace"
    before = _read(oids)
    assert published.rebuild() == []
    assert _read(oids) == before


def test_what_was_dropped_comes_back_the_same(undone: None) -> None:
    kept = _contents()
    published.drop()
    assert _relations() == []
    assert set(published.rebuild()) == {dataset.name for dataset in registry.all_datasets()}
    assert _contents() == kept


def test_what_has_no_declaration_any_more_goes(undone: None) -> None:
    order = registry.all_datasets()
    with samples.taken_out("planning-zones"):
        assert published.rebuild() == []
        assert not [name for name in _relations() if "planning" in name]
    assert registry.all_datasets() == order
    assert published.rebuild() == ["planning-zones"]


def test_a_field_that_is_no_longer_public_is_gone_after_the_rebuild(
    undone: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    dataset = samples.public_land()
    fields = [replace(one, visibility=OFFICER) if one.name == "name" else one for one in dataset.fields]
    monkeypatch.setattr(dataset, "fields", fields, raising=True)
    assert published.rebuild() == ["public-land"]
    assert "name" not in _columns("public_land") | _columns("tile_public_land")
    assert published.rebuild() == []
    monkeypatch.undo()
    assert published.rebuild() == ["public-land"]
    assert "name" in _columns("public_land") & _columns("tile_public_land")


SPOILED = {
    "a row is missing": ("DELETE FROM published.tile_public_land WHERE ref = %s", 1),
    "a row says something else": ("UPDATE published.tile_public_land SET name = 'else' WHERE ref = %s", 2),
    "a row lies elsewhere": (
        "UPDATE published.tile_public_land SET shape = ST_Translate(shape, 0.001, 0) WHERE ref = %s",
        2,
    ),
    "a row too many": (
        'INSERT INTO published.tile_public_land SELECT (jsonb_populate_record(t, \'{"ref": "X-1"}\')).*'
        " FROM published.tile_public_land t WHERE ref = %s",
        1,
    ),
}


@pytest.mark.parametrize("case", SPOILED)
def test_the_comparison_finds_tile_rows_that_are_wrong(undone: None, case: str) -> None:
    statement, differences = SPOILED[case]
    assert published.differences(samples.public_land()) == 0
    ((ref,),) = _read("SELECT min(ref) FROM published.tile_public_land")
    with connection.cursor() as cursor:
        cursor.execute(statement, [ref])
        assert cursor.rowcount == 1
    assert published.differences(samples.public_land()) == differences


def test_no_apply_leaves_a_difference(undone: None) -> None:
    """Also for the plots that come, go, move, hide and show in one change set."""
    samples.applied([samples.plot(number, name=f"Plot {number}") for number in range(100, 104)])
    samples.the_whole_state(
        [
            samples.plot(100),
            samples.plot(101, is_public=False),
            samples.plot(102, box=samples.plot(200)["box"]),
            samples.plot(104, is_public=False),
            samples.plot(105),
        ]
    )
    assert [row[0] for row in _read("SELECT ref FROM published.tile_public_land ORDER BY 1")] == [
        "P-00100",
        "P-00102",
        "P-00105",
    ]
    assert published.differences(samples.public_land()) == 0


# Columns


def _columns(relation: str) -> set[str]:
    found = _read(
        "SELECT attname FROM pg_attribute WHERE attrelid = ('published.' || %s)::regclass AND attnum > 0"
        " AND NOT attisdropped",
        "default",
        relation,
    )
    return {name for (name,) in found}


@pytest.mark.parametrize("dataset", registry.all_datasets(), ids=lambda dataset: dataset.name)
def test_the_relations_have_the_public_columns_and_no_other(full: None, dataset: Dataset) -> None:
    public = {field.name for field in dataset.fields if field.visibility == PUBLIC}
    shape = {dataset.geometry, "area_m2", "legal_srid"} if dataset.geometry else set()
    own = {"feature_id", "ref", "from_revision", "until_revision"}
    own |= {field.name for field in dataset.derived_fields}
    own |= {"located_since", "located_before"} if dataset.lies_in else set()
    state = {f"reported_{dataset.state.field}", "state_turns"} if dataset.state.field else set()
    assert _columns(dataset.relation) == own | public | shape | state | ABOUT_REVISION
    assert _columns(dataset.reported_relation) == own | public | shape | state - {"state_turns"} | ABOUT_REVISION
    if not dataset.geometry:
        assert _read(sql.SQL("SELECT to_regclass({})").format(sql.Literal(f"published.tile_{dataset.relation}"))) == [
            (None,)
        ]
        return
    in_tiles = {field.name for field in dataset.fields if field.tile_from is not None and field.visibility == PUBLIC}
    counted = {"counted_as", "east", "north"} if dataset.map.tiles.counts_by else set()
    counted |= {"sheet"} if dataset.map.tiles.sheets_by else set()
    counted |= {*drawn.kept_columns(dataset), *label_room.kept_columns(dataset)}
    counted |= {"state_turns"} if dataset.state.field in in_tiles else set()
    assert (
        _columns(f"tile_{dataset.relation}")
        == {"feature_id", "ref", "is_made_up", "shape", "place"} | in_tiles | counted
    )


def test_nothing_but_the_declared_is_published(full: None) -> None:
    wanted = {"revision", "redaction", "withdrawal", "state", "dataset_schema", "scene", "report", "concealed", "clock"}
    wanted |= {"lineage", "edited_revision", "enclosure"}
    wanted |= {"base_map", "search_entry", "search_word", "search_place", "search_address", "search_street"}
    for dataset in registry.all_datasets():
        wanted |= {dataset.relation, dataset.reported_relation} | (
            {f"tile_{dataset.relation}"} if dataset.geometry else set()
        )
        wanted |= {f"count_{dataset.relation}"} if dataset.map.tiles.counts_by else set()
        wanted |= {f"generalised_{dataset.relation}"} if dataset.map.tiles.sheets_by else set()
    wanted |= {"total_parcels", "total_public_land", "total_land_prices"}
    wanted |= {"coverage_parcels", "coverage_public_land", "coverage_land_prices"}
    assert set(_relations()) == wanted


def test_the_views_have_no_security_barrier(full: None) -> None:
    """With one, filters and indexes are used only after every row was read: a hundred times slower."""
    found = _read(
        "SELECT relname, reloptions FROM pg_class WHERE relnamespace = 'published'::regnamespace AND relkind = 'v'"
    )
    assert len(found) > 1
    assert {options for _name, options in found} == {None}


# The role


def _everything_stored() -> list[tuple[str, int]]:
    """Every table, view, sequence and the like that is not PostgreSQL's own."""
    return _read(
        "SELECT n.nspname || '.' || c.relname, c.oid::bigint FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace"
        " WHERE relkind IN ('r', 'v', 'm', 'p', 'f', 'S') AND n.nspname !~ '^(pg_|information_schema)'"
    )


def _quoted(name: str) -> sql.Identifier:
    return sql.Identifier(*name.split(".", 1))


def test_the_public_role_is_the_one_behind_its_alias_and_has_no_powers(full: None) -> None:
    assert _read("SELECT current_user, session_user", queries.PUBLIC_ALIAS) == [(roles.PUBLIC, roles.PUBLIC)]
    powers = (
        "SELECT rolsuper, rolcreaterole, rolcreatedb, rolreplication, rolbypassrls FROM pg_roles WHERE rolname = %s"
    )
    assert _read(powers, "default", roles.PUBLIC) == [(False,) * 5]
    memberships = "SELECT count(*) FROM pg_auth_members WHERE member = (SELECT oid FROM pg_roles WHERE rolname = %s)"
    assert _read(memberships, "default", roles.PUBLIC) == [(0,)]


def _may_read(name: str) -> bool:
    """Tried, not asked for."""
    try:
        _read(sql.SQL("SELECT FROM {} LIMIT 1").format(_quoted(name)), queries.PUBLIC_ALIAS)
    except ProgrammingError as error:
        if not isinstance(error.__cause__, InsufficientPrivilege):
            raise
        return False
    return True


def test_the_public_role_reads_what_is_published_and_nothing_else(full: None) -> None:
    stored = [name for name, _oid in _everything_stored()]
    assert {"public.publicland_plot", "public.publicland_plotitem", "public.accounts_user"} <= set(stored)
    readable = {name for name in stored if _may_read(name)}
    assert readable - OF_POSTGIS == {name for name in stored if name.startswith("published.")}


def test_the_public_role_has_no_right_to_a_column_or_a_change(full: None) -> None:
    for name, oid in _everything_stored():
        if name.startswith("published.") or name in OF_POSTGIS:
            rights = "INSERT, UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER"
            columns = "INSERT, UPDATE, REFERENCES"
        else:
            rights = "SELECT, INSERT, UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER"
            columns = "SELECT, INSERT, UPDATE, REFERENCES"
        allowed = _read("SELECT has_table_privilege(%s, %s::oid, %s)", "default", roles.PUBLIC, oid, rights)
        assert allowed == [(False,)], name
        is_sequence = _read("SELECT relkind = 'S' FROM pg_class WHERE oid = %s::oid", "default", oid) == [(True,)]
        if not is_sequence:
            allowed = _read("SELECT has_any_column_privilege(%s, %s::oid, %s)", "default", roles.PUBLIC, oid, columns)
            assert allowed == [(False,)], name


REFUSED = r"permission denied|must be|cannot (delete from|update) view"
WRITES = [
    "DELETE FROM published.tile_public_land",
    "UPDATE published.tile_public_land SET ref = 'X'",
    "INSERT INTO published.tile_public_land (ref) VALUES ('X')",
    "TRUNCATE published.tile_public_land",
    "DELETE FROM published.public_land",
    "UPDATE published.revision SET source = 'X'",
    "DROP VIEW published.revision",
    "CREATE TABLE published.mine (a int)",
    "CREATE TABLE public.mine (a int)",
    "CREATE FUNCTION public.mine() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    "CREATE SCHEMA mine",
    "SELECT nextval('changes_changeset_id_seq')",
    "SELECT pg_read_file('/etc/passwd')",
    "COPY (SELECT 1) TO PROGRAM 'cat'",
    "COPY (SELECT 1) TO '/tmp/landgis-public-role'",
    f"SET ROLE {roles.OWNER}",
    "SELECT rolpassword FROM pg_authid",
    "SELECT * FROM pg_statistic",
    "DO $$ BEGIN DELETE FROM publicland_plot; END $$",
]


@pytest.mark.parametrize("statement", WRITES)
def test_the_public_role_cannot_write_even_when_it_asks_for_a_writing_session(full: None, statement: str) -> None:
    """The session's read-only mode is a help, not the wall: a session may leave it."""
    with connections[queries.PUBLIC_ALIAS].cursor() as cursor:
        cursor.execute("SET default_transaction_read_only = off")
        try:
            with pytest.raises(DatabaseError, match=REFUSED):
                cursor.execute(statement)
        finally:
            connections[queries.PUBLIC_ALIAS].close()


def test_the_public_session_is_read_only_and_limited_in_time(full: None) -> None:
    alias = queries.PUBLIC_ALIAS
    assert _read("SHOW statement_timeout", alias) == [("5s",)]
    assert _read("SHOW default_transaction_read_only", alias) == [("on",)]
    assert _read("SHOW idle_in_transaction_session_timeout", alias) == [("30s",)]
    assert _read("SHOW search_path", alias) == [("published, public",)]


# Functions of PostGIS that read a table's statistics or index without asking for the right to read the table.
BELOW_THE_GRANTS = [
    "SELECT ST_EstimatedExtent('public', 'publicland_plot', 'boundary')",
    "SELECT ST_EstimatedExtent('publicland_plot', 'boundary')",
    "SELECT _postgis_index_extent('publicland_plot', 'boundary')",
    "SELECT _postgis_stats('publicland_plot', 'boundary')",
    "SELECT _postgis_selectivity('publicland_plot', 'boundary', 'SRID=4326;POINT(107 10)'::geometry)",
]


@pytest.mark.parametrize("statement", BELOW_THE_GRANTS)
def test_no_function_tells_the_public_role_where_hidden_rows_lie(full: None, statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE publicland_plot")
    with pytest.raises(ProgrammingError, match="permission denied"):
        _read(statement, queries.PUBLIC_ALIAS)


# Which sessions there are and what they hold.
OF_THE_MOMENT = {"pg_locks", "pg_cursors", "pg_prepared_statements", "pg_timezone_names", "pg_timezone_abbrevs"}


def _told_by_the_catalogue(oids: list[int]) -> dict[str, Any]:
    """What the public's role is told: the columns of PostgreSQL's own relations that it may read, and what functions say of some.

    Relations that all databases of a cluster share say nothing of the rows of one, and change with the others.
    """
    readable = _read(
        "SELECT attrelid::regclass::text, string_agg(quote_ident(attname) || '::text', ', ' ORDER BY attnum) FROM pg_attribute"
        " JOIN pg_class c ON c.oid = attrelid WHERE relkind IN ('r', 'v') AND NOT relisshared AND attnum > 0 AND NOT attisdropped"
        " AND relnamespace IN ('pg_catalog'::regnamespace, 'information_schema'::regnamespace)"
        " AND has_column_privilege(attrelid, attnum, 'SELECT') AND attname !~ '(frozenxid|minmxid)$' GROUP BY 1 ORDER BY 1",
        queries.PUBLIC_ALIAS,
    )
    asked = {name: f"SELECT {columns} FROM {name}" for name, columns in readable if name not in OF_THE_MOMENT}
    asked["pg_stats"] += " WHERE schemaname <> 'pg_catalog'"  # those of the catalogue itself are taken anew at any time
    functions = _read(
        "SELECT oid::regproc::text FROM pg_proc WHERE pronamespace = 'pg_catalog'::regnamespace AND pronargs = 1 AND prokind = 'f'"
        " AND proargtypes[0] IN ('oid'::regtype, 'regclass'::regtype) AND prorettype <> 'void'::regtype",
        queries.PUBLIC_ALIAS,
    )
    asked |= {f"{name}({oid})": f"SELECT {name}({oid}::oid)" for (name,) in functions for oid in oids}
    return {name: _told(query) for name, query in asked.items()}


def _told(query: str) -> Any:
    try:
        return sorted(_read(query, queries.PUBLIC_ALIAS), key=str)
    except DatabaseError as refused:
        return type(refused)


def test_the_public_role_is_told_the_same_however_many_rows_are_withheld(empty_world: str) -> None:
    """Estimates of the planner, counters, sizes: nothing in the catalogue moves with what the policy hides."""
    samples.applied([samples.plot(1)])
    oids = "SELECT oid::bigint FROM pg_class WHERE relname ~ '^plot_|^publicland_plot' AND relkind IN ('r', 'i')"
    tables = [oid for (oid,) in _read(oids)]
    told = []
    for numbers in (range(10, 20), range(20, 220)):
        samples.applied([samples.plot(number, is_public=False) for number in numbers])
        with connection.cursor() as cursor:
            cursor.execute("SELECT catalog_analyze('publicland_plot'), pg_stat_force_next_flush()")
        told.append(_told_by_the_catalogue(tables))
    assert len(told[0]) > 150
    assert {name for name, answer in told[0].items() if answer != told[1][name]} == set()
    known = "SELECT reltuples, pg_relation_size(oid) > 0 FROM pg_class WHERE oid = 'publicland_plot'::regclass"
    assert _read(known) == [(211, True)]  # there was something to learn, for those who may


def test_no_function_runs_with_more_rights_than_the_public_role_has(full: None) -> None:
    found = _read(
        "SELECT oid::regprocedure::text FROM pg_proc WHERE prosecdef AND has_function_privilege(oid, 'EXECUTE')",
        queries.PUBLIC_ALIAS,
    )
    assert found == []


# The application


def test_the_application_owns_nothing(full: None) -> None:
    assert _read("SELECT current_user, session_user") == [(roles.APPLICATION, roles.APPLICATION)]
    powers = (
        "SELECT rolsuper, rolcreaterole, rolcreatedb, rolreplication, rolbypassrls FROM pg_roles WHERE rolname = %s"
    )
    assert _read(powers, "default", roles.APPLICATION) == [(False,) * 5]
    assert _read("SELECT relname FROM pg_class WHERE relowner = current_user::regrole") == []


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE publicland_plot SET name = 'X'",
        "UPDATE publicland_plot SET from_revision = 0",
        "DELETE FROM publicland_plot",
        "DELETE FROM cadastre_parcel",
        "TRUNCATE publicland_plot",
        "ALTER TABLE publicland_plot ADD COLUMN mine int",
        "DROP TABLE publicland_plot CASCADE",
        "UPDATE catalog_revision SET source = 'X'",
        "UPDATE published.revision SET source = 'X'",  # a view that could be written through
        "DELETE FROM catalog_revision",
        "UPDATE changes_logentry SET added = 0",
        "DELETE FROM changes_logentry",
        "UPDATE changes_auditentry SET by = 'somebody else'",
        "DELETE FROM changes_auditentry",
        "INSERT INTO changes_auditentry (at, by, verb, subject, details) VALUES ('2020-01-01', 'x', 'x', 'x', '{}')",
        "TRUNCATE changes_auditentry",
        "DELETE FROM django_migrations",
        "CREATE TABLE public.mine (a int)",
        "DROP VIEW published.public_land CASCADE",
        f"SET ROLE {roles.OWNER}",
    ],
)
def test_the_application_can_neither_change_nor_remove_what_is_in_force_logged_or_audited(
    full: None, statement: str
) -> None:
    refused = pytest.raises(DatabaseError, match=r"permission denied|must be owner|cannot (delete from|update) view")
    with refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_every_table_in_force_is_protected(full: None) -> None:
    for dataset in registry.all_datasets():
        table = dataset.in_force._meta.db_table
        rights = (
            "SELECT has_table_privilege(%s, %s, 'UPDATE, DELETE, TRUNCATE'), has_column_privilege(%s, %s, %s, 'UPDATE')"
        )
        told = [roles.APPLICATION, table]
        assert _read(rights, "default", *told, *told, "until_revision") == [(False, True)], dataset.name
        assert _read(rights, "default", *told, *told, "ref") == [(False, False)], dataset.name
