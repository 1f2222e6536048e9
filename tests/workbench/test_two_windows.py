"""What one person does in two windows, or presses twice: nothing that was acknowledged is overwritten unseen, and nothing breaks."""

from collections.abc import Callable

import pytest
from django.test import Client

from landgis.changes.models import State
from landgis.workbench.models import Edit
from tests.changes.test_concurrency import in_threads
from tests.workbench.test_edits import a_ref, edit, form_of

pytestmark = pytest.mark.usefixtures("own_world", "state")
ClientOf = Callable[[str], Client]
NAME = "auction-lots"


def test_a_window_that_is_behind_shows_both_and_overwrites_nothing(signed_in: ClientOf) -> None:
    client, ref = signed_in("officer"), a_ref(NAME)
    address = f"/en/officer/edit/{NAME}/{ref}/"
    form = form_of(client.get(address).content.decode()) | {"step": "save"}
    assert client.post(address, form | {"address": "12 Lê Lợi", "frontage_m": "7"}).status_code == 302
    behind = client.post(address, form | {"address": "14 Lê Lợi"})
    page = behind.content.decode()
    assert behind.status_code == 409
    assert "12 Lê Lợi" in page and 'data-shows="kept"' not in page
    assert Edit.objects.get().facts == {"address": {"text": "12 Lê Lợi"}, "frontage_m": {"text": "7"}}
    # Seen by its author it is saved; what the window did not know of stays.
    assert client.post(address, form_of(page) | {"step": "save"}).status_code == 302
    assert Edit.objects.get().facts == {"address": {"text": "14 Lê Lợi"}, "frontage_m": {"text": "7"}}


def test_of_two_windows_that_save_at_once_one_is_told(signed_in: ClientOf) -> None:
    ref = a_ref(NAME)
    clients = [signed_in("officer") for _at in range(4)]
    address = f"/officer/edit/{NAME}/{ref}/"
    form = form_of(clients[0].get(address).content.decode()) | {"step": "save"}
    codes = in_threads(lambda at: clients[at].post(address, form | {"address": f"{at} Lê Lợi"}).status_code)
    assert sorted(codes) == [302, 409, 409, 409], codes
    assert Edit.objects.get().facts["address"] == {"text": f"{codes.index(302)} Lê Lợi"}


def test_what_is_taken_out_twice_or_while_it_is_handed_in_is_said(signed_in: ClientOf) -> None:
    clients = [signed_in("officer") for _at in range(2)]
    change_set = edit(clients[0], NAME, a_ref(NAME), address="12 Lê Lợi")
    about = f"/officer/changes/{change_set.pk}/"
    one = Edit.objects.get()
    codes = in_threads(lambda at: clients[at].post(f"{about}edits/{one.pk}/out/").status_code, 2)
    assert 302 in codes and set(codes) <= {302, 404}, codes
    change_set.refresh_from_db()
    assert change_set.state == State.WITHDRAWN
    change_set = edit(clients[0], NAME, a_ref(NAME), address="12 Lê Lợi")
    about, one = f"/officer/changes/{change_set.pk}/", Edit.objects.get(change_set=change_set)
    asked = [(f"{about}hand-in/", {"reason": "Typing error"}), (f"{about}edits/{one.pk}/out/", {})]
    codes = in_threads(lambda at: clients[at].post(*asked[at]).status_code, 2)
    assert all(code in (302, 404) for code in codes), codes
    change_set.refresh_from_db()
    assert change_set.state in (State.SUBMITTED, State.WITHDRAWN)
    assert change_set.edits.exists() == (change_set.state == State.SUBMITTED)


def test_a_new_feature_is_begun_once_and_its_page_goes_on_with_it_without_a_script(signed_in: ClientOf) -> None:
    officer, address = signed_in("officer"), "/en/officer/edit/planning-zones/new/"
    form = form_of(officer.get(address).content.decode())
    typed = form | {"zone_code": "QH-MOI", "name": "Khu mới", "plan_name": "Quy hoạch 2030", "step": "read"}
    page = officer.post(address, typed).content.decode()
    assert f'action="{address}?draft={Edit.objects.get().pk}"' in page
    again = officer.post(address, typed | {"name": "Khu khác"})
    assert again.status_code == 400
    assert "You have an open edit of QH-MOI" in again.content.decode() and "Khu khác" in again.content.decode()
    assert Edit.objects.get().facts["name"] == {"text": "Khu mới"}
