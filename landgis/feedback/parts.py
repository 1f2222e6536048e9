"""What the page of a feature says of reports."""

from typing import Any

from django.urls import reverse
from django.utils.formats import number_format

from landgis.catalog.subject import Subject
from landgis.feedback import queries


def invite(subject: Subject) -> dict[str, Any] | None:
    """Context of feedback/_invite.html: the way to the form, and how many reports are open. Reports are of today."""
    if subject.state.as_of is not None:
        return None
    dataset = subject.dataset
    own, of_dataset = queries.open_reports(dataset, subject.ref)
    return {
        "url": reverse("feedback:report", args=[dataset.name, subject.ref]),
        "backlog_url": reverse("feedback:backlog"),
        "own": number_format(own, force_grouping=True),
        "of_dataset": number_format(of_dataset, force_grouping=True),
        "dataset_title": dataset.title_plural,
    }
