"""What the values of a column are to a program."""

from typing import Any

from django.db import models

# The first that a model field is an instance of.
TYPES: "tuple[tuple[type[models.Field[Any, Any]], str], ...]" = (
    (models.BooleanField, "boolean"),
    (models.IntegerField, "integer"),
    (models.DecimalField, "number"),
    (models.FloatField, "number"),
    (models.DateTimeField, "datetime"),
    (models.DateField, "date"),
    (models.JSONField, "list"),
    (models.Field, "text"),
)


def type_of(field: "models.Field[Any, Any]") -> str:
    return next(name for kind, name in TYPES if isinstance(field, kind))
