"""What an administrator writes about people."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from landgis.accounts.models import Role, User
from landgis.places.models import Holding, Territory


class _About(forms.ModelForm):
    class Meta:
        model = User
        fields: Any = ("last_name", "email", "mail_language")
        labels = {
            "last_name": gettext_lazy("Full name"),
            "email": gettext_lazy("Mail address"),
            "mail_language": gettext_lazy("Language of the mails"),
        }

    def clean_email(self) -> str:
        """Everybody has an address of their own: a link to a new password goes there."""
        email = str(self.cleaned_data["email"])
        taken = User.objects.filter(email__iexact=email).exclude(pk=self.instance.pk)
        if email and taken.exists():
            raise ValidationError(_("Somebody else has this address already."))
        return email


class PersonForm(_About):
    """What may change of a person."""


class InviteForm(_About):
    class Meta(_About.Meta):
        fields = ("username", *_About.Meta.fields)
        labels = {**_About.Meta.labels, "username": gettext_lazy("User name")}
        help_texts = {"username": ""}


def territories() -> Any:
    return Territory.objects.filter(Territory.now())


class RoleForm(forms.Form):
    """A role in a territory."""

    role = forms.ChoiceField(label=gettext_lazy("Role"), choices=Role.choices)
    territory = forms.ModelChoiceField(label=gettext_lazy("Territory"), queryset=Territory.objects.none())
    until = forms.DateTimeField(
        label=gettext_lazy("Until (may stay empty)"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M"],
    )

    def __init__(self, *args: Any, **more: Any):
        super().__init__(*args, **more)
        self.fields["territory"].queryset = territories()  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        territory = said.get("territory")
        if said.get("role") == Role.ADMINISTRATOR and territory is not None and territory.units:
            raise ValidationError({"territory": _("An administrator is one of the whole office.")})
        return said


class StandInForm(forms.Form):
    """For whom somebody stands in, and until when."""

    holding = forms.ModelChoiceField(label=gettext_lazy("Stands in for"), queryset=Holding.objects.none())
    until = forms.DateTimeField(
        label=gettext_lazy("Until"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M"],
    )

    def __init__(self, person: User, *args: Any, **more: Any):
        super().__init__(*args, **more)
        others = Holding.objects.filter(Q(until=None) | Q(until__gt=Now()), stands_in_for=None, person__is_active=True)
        field: Any = self.fields["holding"]
        field.queryset = others.exclude(person=person).select_related("person", "territory")
        field.label_from_instance = in_words


def in_words(holding: Holding) -> str:
    return f"{holding.person.get_username()} – {holding.get_role_display()} – {holding.territory}"
