"""What the page of a feature says of reports."""

from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from django.utils.formats import number_format

from landgis.catalog.dataset import Dataset
from landgis.feedback import queries


def invite(dataset: Dataset, row: Mapping[str, Any]) -> dict[str, Any]:
    """Context of feedback/_invite.html: the way to the form, and how many reports are open."""
    own, of_dataset = queries.open_reports(dataset, row["ref"])
    return {
        "url": reverse("feedback:report", args=[dataset.name, row["ref"]]),
        "backlog_url": reverse("feedback:backlog"),
        "own": number_format(own, force_grouping=True),
        "of_dataset": number_format(of_dataset, force_grouping=True),
        "dataset_title": dataset.title_plural,
    }
