from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from landgis.feedback.models import ReportKind
from landgis.lib.text import nfc


class ReportForm(forms.Form):
    """What a reader tells of an error. `website` is for machines that fill in every field; people do not see it."""

    kind = forms.ChoiceField(label=_("What is wrong?"), choices=ReportKind.choices)
    text = forms.CharField(
        label=_("What is it, and how do you know?"),
        help_text=_("Write no names or numbers of other people. Only officers of the publishing office read this."),
        min_length=10,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    contact = forms.CharField(
        label=_("E-mail or telephone (if you want an answer)"),
        help_text=_("May stay empty. It is used for this report only and is never shown to the public."),
        max_length=120,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "email"}),
    )
    website = forms.CharField(required=False, widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"}))

    def clean_text(self) -> str:
        return nfc(self.cleaned_data["text"])

    def clean(self) -> dict[str, Any]:
        if self.cleaned_data.get("website"):
            raise forms.ValidationError(_("The form was filled in by a machine. Leave the last field empty."))
        return self.cleaned_data
