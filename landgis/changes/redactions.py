"""Taking a value that was published by mistake out of all that is kept: two people, a reason, and a line of it in public.

What the database holds goes in one transaction, under the lock of the apply. Other apps that keep such values
say how they take them out (`add_keeper`); what lies outside of the database follows after the commit, and is done again until it
is done (`finish`). docs/decisions/0017-redaction.md says why it is built so.
"""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from psycopg import sql

from landgis.accounts.models import Role, User
from landgis.catalog import published, registry, statistics
from landgis.catalog.dataset import Dataset
from landgis.changes import (
    audit,
    checksums,
    followers,
    item_files,
    item_storage,
    items,
    redacted_items,
    seals,
    territories,
    words,
)
from landgis.changes.models import ChangeSet, Fate, Issue, Redaction, RedactionState
from landgis.lib import statements

MARK = "███"  # stands where the value stood in a text
SHORTEST = 3  # letters: what is shorter stands in texts by chance
ASKS = (Role.OFFICER, Role.APPROVER, Role.PUBLISHER)
CONFIRMS = (Role.APPROVER, Role.PUBLISHER)

words.add_verbs(
    {
        "redaction.ask": gettext_lazy("asked to take out a value"),
        "redaction.confirm": gettext_lazy("took out a value"),
        "redaction.decline": gettext_lazy("declined to take out a value"),
    }
)


class NotRedactable(Exception):
    """It cannot be done, or not yet; the text says why, in the reader's language."""


@dataclass(frozen=True)
class Target:
    """What is to be taken out, as the keepers get it. `about` are the change sets that have the feature among their items.

    `brought` are those of them that brought the value, `checksums` the files they were read from.
    """

    redaction: Redaction
    dataset: Dataset
    value: Any
    about: frozenset[int]
    brought: frozenset[int] = frozenset()
    checksums: frozenset[str] = frozenset()

    @property
    def blank(self) -> Any:
        """What stands in a column in its place: fields that may not be missing have a text or a list still."""
        return [] if self.dataset.field(self.redaction.field).parts else ""

    @cached_property
    def pattern(self) -> re.Pattern[str] | None:
        """Finds it in texts, in large and small letters; None where it is too short for that."""
        texts = sorted({text for text in texts_of(self.value) if len(text) >= SHORTEST}, key=len, reverse=True)
        return re.compile("|".join(map(re.escape, texts)), re.IGNORECASE) if texts else None

    def without(self, said: Any) -> Any:
        """A text, or a JSON value with its texts, with the mark where the value stood."""
        if isinstance(said, str):
            return self.pattern.sub(MARK, said) if self.pattern else said
        if isinstance(said, dict):
            return {name: self.without(one) for name, one in said.items()}
        return [self.without(one) for one in said] if isinstance(said, list) else said


@dataclass(frozen=True)
class Keeper:
    """An app that keeps values somewhere: `clean` in the transaction, and what is done outside of it, as often as one likes."""

    name: str
    clean: Callable[[Target], None] | None = None
    finish: Callable[[Redaction], None] | None = None


_keepers: dict[str, Keeper] = {}


def add_keeper(keeper: Keeper) -> None:
    _keepers[keeper.name] = keeper


@transaction.atomic
def ask(
    dataset: str, ref: str, field: str, *, seen_in: int, reason: str, public_reason: str, fate: Fate, by: User
) -> Redaction:
    """Ask that what a field of a feature said in a revision be taken out.

    Raises NotRedactable, PermissionDenied, and Outside where the feature lies in no territory of the person's.
    """
    _must(by, ASKS)
    about = {"dataset": dataset, "ref": ref, "field": field, "seen_in": seen_in}
    redaction = Redaction(**about, reason=reason, public_reason=public_reason, fate=fate, asked_by=by)
    if not reason.strip() or not public_reason.strip():
        raise NotRedactable(_("Give a reason for the office and one in public words."))
    if fate == Fate.SEAL and settings.SEAL_CERTIFICATE is None:
        raise NotRedactable(_("Nothing can be sealed here: the office has given no certificate for it."))
    target = _target(redaction)
    territories.must_of_past(by, ASKS, target.dataset, ref)
    if any(target.without(text) != text for text in (reason, public_reason)):
        raise NotRedactable(_("The reasons must not repeat the value that is to be taken out."))
    if Redaction.objects.filter(**about, state=RedactionState.ASKED).exists():
        raise NotRedactable(_("That has been asked for already."))
    redaction.save()
    _audit(by, "ask", redaction)
    return redaction


@transaction.atomic
def decline(redaction: Redaction, *, by: User) -> None:
    """Leave it as it is. Who asked for it may take it back so. Raises NotRedactable, PermissionDenied and Outside."""
    if by.pk != redaction.asked_by_id:
        _must(by, CONFIRMS)
        _must_lie(redaction, by)
    _decide(redaction, RedactionState.DECLINED, by)
    _audit(by, "decline", redaction)


@transaction.atomic
def confirm(redaction: Redaction, *, by: User) -> None:
    """Take it out, whole or not at all; files follow after the commit. Raises NotRedactable, PermissionDenied and Outside."""
    item_storage.hold_lock()
    published.hold_apply_lock()
    _must(by, CONFIRMS)
    _must_lie(redaction, by)
    if by.pk == redaction.asked_by_id:
        raise NotRedactable(_("Another person has to confirm it than the one who asked for it."))
    target = _target(redaction)
    _decide(redaction, RedactionState.DONE, by)
    for keeper in _keepers.values():
        if keeper.clean:
            keeper.clean(target)
    redacted_items.clean(target)
    redaction.revisions, redaction.checksums = _take_out(target), sorted(target.checksums)
    redaction.save(update_fields=["revisions", "checksums"])
    tables = (target.dataset.in_force, target.dataset.proposed, ChangeSet, Issue)
    statistics.refresh(*(model._meta.db_table for model in tables))  # the old ones quote frequent values
    _audit(by, "confirm", redaction)
    transaction.on_commit(finish, robust=True)


def finish() -> None:
    """Do what is left of confirmed redactions outside of their transactions; after a cut, what the cut left."""
    for redaction in Redaction.objects.filter(state=RedactionState.DONE, finished_at=None):
        followers.follow_all()
        for keeper in _keepers.values():
            if keeper.finish:
                keeper.finish(redaction)
        Redaction.objects.filter(pk=redaction.pk, finished_at=None).update(finished_at=Now())


def value_of(redaction: Redaction) -> Any:
    """What would be taken out. Raises NotRedactable where it cannot be."""
    return _target(redaction).value


def redactable(dataset: Dataset) -> list[str]:
    """The fields of which a value can be taken out: texts and lists, but for what tells which feature it is."""
    names = [field.name for field in dataset.fields if field.parts or dataset.is_free_text(field.name)]
    return [name for name in names if name not in (*dataset.identity, *dataset.optional_identity)]


def published_sql() -> sql.Composable:
    """SELECT of what readers may know: of public rows, in which public field a value is missing, since when and why."""
    parts = [_published_of(dataset) for dataset in registry.all_datasets() if not dataset.is_internal]
    return sql.SQL(" UNION ALL ").join(parts) if parts else _published_of(None)


def _published_of(dataset: Dataset | None) -> sql.Composable:
    columns = sql.SQL("SELECT x.dataset, x.ref, x.field, x.decided_at, x.public_reason, {} FROM changes_redaction x{}")
    if dataset is None:
        return columns.format(sql.SQL("x.revisions"), sql.SQL(" WHERE false"))
    names = [field.name for field in dataset.stated_fields]
    rows = sql.SQL(
        " CROSS JOIN LATERAL (SELECT array_agg(f.from_revision ORDER BY f.from_revision) AS revisions FROM {table} f"
        " WHERE f.ref = x.ref AND f.from_revision = ANY (x.revisions) AND {is_public}) s"
        " WHERE x.state = 'done' AND x.dataset = {name} AND x.field = ANY ({names}::text[]) AND s.revisions IS NOT NULL"
    ).format(
        table=sql.Identifier(dataset.in_force._meta.db_table),
        is_public=published.is_public_sql(dataset),
        name=sql.Literal(dataset.name),
        names=sql.Literal(names),
    )
    return columns.format(sql.SQL("s.revisions"), rows)


def may_decide(redaction: Redaction, by: User) -> bool:
    """Whether the person may decline it, or confirm it where another one asked."""
    try:
        _must(by, CONFIRMS)
        _must_lie(redaction, by)
    except (PermissionDenied, territories.Outside):
        return False
    return True


def _must(by: User, roles: tuple[Role, ...]) -> None:
    if not (by.is_active and (by.is_superuser or any(by.has_role(role) for role in roles))):
        raise PermissionDenied


def _must_lie(redaction: Redaction, by: User) -> None:
    """Raises Outside where the feature lies in no territory in which the person decides."""
    dataset = next((one for one in registry.all_datasets() if one.name == redaction.dataset), None)
    if dataset is not None:
        territories.must_of_past(by, CONFIRMS, dataset, redaction.ref)


def _decide(redaction: Redaction, state: RedactionState, by: User) -> None:
    asked = Redaction.objects.filter(pk=redaction.pk, state=RedactionState.ASKED)
    if asked.update(state=state, decided_by=by, decided_at=Now()) != 1:
        raise NotRedactable(_("It has been decided on meanwhile."))
    redaction.refresh_from_db()


def _target(redaction: Redaction) -> Target:
    """What it is about, as things stand now. Raises NotRedactable."""
    known = {dataset.name: dataset for dataset in registry.all_datasets()}
    dataset, ref, field = known.get(redaction.dataset), redaction.ref, redaction.field
    if dataset is None or field not in redactable(dataset):
        raise NotRedactable(_("A value can be taken out of texts and lists that do not tell which feature it is."))
    rows = dataset.in_force._default_manager.filter(ref=ref)
    then = rows.filter(Q(until_revision=None) | Q(until_revision__gt=redaction.seen_in))
    value = then.filter(from_revision__lte=redaction.seen_in).values_list(field, flat=True).first()
    if not value:
        raise NotRedactable(_("In that revision the feature said nothing there, or was not in force."))
    if rows.filter(until_revision=None, **{field: value}).exists():
        raise NotRedactable(_("It is in force still: publish the right value first."))
    try:
        said_of_it = [(item.change_set_id, getattr(item, field)) for item in items.of_feature(dataset, ref)]
    except item_files.ItemsUnreadable as error:
        text = _("The file %(name)s of the store is missing or damaged: put it back from a backup first.")
        raise NotRedactable(text % {"name": error}) from None
    target = Target(redaction, dataset, value, about=frozenset(number for number, _said in said_of_it))
    brought = frozenset(number for number, said in said_of_it if said == value or target.without(said) != said)
    open_one = ChangeSet.objects.filter(pk__in=brought).exclude(state__in=items.ENDED).first()
    if open_one is not None:
        text = _("Change set %(number)s would bring it back: reject or withdraw that first.")
        raise NotRedactable(text % {"number": open_one.pk})
    files = ChangeSet.objects.filter(pk__in=brought).exclude(file_sha256="")
    return replace(target, brought=brought, checksums=frozenset(files.values_list("file_sha256", flat=True)))


def _take_out(target: Target) -> list[int]:
    """Of what the application has no right to change: rows that have ended, sources of revisions, the audit."""
    dataset, field = target.dataset, target.redaction.field
    ended = dataset.in_force._default_manager.filter(ref=target.redaction.ref, **{field: target.value})
    blank = sql.Literal("[]" if target.blank == [] else "")
    sums = checksums.sums_with(dataset, ended.exclude(until_revision=None).values_list("pk", flat=True), {field: blank})
    seals.hold()
    revisions: list[int] = statements.value(
        "SELECT changes_take_out(%s, %s::regclass, %s, %s::jsonb)",
        [target.redaction.pk, dataset.in_force._meta.db_table, sorted(target.about), json.dumps(sums)],
    )
    seals.forget_reasons([f"{dataset.name} {target.redaction.ref}", *(f"change-set {one}" for one in target.about)])
    return revisions


def texts_of(value: Any) -> list[str]:
    """The texts in a value: itself, or all in a list of objects."""
    if isinstance(value, str):
        return [value]
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list) else []
    return [text for one in parts for text in texts_of(one)]


def _audit(by: User, verb: str, redaction: Redaction) -> None:
    about = {"dataset": redaction.dataset, "ref": redaction.ref, "field": redaction.field, "seen_in": redaction.seen_in}
    audit.write(by, f"redaction.{verb}", f"redaction {redaction.pk}", **about)
