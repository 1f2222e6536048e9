"""The office of the access matrix: two communes with their people, and a change set in every state."""

from dataclasses import dataclass, field
from typing import Any

import shapely
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import Group
from django.test import Client, override_settings
from django.utils import timezone

from landgis.accounts.actions import ensure_roles
from landgis.accounts.models import Role, User
from landgis.catalog import registry
from landgis.changes import actions as changes
from landgis.changes import handing, redactions
from landgis.changes.models import ChangeSet, Door
from landgis.feedback import answers
from landgis.feedback.models import Report
from landgis.mail.models import Mail
from landgis.places import holdings
from landgis.workbench.models import Edit, Run
from tests import samples
from tests.catalog.test_communes_of_today import DIVIDED, PLOTS, publish
from tests.people import in_whole_office

# Of the office of "left", if nothing else is said here.
ROLES = (
    "stranger",
    "analyst",  # whole office
    "officer",  # the author of everything
    "whole",  # an officer of the whole office
    "other",  # an officer of "right"
    "approver",
    "elsewhere",  # an approver of "right"
    "bare",  # an approver who has not set up the second factor
    "publisher",  # whole office
    "admin",  # may do everything
    "keeper",  # an administrator: the role, for the accounts alone
)
Row = dict[str, Any]
GROUPS = {
    "whole": "officer",
    "other": "officer",
    "elsewhere": "approver",
    "bare": "approver",
    "keeper": "administrator",
}
LEFT, LEFT_APPLIED, LEFT_EDITED, RIGHT = PLOTS[0], PLOTS[1], PLOTS[2], PLOTS[8]
AUCTIONED = {"T-1": LEFT, "T-2": LEFT_APPLIED}  # the ground of each auction
LED_TO = ("draft", "checked", "submitted", "approved", "applied", "rejected", "withdrawn")
DOORS = {"file": Door.FILE, "edits": Door.OFFICER}
OF_AUCTIONS = ("submitted", "approved", "applied")
# Then files of auctions of "left", on which a publisher decides. The last three are what "left" received about a plot of
# "right": a file handed over, one taken on there, and so edits.
STATES = (
    *(f"{door}-{state}" for door in DOORS for state in LED_TO),
    *(f"auctions-{state}" for state in OF_AUCTIONS),
    "handed",
    "taken",
    "entrusted",
)


@dataclass
class Story:
    """`change_sets` and `edits` are numbers by state; `said` is what every form with a step sends beside the step."""

    clients: dict[str, Client]
    change_sets: dict[str, int] = field(default_factory=dict)
    edits: dict[str, int] = field(default_factory=dict)
    said: dict[str, str] = field(default_factory=dict)


@override_settings(CONFIRM_FEATURES=100)
def tell() -> Story:
    """All of it, committed."""
    ensure_roles()
    samples.the_whole_state(PLOTS)
    publish(DIVIDED)
    people = _people()
    story = Story({"stranger": Client(raise_request_exception=False)})
    for role, user in people.items():
        story.clients[role] = Client(raise_request_exception=False)
        story.clients[role].force_login(user)
    for door, plot_applied in (("file", LEFT_APPLIED), ("edits", LEFT_EDITED)):
        for state in LED_TO:
            plot = plot_applied if state == "applied" else LEFT
            change_set = _led_to(state, plot, DOORS[door], people)
            story.change_sets[f"{door}-{state}"] = change_set.pk
            if door == "edits":
                story.edits[f"edits-{state}"] = _edit(change_set, plot).pk
    _auctions_in_force()
    for state, code in zip(OF_AUCTIONS, ("T-1", "T-1", "T-2"), strict=True):
        renamed = _staged("auctions", [_auction(code, "Another title")], by=people["officer"])
        story.change_sets[f"auctions-{state}"] = _led_on(renamed, state, people["officer"], people["publisher"]).pk
    for state, door in (("handed", Door.FILE), ("taken", Door.FILE), ("entrusted", Door.OFFICER)):
        received = _led_to("checked", RIGHT, door, people)
        handing.hand_over(received, "right", by=people["officer"], note="x")
        if state != "handed":
            handing.take_on(received, by=people["other"])
        if door == Door.OFFICER:
            story.edits[state] = _edit(received, RIGHT).pk
        story.change_sets[state] = received.pk
    story.said = _said(_of_all_else(people))
    return story


def _edit(change_set: ChangeSet, plot: samples.Plot) -> Edit:
    """As an officer left it, finished."""
    facts = {"name": {"text": "Still another name"}}
    about = {"change_set": change_set, "ref": plot["plot_code"], "facts": facts}
    return Edit.objects.create(**about, base_revision=1, is_ready=True, saves=1)


def _people() -> dict[str, User]:
    left = holdings.make("left", "Xã Trái", ["1-b"], by=None)
    right = holdings.make("right", "Xã Phải", ["2-b"], by=None)
    holdings.make("far", "Xã Xa", ["3-b"], by=None)
    found = {}
    for name in ROLES[1:]:
        user = User.objects.create_user(name, password="một câu dài", is_staff=True, is_superuser=name == "admin")
        found[name] = user
        role = GROUPS.get(name, name)
        user.groups.set(Group.objects.filter(name=role))
        if name in ("analyst", "whole", "publisher", "keeper"):
            in_whole_office(user)
        elif name != "admin":
            holdings.give(user, Role(role), right if name in ("other", "elsewhere") else left, by=None)
    Authenticator.objects.filter(user=found["bare"]).delete()
    return found


def _led_to(state: str, plot: samples.Plot, door: Door, people: dict[str, User]) -> ChangeSet:
    """A change set of the officer's in that state."""
    officer, approver = people["officer"], people["approver"]
    change_set = samples.drafted([plot | {"name": "Another name"}], by=officer, door=door)
    return _led_on(change_set, state, officer, approver)


def _led_on(change_set: ChangeSet, state: str, officer: User | None, approver: User | None) -> ChangeSet:
    if state != "draft":
        changes.check(change_set)
    if state in ("submitted", "approved", "applied", "rejected"):
        changes.submit(change_set, by=officer)
    if state in ("approved", "applied"):
        changes.approve(change_set, by=approver)
    if state == "applied":
        changes.apply(change_set, by=approver)
    if state == "rejected":
        changes.reject(change_set, by=approver, reason="x")
    if state == "withdrawn":
        changes.withdraw(change_set, by=officer, reason="x")
    assert change_set.state == state
    return change_set


def _ground(plot: samples.Plot) -> Row:
    drawn = shapely.set_srid(shapely.MultiPolygon([shapely.box(*plot["box"])]), 4326)
    return {"boundary": shapely.to_wkb(drawn, hex=True, include_srid=True), "area_m2": 1940, "legal_srid": 4326}


def _auction(code: str, title: str) -> Row:
    about = {"auction_code": code, "title": title, "stream": "DATO", "status": "TB1", "starting_total_vnd": 10**9}
    return about | _ground(AUCTIONED[code])


def _lot(code: str) -> Row:
    """The one lot of an auction."""
    plot = AUCTIONED[code]
    about = {"lot_code": f"{code}-1", "name": "Lot", "auction_code": code, "status": "open", "area_legal_m2": 1940}
    place = {"old_commune_name": plot["commune_name"], "commune_code": plot["commune_code"]}
    return about | place | {"starting_price_vnd": 10**9} | _ground(plot)


def _auctions_in_force() -> None:
    """Two auctions, each with a lot in "left"."""
    for name, rows in (
        ("auctions", [_auction(code, "Title") for code in AUCTIONED]),
        ("auction-lots", [_lot(code) for code in AUCTIONED]),
    ):
        _led_on(_staged(name, rows, by=None), "applied", None, None)


def _staged(name: str, rows: list[Row], *, by: User | None) -> ChangeSet:
    dataset = registry.get(name)
    change_set = changes.draft(dataset, by=by, door=Door.FILE if by else Door.COMMAND_LINE)
    records = [(at, dataset.ref(row), None, *row.values()) for at, row in enumerate(rows, 1)]
    changes.stage(change_set, list(rows[0]), records)
    return change_set


def _of_all_else(people: dict[str, User]) -> Report:
    """One of all else that has a number, about a plot of "left": a run, a report, a mail, a redaction."""
    Run.objects.create(by=people["officer"], state="done", dataset="public-land", file_name="x.csv")
    now = timezone.now()
    about = {"dataset": "public-land", "ref": LEFT["plot_code"], "revision": 1, "kind": "fact", "language": "vi"}
    report = Report.objects.create(number="2026-00001", text="x", sender_key="x", made_at=now, status_at=now, **about)
    Mail.objects.create(purpose="x", about="x", to_key="x", subject="x", language="vi", message_id="<x@x>", until=now)
    reasons: Any = {"reason": "x", "public_reason": "y", "fate": redactions.Fate.DESTROY}
    ref = LEFT_APPLIED["plot_code"]
    redactions.ask("public-land", ref, "name", seen_in=1, by=people["officer"], **reasons)
    return report


def _said(report: Report) -> dict[str, str]:
    """What is sent; each form takes of it what it knows."""
    return {
        "reason": "Nothing but a trial",
        "to": "far",
        "status": "no-change",
        "answer": "x",
        "seen": answers.version(report),
        "base": "1",
        "saves": "1",
    }
