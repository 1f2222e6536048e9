"""Documents and photographs that go with a change set: enclosed while it is written, seen by whoever decides, then by readers.

What readers see of them is `published.enclosure` and no more; a file opens while a feature that it is about is published.
"""

from io import BytesIO
from pathlib import Path
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from psycopg import sql

from landgis.accounts.models import User
from landgis.catalog import exits, published, queries, registry
from landgis.catalog.dataset import Dataset
from landgis.catalog.subject import Subject
from landgis.changes import actions, responsibility, ticks, words
from landgis.changes.models import ChangeSet, Door, State
from landgis.changes.redactions import Target
from landgis.changes.territories import Outside
from landgis.documents import store
from landgis.documents.kinds import JPEG, PNG, TIFF, WEBP
from landgis.documents.models import Enclosure
from landgis.documents.queries import Published, opened
from landgis.lib.photographs import NotAPicture, drawn_anew
from landgis.lib.text import nfc

MOST = 50  # of a change set
MOST_PIXELS = 8_000_000  # of a photograph that is drawn anew: a corner stone is seen, and so is a stamp
OPEN = (State.DRAFT, State.CHECKED)
PUBLISHED = sql.Identifier(published.SCHEMA, "enclosure")
words.add_verbs(
    {
        "change-set.enclose": gettext_lazy("a document enclosed"),
        "change-set.take-document-out": gettext_lazy("a document taken out"),
        "change-set.hide-document": gettext_lazy("a document no longer shown to readers"),
    }
)


def may_enclose(change_set: ChangeSet, person: User) -> bool:
    """Whether the person works on it, and it has not been handed in."""
    is_edited = change_set.door == Door.OFFICER
    works = responsibility.may_edit if is_edited else responsibility.may_prepare
    return change_set.state in OPEN and works(change_set, person)


@transaction.atomic
def enclose(
    change_set: ChangeSet, file: UploadedFile, *, by: User, title: str, ref: str, is_public: bool, as_it_is: bool
) -> Enclosure:
    """Keep a file with the change set; whoever does so decides on it no more. A photograph is drawn anew, without place,
    time and camera, unless it is kept `as_it_is`.

    Raises store.Refused, Outside and StateError.
    """
    found = _held(change_set, by)
    if Enclosure.objects.filter(change_set=found).count() >= MOST:
        raise store.Refused(_("More than %(most)s documents: put several into one file.") % {"most": MOST})
    name = store.keep_handed(file) if as_it_is else _without_place(file)
    called = nfc(title.replace("\x00", "").strip())[:200] or Path(str(file.name)).stem[:200]
    about: dict[str, Any] = {"title": called, "is_public": is_public, "by": by}
    made, _is_new = Enclosure.objects.update_or_create(change_set=found, ref=ref, name=name, defaults=about)
    actions.note(by, "enclose", found, ref=ref, file=name)
    return made


def _held(change_set: ChangeSet, by: User) -> ChangeSet:
    """The change set, locked for whoever works on it, who has a part in it from now on."""
    found = ChangeSet.objects.select_for_update(of=("self",)).get(pk=change_set.pk)
    if found.state not in OPEN:
        raise actions.StateError(f"change set {found.pk} is {found.state}")
    if not may_enclose(found, by):
        raise Outside(0, ())
    if by.pk not in found.editors:
        found.editors = [*found.editors, by.pk]
        found.save(update_fields=["editors"])
    return found


def _without_place(file: UploadedFile) -> str:
    """Keep it; of a photograph the picture alone. Raises store.Refused."""
    kind = store.kind_of_handed(file)
    if kind == TIFF:
        raise store.Refused(
            _(
                "“%(file)s”: a TIFF may say where and when it was taken. Save it as PDF or JPEG, or say that it stays as it is."
            )
            % {"file": file.name}
        )
    if kind not in (JPEG, PNG, WEBP):
        return store.keep_handed(file)
    file.seek(0)
    try:
        drawn = ContentFile(drawn_anew(BytesIO(file.read()), MOST_PIXELS), name=f"{Path(str(file.name)).stem}.webp")
    except NotAPicture:
        raise store.Refused(_("“%(file)s” cannot be opened as a picture.") % {"file": file.name}) from None
    return store.keep_handed(drawn)


@transaction.atomic
def take_out(enclosure: Enclosure, *, by: User) -> None:
    """Drop it from a change set that was not handed in. Raises Outside and StateError."""
    found = _held(enclosure.change_set, by)
    actions.note(by, "take-document-out", found, ref=enclosure.ref, file=enclosure.name)
    enclosure.delete()


@transaction.atomic
def hide(enclosure: Enclosure, *, by: User) -> None:
    """Show it to readers no longer, whatever has become of its change set."""
    if Enclosure.objects.filter(pk=enclosure.pk, is_public=True).update(is_public=False):
        actions.note(by, "hide-document", enclosure.change_set, ref=enclosure.ref, file=enclosure.name)
        ticks.draw(enclosure.change_set.dataset)


def forget_value(target: Target) -> None:
    """Take a redacted value out of what they are called."""
    for one in Enclosure.objects.filter(change_set__in=target.about):
        Enclosure.objects.filter(pk=one.pk).update(title=target.without(one.title))


# What readers see


def published_sql() -> sql.Composable:
    """SELECT of (dataset, ref, name, title, revision): those that are shown, of features that may be seen.

    One about a whole change set is about each feature in it, where people wrote it; a file may change a million.
    """
    parts = [_published_of(dataset) for dataset in registry.all_datasets() if not dataset.is_internal]
    nothing = "SELECT ''::text AS dataset, ''::text AS ref, ''::text AS name, ''::text AS title, 0::bigint AS revision"
    return sql.SQL(" UNION ALL ").join(parts) if parts else sql.SQL(nothing + " WHERE false")


def _published_of(dataset: Dataset) -> sql.Composable:
    return sql.SQL(
        "SELECT {name}::text AS dataset, f.ref::text AS ref, e.name::text AS name, e.title::text AS title, c.revision"
        " FROM documents_enclosure e JOIN changes_changeset c ON c.id = e.change_set_id"
        " JOIN {table} f ON f.from_revision = c.revision AND (f.ref = e.ref OR (e.ref = '' AND c.door = {door}))"
        " WHERE e.is_public AND c.dataset = {name} AND c.revision IS NOT NULL AND {is_public}"
    ).format(
        name=sql.Literal(dataset.name),
        table=sql.Identifier(dataset.in_force._meta.db_table),
        door=sql.Literal(Door.OFFICER.value),
        is_public=published.is_public_sql(dataset),
    )


def of_feature(subject: Subject) -> dict[str, Any] | None:
    """Context of documents/_enclosures.html; None where there is none."""
    found = [{"title": one.title, "file": opened(one.name, subject.state)} for one in subject.lineage.enclosed]
    shown = [one for one in found if one["file"]]
    return {"enclosures": shown} if shown else None


def published_as(name: str, as_of: int | None) -> Published | None:
    """The feature beside which readers see the file; it has to be in force now, whatever state is asked for."""
    known = sql.SQL(" AND revision <= {}").format(sql.Literal(as_of)) if as_of is not None else sql.SQL("")
    query = sql.SQL("SELECT dataset, ref, title FROM {} WHERE name = %s{}").format(PUBLISHED, known)
    shown = {dataset.name: dataset for dataset in exits.datasets("pages")}
    for row in queries.fetch(query, [name]):
        dataset = shown.get(row["dataset"])
        if dataset is not None and queries.feature(dataset, row["ref"]) is not None:
            return Published(dataset, {"title": row["title"]})
    return None
