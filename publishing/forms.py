"""What a person says where nobody else can decide: about a post, or about the publisher itself."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

MOST = 10 * 1024 * 1024  # bytes of a picture that proves a post


class SettleForm(forms.Form):
    """`word`: live (with the address of the post), send_again, or cancel."""

    word = forms.ChoiceField(
        choices=[("live", _("It is live")), ("send_again", _("Send again")), ("cancel", _("Drop"))]
    )
    url = forms.URLField(required=False, max_length=1000, assume_scheme="https")

    def clean(self) -> dict[str, Any]:  # Any: Django's cleaned data
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("word") == "live" and not cleaned.get("url"):
            self.add_error("url", _("Paste the address of the post."))
        return cleaned


class DoneForm(forms.Form):
    """It is posted: where, and if they like a picture of it."""

    url = forms.URLField(max_length=1000, assume_scheme="https")
    picture = forms.ImageField(required=False)

    def clean_picture(self) -> UploadedFile[bytes] | None:
        picture: UploadedFile[bytes] | None = self.cleaned_data.get("picture")
        if picture is not None and (picture.size or 0) > MOST:
            raise forms.ValidationError(_("The picture is too big. At most 10 MB."))
        return picture


class NotForm(forms.Form):
    """It was not posted: why, and what becomes of it. `at` is a wall time in the workspace's zone."""

    why = forms.ChoiceField(
        choices=[
            ("rejected", _("The network rejects it")),
            ("content", _("Something is wrong with it")),
            ("time", _("It is not the time for it")),
            ("other", _("Something else")),
        ]
    )
    words = forms.CharField(required=False, max_length=300)
    then = forms.ChoiceField(
        choices=[("author", _("Its author decides")), ("later", _("Ask again later")), ("cancel", _("Drop it"))]
    )
    at = forms.DateTimeField(required=False)

    def clean(self) -> dict[str, Any]:  # Any: Django's cleaned data
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("then") == "later" and not cleaned.get("at"):
            self.add_error("at", _("Say when to ask again."))
        if cleaned.get("why") == "other" and not cleaned.get("words", "").strip():
            self.add_error("words", _("Say in a few words what it is."))
        return cleaned


class OperatorForm(forms.Form):
    """Why an operator turns the publisher off or on."""

    reason = forms.CharField(
        label=_("Why"), max_length=500, help_text=_("It stays on record with your name."), widget=forms.TextInput
    )
