"""What the pill of a cluster says, in the reader's language; the amount in the words of the house."""

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from landgis.catalog import money
from landgis.catalog.clusters import FeatureCluster
from landgis.catalog.dataset import Dataset


def said(dataset: Dataset, cluster: FeatureCluster) -> str:
    """As "17 lots · from 1.24 billion"; of a feature that stands alone its amount, or what it is."""
    least = None if cluster.least is None else money.short_amount(cluster.least)
    if cluster.number == 1:
        return least or str(dataset.title)
    words = counted(dataset) if least is None else priced(dataset)
    return words.format(number=number_format(cluster.number, force_grouping=True), least=least)


def counted(dataset: Dataset) -> str:
    """With {number} in it."""
    return f"{{number}} {dataset.counted}"


def priced(dataset: Dataset) -> str:
    """With {number} and {least} in it."""
    least = _("from {least}")
    return f"{counted(dataset)} · {least}"
