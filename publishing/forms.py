"""What a person says where nobody else can decide: about a post, or about the publisher itself."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


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


class OperatorForm(forms.Form):
    """Why an operator turns the publisher off or on."""

    reason = forms.CharField(
        label=_("Why"), max_length=500, help_text=_("It stays on record with your name."), widget=forms.TextInput
    )
