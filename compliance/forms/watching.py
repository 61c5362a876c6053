"""The shape of what people enter about endorsers' own posts: an address or words, a request, an outcome, a feed."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from compliance.models import Ask, Endorser, Sighting, Source
from compliance.queries.asking import languages
from networks import registry

State = Sighting.State
NAMES = {"en": _("English"), "id": _("Indonesian"), "de": _("German"), "fr": _("French"), "es": _("Spanish")}
OUTCOMES = [
    (State.DISMISSED, _("Found in order")),
    (State.REFUSED, _("The endorser refuses")),
    (State.SILENT, _("No answer")),
    (State.ESCALATED, _("Hand it on")),
]


class LinkForm(forms.Form):
    """The address of a post, and whose it is when the address does not tell."""

    url = forms.URLField(label=_("Address of the post"), max_length=1000, assume_scheme="https")
    endorser: forms.ModelChoiceField[Endorser] = forms.ModelChoiceField(
        label=_("Whose post"),
        queryset=None,
        required=False,
        empty_label=_("Find out by the address"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # Any: Django's own arguments
        super().__init__(*args, **kwargs)
        people = self.fields["endorser"]
        assert isinstance(people, forms.ModelChoiceField)
        people.queryset = Endorser.objects.order_by("name")


class TypedForm(LinkForm):
    """The same, with the words typed in where the network gives nothing."""

    text = forms.CharField(label=_("Its words"), widget=forms.Textarea(attrs={"rows": 6}), max_length=20_000)
    title = forms.CharField(label=_("Its title"), max_length=300, required=False)
    posted_on = forms.DateField(label=_("Posted on"), widget=forms.DateInput(attrs={"type": "date"}))

    field_order = ["url", "endorser", "title", "text", "posted_on"]

    def clean_posted_on(self) -> Any:  # Any: a date
        day = self.cleaned_data["posted_on"]
        if day > timezone.localdate():
            raise forms.ValidationError(_("A post cannot be of tomorrow."))
        return day


class AskForm(forms.Form):
    """The request to an endorser, as it goes out."""

    way = forms.ChoiceField(choices=Ask.Way.choices)
    to = forms.EmailField(label=_("To"), required=False)
    language = forms.ChoiceField(choices=[(code, NAMES.get(code, code)) for code in languages()])
    subject = forms.CharField(label=_("Subject"), max_length=200)
    body = forms.CharField(label=_("Message"), widget=forms.Textarea(attrs={"rows": 14}), max_length=10_000)


class SettleForm(forms.Form):
    """How it ended, by a person's word."""

    outcome = forms.ChoiceField(label=_("Outcome"), choices=OUTCOMES)
    reason = forms.CharField(label=_("Reason"), widget=forms.Textarea(attrs={"rows": 2}), max_length=1000)


class SourceForm(forms.Form):
    """A feed to watch, or every handle of an endorser."""

    endorser: forms.ModelChoiceField[Endorser] = forms.ModelChoiceField(label=_("Endorser"), queryset=None)
    address = forms.URLField(
        label=_("Feed"),
        max_length=1000,
        required=False,
        assume_scheme="https",
        help_text=_("RSS, Atom, a video channel's feed, or a page that names one. Empty: the handles on record."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # Any: Django's own arguments
        super().__init__(*args, **kwargs)
        people = self.fields["endorser"]
        assert isinstance(people, forms.ModelChoiceField)
        people.queryset = Endorser.objects.order_by("name")


def network_choices() -> list[tuple[str, str]]:
    """Every network, and the rest of the web."""
    return [*((network.slug, network.name) for network in registry.every()), ("web", str(_("Other sites")))]


def health_words(source: Source) -> str:
    """How well a source is read, in a word."""
    return str(
        {"watched": _("Watched"), "new": _("First look soon"), "troubled": _("In trouble"), "paused": _("Paused")}[
            source.health
        ]
    )
