"""The canary for whoever is signed in: values that the public does not see stand on no page, in no file and in no filter.

The one page that shows some of them has its own tests (tests/workbench/test_reading.py).
"""

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.db import connection
from django.test import Client

from landgis.accounts.actions import ensure_roles
from landgis.accounts.models import Role, User
from landgis.catalog import registry
from landgis.changes import actions as changes
from landgis.changes.hidden import NOT_SHOWN
from landgis.changes.models import ChangeSet, Door, Issue
from landgis.ingest.actions import Intake, take
from landgis.ingest.instructions import Instructions
from landgis.lib import geometry
from tests import databases
from tests.cadastre.conftest import EAST, NORTH, SIDE, parcel, write
from tests.contracts.test_canary import RUN, canary, the_log
from tests.members import some_of
from tests.people import in_whole_office

ROLES = [*Role.values, "nothing", "superuser"]
HIDDEN = {  # of parcels: three for officers, one for nobody
    "land_user": canary("Người") + " ờ",
    "certificate_no": canary("paper"),
    "land_user_id_no": canary("id")[:20],
}
REF = "26558-12-901"
DIVIDED, JOINED, BESIDE = (f"26558-12-{number}" for number in (902, 903, 904))


def _file(path: Path, **values: Any) -> Path:
    """A CSV with one parcel, in UTF-8, so that its texts are guessed and shown."""
    one = parcel(901, **{**HIDDEN, **values})
    shape = geometry.to_wgs84(one.pop("shape"), 5899)
    with path.open("w", encoding="utf-8", newline="") as file:
        written = csv.DictWriter(file, [*one, "wkt"])
        written.writeheader()
        written.writerow({**one, "wkt": shape.wkt})
    return path


def _taken(path: Path, by: User, **said: Any) -> ChangeSet:
    intake = Intake(dataset="parcels", instructions=Instructions(**{"srid": 4326} | said))
    change_set, _report = take(path, intake, by=by, door=Door.FILE)
    return change_set


@pytest.fixture(scope="module")
def people(seeded: str, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, User]]:
    """One person a role, in a world with a parcel in force, one that would change, and one whose values are wrong."""
    folder = tmp_path_factory.mktemp("files")
    with django_db_blocker.unblock(), databases.made(seeded) as name, databases.used(name):
        ensure_roles()
        found = {}
        for role in ROLES:
            found[role] = User.objects.create_user(role, is_staff=True, is_superuser=role == "superuser")
            found[role].groups.set(Group.objects.filter(name=role))
        in_whole_office(*found.values())
        near = [parcel(n, **{name: f"{value[:17]}{n}" for name, value in HIDDEN.items()}) for n in (902, 903, 904)]
        for path, srid in ((_file(folder / "first.csv"), 4326), (write(folder / "beside.gpkg", near), 5899)):
            taken = _taken(path, found["officer"], srid=srid)
            changes.submit(taken, by=taken.author)
            changes.approve(taken, by=found["approver"])
            changes.apply(taken, by=found["approver"])
        others = {name: f"{value[:17]}2" for name, value in HIDDEN.items()}
        _taken(_file(folder / "second.csv", **others), found["officer"], constants={"land_user": canary("constant")})
        wrong = {"land_user_kind": canary("kind"), "land_user": f"{canary('broken')}\ufffd", "land_user_id_no": RUN * 9}
        _taken(_file(folder / "third.csv", **wrong), found["officer"])
        desk = Client()
        desk.force_login(found["officer"])
        typed = {"land_user": canary("typed"), "address": "1 Lê Lợi", "step": "save"}
        base = registry.get("parcels").in_force._default_manager.get(ref=REF, until_revision=None).from_revision
        assert desk.post(f"/officer/edit/parcels/{REF}/", typed | {"base": base}).status_code == 302
        yield found


def _addresses() -> list[str]:
    """Every page of the write side, and the exits of the parcel."""
    found = ["/officer/", "/officer/upload/"]
    for number in ChangeSet.objects.order_by("-id").values_list("id", flat=True)[:4]:
        base = f"/officer/changes/{number}/"
        found += [base, f"/en{base}", f"{base}items.geojson", f"{base}issues.csv", f"{base}issues.gpkg"]
        found += [
            f"{base}?code={code}" for code in Issue.objects.filter(change_set=number).values_list("code", flat=True)
        ]
    found += [f"/parcels/{REF}{suffix}" for suffix in ("/", ".json", ".geojson", ".pdf")]
    found += [f"/parcels{suffix}?old_commune_name=Phường Long Tâm" for suffix in ("/", ".json", ".csv")]
    for start in ("", "/en"):
        found += [f"{start}/officer/{page}/parcels/{REF}/" for page in ("edit", "history", "split", "merge")]
    box = f"{EAST},{NORTH},{EAST + 2000},{NORTH + 2000}"
    found.append(f"/officer/edit/parcels/ground.json?ref={REF}&srid=5899&box={box}&others=1")
    for model in apps.get_models():
        if admin.site.is_registered(model):
            base = f"/admin/{model._meta.app_label}/{model._meta.model_name}/"
            newest = model._default_manager.order_by("-pk").values_list("pk", flat=True)[:3]
            found += [base, *(f"{base}{pk}/change/" for pk in newest)]
    return found


def test_the_secrets_are_there_to_be_found(people: dict[str, User]) -> None:
    with connection.cursor() as cursor:
        for table in ("cadastre_parcel", "cadastre_parcelitem"):
            cursor.execute(f"SELECT string_agg(t::text, '') FROM {table} t WHERE ref = %s", [REF])
            stored = cursor.fetchone()[0]
            assert all(value in stored for value in HIDDEN.values()), table
    assert {"code-unknown", "text-undecodable", "value-too-long"} <= set(Issue.objects.values_list("code", flat=True))


@pytest.mark.parametrize("role", some_of(ROLES, every=3))
def test_nobody_finds_them_by_leafing(people: dict[str, User], role: str) -> None:
    client = Client(raise_request_exception=False)
    client.force_login(people[role])
    leaks, statuses = [], {}
    for url in _addresses():
        with the_log() as log:
            answer = client.get(url)
            body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        statuses[url] = answer.status_code
        if RUN.encode() in body.lower() or RUN in log.getvalue():
            leaks.append(url)
    assert leaks == []
    assert max(statuses.values()) < 500
    if role == "officer":
        assert list(statuses.values()).count(200) > 30


SPLIT, MERGE = f"/en/officer/split/parcels/{DIVIDED}/", f"/en/officer/merge/parcels/{JOINED}/"
ACROSS = f"{NORTH + 90.5 * SIDE} {EAST + 2 * SIDE}\n{NORTH + 90.5 * SIDE} {EAST + 3 * SIDE}"
HALVES = {"how": "line", "line": ACROSS, "legal-0": "200", "legal-1": "200"}
WHOLE = {"with": BESIDE, "legal-0": "800", "from-land_user": JOINED, "from-certificate_no": BESIDE}


def test_nobody_finds_them_by_splitting_and_merging(people: dict[str, User]) -> None:
    """Not where it is tried, refused, put in, handed in, or looked at before it is decided on."""
    leaks, row = [], registry.get("parcels").in_force._default_manager.get(ref=JOINED, until_revision=None)
    base = {"base": str(row.from_revision)}

    def told(role: str, url: str, said: dict[str, str] | None = None) -> tuple[int, str]:
        client = Client(raise_request_exception=False)
        client.force_login(people[role])
        with the_log() as log:
            answer = client.get(url) if said is None else client.post(url, said)
        page = (b"".join(answer.streaming_content) if answer.streaming else answer.content).decode()
        if RUN in page.lower() or RUN in log.getvalue():
            leaks.append((role, url, said))
        return answer.status_code, page

    for role in ROLES:
        statuses = {told(role, SPLIT, base | HALVES)[0], told(role, MERGE, base | WHOLE)[0]}
        drawn = ((SPLIT, HALVES), (MERGE, WHOLE), (f"/en/officer/edit/parcels/{JOINED}/", {"land_user_kind": "x"}))
        statuses |= {told(role, f"{url}checks.json", base | said)[0] for url, said in drawn}
        assert statuses <= {200, 403}, role
    for wrong in ({"line": "1 2"}, {"legal-0": "1"}, {"number-0": "9 0"}, {"number-0": "901"}, {"base": "1"}):
        assert told("officer", SPLIT, base | HALVES | wrong)[0] == 400, wrong
    for wrong in ({"with": ""}, {"legal-0": ""}, {"number-0": "902"}):
        assert told("officer", MERGE, base | WHOLE | wrong)[0] == 400, wrong
    assert told("officer", MERGE, base | WHOLE)[1].count(str(NOT_SHOWN)) >= 4  # who has it and by which paper
    for url, said in ((SPLIT, HALVES), (MERGE, WHOLE)):
        assert told("officer", url, base | said | {"step": "count"})[0] == 302
        told("officer", url, base | said | {"step": "count"})  # it is there already
    change_set = ChangeSet.objects.latest("id")
    assert change_set.passages.count() == 2
    desk = f"/en/officer/changes/{change_set.pk}/"
    told("officer", f"{desk}hand-in/", {"reason": "All of it"})
    children = list(change_set.edits.filter(kind="add").values_list("ref", flat=True))
    for role in ROLES:
        for url in (desk, f"{desk}items.geojson", f"{desk}issues.csv", SPLIT, MERGE):
            told(role, url)
        for ref in children:
            told(role, f"/en/officer/history/parcels/{ref}/")
    assert len(children) == 3 and leaks == []


def test_the_report_says_that_something_is_not_shown(people: dict[str, User]) -> None:
    client = Client()
    client.force_login(people["approver"])
    newest = ChangeSet.objects.filter(edits=None).order_by("-id")
    page = client.get(f"/en/officer/changes/{newest[1].pk}/").content.decode()
    assert "land user" in page.lower() and page.count("not shown") >= 6
    wrong = client.get(f"/officer/changes/{newest[0].pk}/").content.decode()
    assert "“không hiển thị”" in wrong


def test_the_terminal_and_what_is_kept_hold_none(people: dict[str, User], tmp_path: Path) -> None:
    path = _file(tmp_path / "terminal.csv", land_user_kind=canary("kind"), certificate_no=f"{canary('broken')}\ufffd")
    for as_json in (False, True):
        out = io.StringIO()
        with pytest.raises(SystemExit):
            call_command("load", path, dataset="parcels", crs="EPSG:4326", json=as_json, stdout=out)
        assert "code-unknown" in out.getvalue()
        assert RUN not in out.getvalue()
    kept = [*Issue.objects.values_list("params", flat=True), *ChangeSet.objects.values_list("reading", flat=True)]
    assert RUN not in json.dumps(kept, default=str)


def test_a_form_gives_back_what_it_does_not_show(people: dict[str, User]) -> None:
    """A constant that nobody sees is still said when the file is read again; what is typed anew is not lost for the old one."""
    from django.http import QueryDict

    from landgis.catalog import registry
    from landgis.workbench import forms
    from landgis.workbench.choices import Posted

    before = {"constants": {"land_user": canary("constant"), "map_sheet": "12"}}
    parcels = registry.get("parcels")
    offered = forms.offered(parcels, {}, Posted(before, "parcels"))
    shown = {one["name"]: one["said"] for one in offered["constants"]}
    assert (shown["land_user"], shown["map_sheet"]) == (forms.KEPT, "12")
    sent = QueryDict(mutable=True)
    sent.update({f"constant:{name}": said for name, said in shown.items()})
    assert forms.posted(sent, before).choices["constants"] == before["constants"]
    sent["constant:land_user"], sent["source_as_of"] = "another", "no day"
    wrong = forms.posted(sent, before)
    shown = {one["name"]: one["said"] for one in forms.offered(parcels, {}, wrong)["constants"]}
    assert wrong.wrong and shown["land_user"] == "another"
