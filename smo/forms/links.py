"""What people type about links: an address, its tags, a host, a preset, a site."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from networks import registry
from smo.models import Domain, UtmPreset
from smo.protocol import UTM_FIELDS, Utm

WORDS = {
    "address": _("This is no web address."),
    "private": _("This leads to a place that is not on the public internet."),
    "loop": _("This is a short link itself."),
    "long": _("This address is too long."),
    "taken": _("This is in use already."),
}


class LinkForm(forms.Form):
    """A new link: an address and the tags it carries."""

    url = forms.CharField(label=_("Address"), max_length=2000, widget=forms.URLInput(attrs={"placeholder": "https://"}))
    title = forms.CharField(label=_("Name"), max_length=200, required=False)
    preset: forms.ModelChoiceField[UtmPreset] = forms.ModelChoiceField(None, label=_("Tags from"), required=False)
    network = forms.ChoiceField(label=_("Network"), required=False)
    utm_source = forms.CharField(label="utm_source", max_length=80, required=False)
    utm_medium = forms.CharField(label="utm_medium", max_length=80, required=False)
    utm_campaign = forms.CharField(label="utm_campaign", max_length=80, required=False)
    utm_term = forms.CharField(label="utm_term", max_length=80, required=False)
    utm_content = forms.CharField(label="utm_content", max_length=80, required=False)
    alias = forms.SlugField(
        label=_("Own ending"), max_length=50, required=False, help_text=_("Only on a domain of your own.")
    )
    expires_at = forms.DateTimeField(
        label=_("Runs until"), required=False, widget=forms.DateTimeInput(attrs={"type": "datetime-local"})
    )
    expired_url = forms.CharField(
        label=_("Then leads to"),
        max_length=2000,
        required=False,
        help_text=_("Empty: visitors read that the link is over."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # Any: a form's own arguments
        super().__init__(*args, **kwargs)
        self.fields["preset"].queryset = UtmPreset.objects.all()  # type: ignore[attr-defined]  # the stubs see a Field
        names = [(network.slug, network.name) for network in registry.every()]
        self.fields["network"].choices = [("", "—"), *names]  # type: ignore[attr-defined]  # as above

    def typed(self) -> Utm:
        """The tags as typed; the form must be valid."""
        return Utm(**{name: self.cleaned_data[f"utm_{name}"] for name in UTM_FIELDS})


class ChangeForm(forms.Form):
    """Where a link leads from now on."""

    target = forms.CharField(label=_("Leads to"), max_length=2000)
    title = forms.CharField(label=_("Name"), max_length=200, required=False)
    expires_at = forms.DateTimeField(
        label=_("Runs until"), required=False, widget=forms.DateTimeInput(attrs={"type": "datetime-local"})
    )
    expired_url = forms.CharField(
        label=_("Then leads to"),
        max_length=2000,
        required=False,
        help_text=_("Empty: visitors read that the link is over."),
    )


class DomainForm(forms.Form):
    """A host of the workspace's own."""

    host = forms.CharField(
        label=_("Host"), max_length=253, widget=forms.TextInput(attrs={"placeholder": "go.example.com"})
    )
    way = forms.ChoiceField(label=_("Shown to be yours by"), choices=Domain.Way.choices)


class SiteForm(forms.Form):
    """A site that may tell of visits."""

    site = forms.CharField(
        label=_("Site"), max_length=300, widget=forms.TextInput(attrs={"placeholder": "www.example.com"})
    )


class PresetForm(forms.ModelForm[UtmPreset]):
    """Tags with a name, and what differs on each network: `network.field=value`, one a line."""

    lines = forms.CharField(
        label=_("Different on a network"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("One a line: the name of the network, “source” or another tag, and its value."),
    )

    class Meta:
        model = UtmPreset
        fields = ("name", "source", "medium", "campaign", "term", "content", "main")
        labels = {"main": _("Posts take it where their campaign says nothing else")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # Any: a form's own arguments
        super().__init__(*args, **kwargs)
        there = self.instance.channels.items()
        self.fields["lines"].initial = "\n".join(f"{net} {n} {v}" for net, own in there for n, v in own.items())
        self.fields["source"].help_text = _("{network} and {campaign} are filled in.")

    def clean_lines(self) -> dict[str, dict[str, str]]:
        """The lines as {network: {field: value}}."""
        channels: dict[str, dict[str, str]] = {}
        for line in self.cleaned_data["lines"].splitlines():
            if not line.strip():
                continue
            slug, field, value = [*line.split(None, 2), "", "", ""][:3]
            if not registry.known(slug) or field not in UTM_FIELDS or not value:
                raise forms.ValidationError(_("Not understood: %(line)s"), params={"line": line[:80]})
            channels.setdefault(slug, {})[field] = value.strip()[:80]
        return channels
