"""What search engines are asked to leave alone."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse

from landgis.catalog.dataset import Dataset

View = Callable[..., Any]


def indexed_as_declared(view: View) -> View:
    """A view of a dataset that says in its header when search engines may not keep the answer."""

    @wraps(view)
    def answered(request: HttpRequest, dataset: Dataset, *arguments: Any, **named: Any) -> HttpResponse:
        response = view(request, dataset, *arguments, **named)
        if not dataset.exits.indexed:
            response["X-Robots-Tag"] = "noindex"
        return response

    return answered
