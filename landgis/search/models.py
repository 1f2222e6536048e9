"""What search looks through. All of it is derived from the published views and can be made anew at any time."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F, Func, Value
from django.utils.translation import gettext_lazy as _


def words_of(column: str) -> models.GeneratedField:
    """The words of a column of keys, in the form in which GIN finds them whole or by their beginnings."""
    words = Func(Func(F(column), Value(" "), function="string_to_array"), function="array_to_tsvector")
    return models.GeneratedField(expression=words, output_field=SearchVectorField(), db_persist=True)


class SearchEntry(models.Model):
    """One public feature in force, by the words it is found by: folded in `keys`, the same as they are `written`.

    Nothing of it is shown: what readers see of a hit is read from the published view when they ask. The indexes take
    new words at once: PostgreSQL would rather read the whole table than a GIN index with a list of words to come.
    """

    dataset = models.CharField(_("dataset"), max_length=64)
    ref = models.CharField(_("reference"), max_length=64)
    ref_key = models.CharField(max_length=64)
    title = models.CharField(max_length=200)
    accents = models.CharField(max_length=400)
    keys = models.TextField()
    written = models.TextField(default="", db_default="")
    is_usual = models.BooleanField()
    title_words = words_of("title")
    words = words_of("keys")

    class Meta:
        verbose_name = _("search entry")
        verbose_name_plural = _("search entries")
        constraints = [models.UniqueConstraint(fields=["dataset", "ref"], name="searchentry_one")]
        indexes = [
            models.Index(fields=["ref_key"], name="searchentry_ref", opclasses=["text_pattern_ops"]),
            models.Index(fields=["title"], name="searchentry_title", opclasses=["text_pattern_ops"]),
            GinIndex(fields=["title_words"], name="searchentry_title_words", fastupdate=False),
            GinIndex(fields=["words"], name="searchentry_words", fastupdate=False),
        ]

    def __str__(self) -> str:
        return f"{self.dataset} {self.ref}"


class SearchWord(models.Model):
    """A word of the entries, how often it is used there, and the variants by which a misspelt one finds it."""

    word = models.CharField(_("word"), max_length=60, primary_key=True)
    uses = models.BigIntegerField(_("uses"))
    variants = ArrayField(models.CharField(max_length=60), verbose_name=_("variants"))

    class Meta:
        verbose_name = _("search word")
        verbose_name_plural = _("search words")
        indexes = [GinIndex(fields=["variants"], name="searchword_variants", fastupdate=False)]

    def __str__(self) -> str:
        return self.word


class SearchPlace(models.Model):
    """A value of a dataset's place fields, how many public rows in force have it: what is digitised where."""

    dataset = models.CharField(_("dataset"), max_length=64)
    field = models.CharField(_("field"), max_length=64)
    value = models.CharField(_("value"), max_length=200)
    key = models.CharField(max_length=200)
    uses = models.BigIntegerField(_("uses"))

    class Meta:
        verbose_name = _("search place")
        verbose_name_plural = _("search places")
        constraints = [models.UniqueConstraint(fields=["dataset", "field", "value"], name="searchplace_one")]

    def __str__(self) -> str:
        return self.value


class SearchStreet(models.Model):
    """A street in a place, as addresses of a dataset name it.

    There are thousands of streets where there are a million addresses, so a misspelt one is looked for here.
    """

    dataset = models.CharField(_("dataset"), max_length=64)
    place = models.CharField(_("place"), max_length=400)
    name = models.CharField(_("name"), max_length=200)
    key = models.CharField(max_length=200)

    class Meta:
        verbose_name = _("search street")
        verbose_name_plural = _("search streets")
        constraints = [models.UniqueConstraint(fields=["key", "dataset", "place"], name="searchstreet_one")]

    def __str__(self) -> str:
        return self.name


class SearchAddress(models.Model):
    """The street (`SearchStreet`) and the number at which a public row in force is found."""

    pk = models.CompositePrimaryKey("dataset", "ref")
    dataset = models.CharField(_("dataset"), max_length=64)
    ref = models.CharField(_("reference"), max_length=64)
    street = models.BigIntegerField()
    number = models.CharField(_("number"), max_length=20)

    class Meta:
        verbose_name = _("search address")
        verbose_name_plural = _("search addresses")
        indexes = [models.Index(fields=["street", "number"], name="searchaddress_street")]

    def __str__(self) -> str:
        return f"{self.dataset} {self.ref}"
