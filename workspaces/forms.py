"""What people fill in about themselves and their workspace."""

from __future__ import annotations

import zoneinfo
from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.utils.translation import gettext_lazy as _

from workspaces.actions.hooks import allowed
from workspaces.models import User, Workspace
from workspaces.permissions import Role
from workspaces.protocol import KINDS
from workspaces.wire import Private, check

# Where a post can be judged: the places customs know the law of, by ISO code.
PLACES = [
    ("US", _("United States")),
    ("ID", _("Indonesia")),
    ("GB", _("United Kingdom")),
    ("DE", _("Germany")),
    ("FR", _("France")),
    ("ES", _("Spain")),
    ("IT", _("Italy")),
    ("NL", _("Netherlands")),
    ("IN", _("India")),
    ("AU", _("Australia")),
    ("CA", _("Canada")),
    ("BR", _("Brazil")),
]


def zones() -> list[tuple[str, str]]:
    """Every IANA zone a person may choose, as a form's choices."""
    return [
        (name, name.replace("_", " "))
        for name in sorted(zoneinfo.available_timezones())
        if "/" in name or name == "UTC"
    ]


class FoundForm(forms.Form):
    """A new workspace: what it is called, and where it lives."""

    name = forms.CharField(label=_("Name"), max_length=120, help_text=_("Your brand or agency."))
    zone = forms.ChoiceField(label=_("Time zone"), choices=zones, help_text=_("Posts are planned in this zone."))
    places = forms.MultipleChoiceField(
        label=_("Where your audience is"),
        choices=PLACES,
        widget=forms.CheckboxSelectMultiple,
        initial=["US"],
        help_text=_("Sponsored posts are checked against the rules of these places; the strictest wins."),
    )


class SettingsForm(forms.ModelForm[Workspace]):
    """A workspace's own settings."""

    zone = forms.ChoiceField(label=_("Time zone"), choices=zones)
    places = forms.MultipleChoiceField(
        label=_("Where your audience is"), choices=PLACES, widget=forms.CheckboxSelectMultiple
    )

    class Meta:
        model = Workspace
        fields = ("name", "zone", "places", "requires_approval", "max_lateness_minutes", "late_rule")
        labels = {
            "name": _("Name"),
            "requires_approval": _("Posts need approval before they are scheduled"),
            "max_lateness_minutes": _("Latest minutes late"),
            "late_rule": _("When a post is later than that"),
        }
        help_texts = {
            "late_rule": _("A network or the brake can make a post late. Whoever may settle posts is told."),
        }

    def changes(self) -> dict[str, Any]:  # Any: the model's field values
        """The fields that the person changed, and to what."""
        return {field: self.cleaned_data[field] for field in self.changed_data}


class InviteForm(forms.Form):
    """Whom to invite, and as what."""

    email = forms.EmailField(label=_("E-mail address"))
    role = forms.ChoiceField(label=_("Role"), choices=Role.choices, initial=Role.MARKETER)


class KeyForm(forms.Form):
    """What an API key is for."""

    name = forms.CharField(label=_("What is it for?"), max_length=80)


class ProfileForm(forms.ModelForm[User]):
    """A person's own settings."""

    zone = forms.ChoiceField(
        label=_("Time zone"), required=False, choices=lambda: [("", _("As the workspace")), *zones()]
    )

    class Meta:
        model = User
        fields = ("name", "zone")
        labels = {"name": _("Name")}


def kinds() -> list[tuple[str, Any]]:  # Any: lazily translated words
    """Every kind of notice, as a form's choices."""
    return [(slug, note.about) for slug, note in KINDS.items()]


class HookForm(forms.Form):
    """A customer's own server that wants to be told: where it is, and what it wants to hear."""

    name = forms.CharField(label=_("Name"), max_length=80)
    url = forms.URLField(
        label=_("Address"),
        max_length=500,
        assume_scheme="https",
        help_text=_("An https address of your server. It gets a signed POST for each notice."),
    )
    kinds = forms.MultipleChoiceField(
        label=_("What it hears"),
        choices=kinds,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Tick none to hear everything."),
    )

    def clean_url(self) -> str:
        url: str = self.cleaned_data["url"]
        try:
            check(url, allowed())
        except Private:
            raise forms.ValidationError(_("This address cannot be called: use a public https address.")) from None
        if not url.startswith("https://") and urlsplit(url).hostname not in allowed():
            raise forms.ValidationError(_("This address cannot be called: use a public https address."))
        return url
