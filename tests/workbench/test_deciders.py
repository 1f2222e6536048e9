"""Who decides is in the declaration: approvers on features, publishers on auctions; and who says when it is published."""

from collections.abc import Callable

import pytest
from django.test import Client

from landgis.accounts.models import User
from landgis.changes.models import State
from landgis.mail.models import Mail
from landgis.workbench import telling
from landgis.workbench.models import Run
from tests.workbench.conftest import do_waiting
from tests.workbench.test_edits import a_ref, edit, row, step

pytestmark = pytest.mark.usefixtures("own_world", "state")
ClientOf = Callable[[str], Client]


def test_publishers_decide_on_auctions(signed_in: ClientOf, people: dict[str, User]) -> None:
    for name in ("approver", "publisher"):
        User.objects.filter(pk=people[name].pk).update(email=f"{name}@example.org", mail_language="en")
    ref = a_ref("auctions")
    change_set = edit(signed_in("officer"), "auctions", ref, title="Another title")
    step(signed_in("officer"), change_set, "hand-in", reason="As the notice says")
    assert change_set.state == State.SUBMITTED
    address = f"/officer/changes/{change_set.pk}/"
    for name, decides in (("approver", False), ("publisher", True)):
        client = signed_in(name)
        assert ("Approve and publish" in client.get(f"/en{address}").content.decode()) is decides, name
        assert (address in client.get("/en/officer/?show=decide").content.decode()) is decides, name
    for name in ("approve", "decide", "reject"):
        assert signed_in("approver").post(f"{address}{name}/", {"reason": "x"}).status_code == 403, name
    telling.tell()
    assert [mail.to for mail in Mail.objects.filter(purpose=telling.PURPOSE)] == ["publisher@example.org"]
    step(signed_in("publisher"), change_set, "decide", then="publish")
    do_waiting()
    assert row("auctions", ref)["title"] == "Another title"


def test_approvers_decide_on_lots_and_publishers_say_when(signed_in: ClientOf) -> None:
    change_set = edit(signed_in("officer"), "auction-lots", a_ref("auction-lots"), address="1 Lê Lợi")
    step(signed_in("officer"), change_set, "hand-in", reason="Typing error")
    address = f"/en/officer/changes/{change_set.pk}/"
    assert signed_in("publisher").post(f"{address}approve/").status_code == 403
    step(signed_in("approver"), change_set, "decide", then="approve")
    assert change_set.state == State.APPROVED and not Run.objects.exists()
    publisher = signed_in("publisher")
    assert "Publish then" in publisher.get(address).content.decode()
    assert "still to come" in step(publisher, change_set, "publish", then="plan", at="01/01/2020 08:00")
    assert "It is published at 31 Dec 2090" in step(
        publisher, change_set, "publish", then="plan", at="31/12/2090 08:00"
    )
    assert Run.objects.get().by.username == "publisher"
    assert signed_in("officer").post(f"{address}publish/").status_code == 403
