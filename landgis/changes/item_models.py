"""Where the items of a change set lie that has ended: in a file of the store, out of the table."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class ItemFile(models.Model):
    """The file of one change set, and what of it is known without reading it (`changes.item_files`).

    `columns` are those of its lines. A block has its size in bytes, how many items it holds, the first and the last row among
    them, and how many items do what. `ref_sums` are the CRC-32 of the refs, four bytes each, in the order of the items.
    `said` is what pages ask of all items.
    """

    change_set = models.OneToOneField(
        "changes.ChangeSet", models.CASCADE, primary_key=True, related_name="item_file", verbose_name=_("change set")
    )
    sha256 = models.CharField(_("checksum of the file"), max_length=64)
    columns = ArrayField(models.CharField(max_length=63), verbose_name=_("columns"))
    blocks = models.JSONField(_("blocks"))
    ref_sums = models.BinaryField(_("checksums of the references"))
    said = models.JSONField(_("what it says of all"))
    put_away_at = models.DateTimeField(_("put away at"), db_default=Now())

    class Meta:
        verbose_name = _("file of items")
        verbose_name_plural = _("files of items")

    def __str__(self) -> str:
        return f"{self.change_set_id}"
