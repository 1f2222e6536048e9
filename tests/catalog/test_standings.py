"""Sizes of zones that hold and of zones that are pending are no sum."""

import json

import pytest
from django.test import Client

from landgis.planning.models import PENDING

pytestmark = pytest.mark.usefixtures("world")


def test_plans_in_force_and_drafts_are_not_summed(client: Client) -> None:
    zones = [one["properties"] for one in json.loads(client.get("/planning.geojson").getvalue())["features"]]
    states = {zone["plan_state"] for zone in zones}
    assert len(states) > 1 and states & set(PENDING)

    def sum_of(query: str) -> tuple[bool, float | None]:
        total = client.get(f"/planning.json?{query}").json()["totals"][""][0]
        return total["is_of_one_standing"], total["area_legal"]

    def of(*wanted: str) -> float:
        return sum(zone["area_legal_m2"] for zone in zones if zone["plan_state"] in wanted)

    assert sum_of("") == (False, pytest.approx(of("in-force")))
    for state in states:
        assert sum_of(f"plan_state={state}") == (True, pytest.approx(of(state)))
    page = client.get("/planning/").content.decode()
    assert "chỉ tính phần đang có hiệu lực" in page
    assert "only what is in force" in client.get("/en/").content.decode()
    told = client.get("/datasets/planning-zones.json").json()
    assert told["is_of_one_standing"] is False
    assert "is_of_one_standing" in client.get("/public-land.json").json()["totals"][""][0]
    pending = sorted(states & set(PENDING))[:2]
    if len(pending) > 1:  # neither holds: no sum at all
        assert sum_of("&".join(f"plan_state={state}" for state in pending)) == (False, None)
