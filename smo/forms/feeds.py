"""The shape of what people enter about feeds."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from smo.models import Feed


class FeedForm(forms.ModelForm[Feed]):
    """What a feed is called, and where it stands."""

    class Meta:
        model = Feed
        fields = ["title", "about", "address"]
        help_texts = {
            "address": _("Long and random: only those you tell can find it. A plain word: anybody may guess it.")
        }

    def validate_unique(self) -> None:
        """The database says it when it is saved: other workspaces' addresses cannot be seen from here."""
