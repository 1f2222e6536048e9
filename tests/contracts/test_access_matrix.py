"""Who gets what at every address: a table written by hand (access_matrix.txt), held against what the server answers.

The table is what the office expects; nothing of it is computed from the program. Its head says how it is read.
"""

import copy
import fnmatch
import re
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client, override_settings
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from landgis.workbench.views.decisions import STEPS
from tests import databases, samples
from tests.contracts.access_story import ROLES, STATES, Story, tell

TABLE = Path(__file__).with_name("access_matrix.txt")
METHODS = ("GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS")
REST = "*"
# Of which `make test` asks, beside those where something is done.
FEW_STATES = {"GET": ("file-submitted", "edits-draft", "handed"), "POST": ("handed",)}
Key = tuple[str, str]
Answers = tuple[str, ...]
# What stands in an address, by the name of its parameter.
PARTS: dict[str, Any] = {
    "name": "public-land",
    "ref": "P-00000",
    "kind": "webp",
    "section": "site",
    "z": 10,
    "x": 816,
    "y": 481,
    "pk": 1,
    "id": 1,
    "number": 1,
    "object_id": 1,
    "content_type_id": 1,
    "provider_id": "office",
    "edit": 0,
    "enclosure": 0,
    "app_label": "changes",
    "url": "nowhere/",
}
PARTS_OF: dict[str, dict[str, Any]] = {
    "pages:guide": {"name": "privacy"},
    "people:territory": {"number": 4},  # "far", which nobody holds
    "feedback:status": {"number": "2026-00001"},
    "workbench:report": {"number": "2026-00001"},
    "documents:file": {"name": f"{0:064x}.pdf"},
    "documents:page": {"name": f"{0:064x}.pdf", "number": "1"},
    "workbench:document": {"name": f"{0:064x}.pdf"},
    "workbench:document-page": {"name": f"{0:064x}.pdf"},
    "imagery:item": {"name": "ground"},
    "imagery:tile": {"name": "ground"},
}


def addresses(
    resolver: URLResolver | None = None, space: str = "", place: str = ""
) -> Iterator[tuple[str, URLPattern]]:
    """Every address by name; one without a name by its place."""
    for one in (resolver or get_resolver()).url_patterns:
        here = f"{place}{one.pattern}"
        if isinstance(one, URLResolver):
            yield from addresses(one, f"{space}{one.namespace}:" if one.namespace else space, here)
        else:
            yield (f"{space}{one.name}" if one.name else here), one


def table() -> dict[Key, Answers]:
    """(address, method) -> the answer of each role."""
    found: dict[Key, Answers] = {}
    rest: dict[str, Answers] = {}
    for line in TABLE.read_text(encoding="utf-8").splitlines():
        words = line.partition("#")[0].split()
        if not words:
            continue
        address, methods, *answers = words
        if answers[0] == "all":
            answers = answers[1:] * len(ROLES)
        assert len(answers) == len(ROLES), f"This line needs one answer for each of {ROLES}: {line}"
        for name in _spelt_out(address):
            for method in methods.split(","):
                twice = name in rest if method == REST else (name, method) in found
                assert not twice, f"{name} {method} stands twice in {TABLE.name}"
                if method == REST:
                    rest[name] = tuple(answers)
                else:
                    found[name, method] = tuple(answers)
    return {(name, method): said for name, said in rest.items() for method in METHODS} | found


def _spelt_out(address: str) -> list[str]:
    """`{a,b}@{c,d}` is four addresses, `a@*` one for each state."""
    several = re.fullmatch(r"([^{]*)\{([^}]*)\}(.*)", address)
    if several is not None:
        before, middle, after = several.groups()
        return [one for part in middle.split(",") for one in _spelt_out(f"{before}{part}{after}")]
    name, _at, state = address.partition("@")
    if not state:
        return [address]
    found = fnmatch.filter(STATES, state)
    assert found, f"There is no state {state}"
    return [f"{name}@{one}" for one in found]


def _name(address: str) -> str:
    """Of an address with a step or a state."""
    return address if address.startswith("admin/") else re.split("[/@]", address)[0]


def _asked_for() -> set[str]:
    """Every address; those of a change set in each state, its steps one by one."""
    found = set()
    for name, pattern in addresses():
        if not str(pattern.pattern).startswith("changes/<int:number>"):
            found.add(name)
            continue
        each = [f"{name}/{step}" for step in STEPS] if name == "workbench:step" else [name]
        found |= {f"{one}@{state}" for one in each for state in STATES}
    return found


def test_every_address_has_its_line_for_every_method() -> None:
    lines, there = set(table()), _asked_for()
    plain = {(_name(address), method) for address, method in lines}
    known = lines | plain | {(re.sub("/[a-z-]+@", "@", address), method) for address, method in lines}
    lacking = sorted({name for name in there for method in METHODS if (name, method) not in known})
    assert not lacking, (
        f"Who may do what at these addresses? Write into {TABLE.name} what the office expects, a line for each:"
        f" address, methods, and the answer for each of {', '.join(ROLES)}: {lacking}"
    )
    gone = sorted({name for name, _method in plain} - {_name(one) for one in there})
    assert not gone, f"There are no such addresses any more; take their lines out of {TABLE.name}: {gone}"


@pytest.fixture(scope="module")
def story(migrated: str, django_db_blocker: Any) -> Iterator[Story]:
    with django_db_blocker.unblock(), databases.made(migrated) as name, databases.used(name):
        yield tell()


def _path(address: str, patterns: Mapping[str, URLPattern], story: Story) -> str:
    """With parts put in: of a change set in the state that stands behind an @."""
    name, step = _name(address), re.sub(r"^[^/]*/|@.*$", "", address)
    if name.startswith("admin/"):  # without a name
        return "/" + re.sub(r"<[^>]*>|\(\?P.*\)\$", "1", name)
    pattern = patterns[name].pattern
    known = {**PARTS, "dataset": samples.public_land(), "step": step, **PARTS_OF.get(name, {})}
    state = address.partition("@")[2]
    if state:
        known |= {"number": story.change_sets[state], "edit": story.edits.get(state, 0)}
    return reverse(name, kwargs={part: known[part] for part in pattern.converters or pattern.regex.groupindex})


def _body(address: str, story: Story) -> dict[str, str]:
    """What a form sends: nothing, unless the address names a step."""
    step = re.search("/([a-z-]+)", address)
    return {"step": step[1], **story.said} if step and not address.startswith("admin/") else {}


def answer(client: Client, method: str, path: str, body: dict[str, str]) -> str:
    """What the server says, in the words of the table; nothing of it stays."""
    cookies = copy.deepcopy(client.cookies)
    with transaction.atomic():
        before = _written() if body else ()
        got = client.post(path, body) if method == "POST" else client.generic(method, path)
        if got.streaming:
            list(got)
        is_done = bool(body) and got.status_code < 400 and _written() != before
        transaction.set_rollback(True)
    client.cookies = cookies
    if is_done:
        return "done"
    where = got.headers.get("Location", "")
    if not 300 <= got.status_code < 400 or got.status_code == 304:
        return str(got.status_code)
    if "/officer/sign-in/" in where and "/officer/sign-in/ended" not in where:
        return "in"
    return "set" if "/officer/account/factors/?" in where else "on"


def _written() -> tuple[int, ...]:
    """How much has been done so far: lines of the audit but for refusals, what the background has to do, saves of edits."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT (SELECT count(*) FROM changes_auditentry WHERE verb <> 'person.refused'),"
            " (SELECT count(*) FROM workbench_run), (SELECT coalesce(sum(saves), 0) FROM workbench_edit)"
        )
        return tuple(cursor.fetchone())


def _is_asked(address: str, method: str, role: str, expected: Answers, *, whole: bool) -> bool:
    """In `make prove` everything, but what is alike for all or in every state once.

    In `make test` what tells people apart: at each address one of those who get the same, another one at the next.
    """
    state, is_admin = address.partition("@")[2], address.startswith("admin")
    if state not in ("", STATES[0]) and method not in ("GET", "POST"):
        return False
    if len(set(expected)) == 1:
        few = method == "GET" and role == "stranger"
        return state in ("", STATES[0]) and (role in ("stranger", "admin") if whole else few)
    if is_admin and (not whole or method != "GET") and role not in ("stranger", "officer", "bare", "admin"):
        return False
    if whole:
        return True
    if method not in ("GET", "POST") or (method == "POST" and is_admin):
        return False
    return (not state or "done" in expected or state in FEW_STATES[method]) and _is_one_of_alike(
        address, method, role, expected
    )


def _is_one_of_alike(address: str, method: str, role: str, expected: Answers) -> bool:
    said = expected[ROLES.index(role)]
    alike = [one for one, theirs in zip(ROLES, expected, strict=True) if theirs == said]
    return alike[zlib.crc32(f"{address} {method}".encode()) % len(alike)] == role


FEW_OR_ALL = [pytest.param(False, id="few"), pytest.param(True, id="whole", marks=pytest.mark.prove)]


@pytest.mark.parametrize("whole", FEW_OR_ALL)
def test_everybody_gets_what_the_table_says(story: Story, whole: bool) -> None:
    """`make prove` asks all that `make test` does not."""
    patterns = dict(addresses())
    wrong = []
    with override_settings(CONFIRM_FEATURES=100):
        for (address, method), expected in table().items():
            path, body = _path(address, patterns, story), _body(address, story)
            for role, said in zip(ROLES, expected, strict=True):
                few, every = (_is_asked(address, method, role, expected, whole=one) for one in (False, True))
                if every and not few if whole else few:
                    told = answer(story.clients[role], method, path, body)
                    if told != said:
                        wrong.append(f"{address} {method} {role}: {told}, and not {said}")
    assert not wrong, "\n".join(wrong)
