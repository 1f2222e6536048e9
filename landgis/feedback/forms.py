from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from landgis.feedback.answers import is_address
from landgis.feedback.models import ReportKind
from landgis.lib.photographs import MOST_BYTES, NotAPicture, drawn_anew
from landgis.lib.text import nfc

TOO_LARGE = _(
    "This picture is larger than 4 MB. Send a smaller one: a screenshot of it, or the picture as a messenger made it smaller; or leave it out."
)


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
    wants_mail = forms.BooleanField(
        label=_("Write to me by e-mail what becomes of it"),
        required=False,
    )
    picture = forms.FileField(
        label=_("A picture that shows it"),
        help_text=_(
            "May stay empty: JPEG, PNG or WebP, at most 4 MB; a larger photograph is made smaller on your device. Only officers see it; place and time in the file are removed."
        ),
        required=False,
        widget=forms.FileInput(
            attrs={
                "accept": "image/jpeg,image/png,image/webp",
                "data-most-bytes": MOST_BYTES,
                "data-too-large": TOO_LARGE,
            }
        ),
    )
    website = forms.CharField(required=False, widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"}))

    def clean_text(self) -> str:
        return nfc(self.cleaned_data["text"])

    def clean_picture(self) -> bytes | None:
        """The picture as it is kept."""
        given = self.cleaned_data["picture"]
        if not given:
            return None
        if given.size > MOST_BYTES:
            raise forms.ValidationError(TOO_LARGE)
        try:
            return drawn_anew(given)
        except NotAPicture:
            raise forms.ValidationError(
                _("This cannot be read as a picture. Choose a JPEG, PNG or WebP file, or leave it out.")
            ) from None

    def clean(self) -> dict[str, Any]:
        if self.cleaned_data.get("wants_mail") and not is_address(self.cleaned_data.get("contact", "")):
            self.add_error("contact", _("Write an e-mail address here, or do not ask for mail."))
        if self.cleaned_data.get("website"):
            raise forms.ValidationError(_("The form was filled in by a machine. Leave the last field empty."))
        return self.cleaned_data
