"""The shape of what people put on record: endorsers, connections, evidence, letters, packs and holds."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from compliance.models import (
    KIND_WORDS,
    STATEMENTS,
    Connection,
    Endorser,
    Keeping,
    Letter,
    Substantiation,
)
from compliance.queries.briefing import languages
from compliance.rules.reading.places import every_place
from networks import registry

PLACES = {
    "US": _("United States"),
    "GB": _("United Kingdom"),
    "DE": _("Germany"),
    "FR": _("France"),
    "ES": _("Spain"),
    "IT": _("Italy"),
    "NL": _("Netherlands"),
    "IN": _("India"),
    "AU": _("Australia"),
    "CA": _("Canada"),
    "BR": _("Brazil"),
    "ID": _("Indonesia"),
}
LANGUAGES = [
    ("", _("Not known")),
    ("en", _("English")),
    ("id", _("Indonesian")),
    ("de", _("German")),
    ("fr", _("French")),
    ("es", _("Spanish")),
    ("it", _("Italian")),
    ("nl", _("Dutch")),
    ("pt", _("Portuguese")),
]


class Day(forms.DateInput):
    """A day, by the browser's own calendar."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


def place_choices() -> list[tuple[str, Any]]:  # Any: lazy words
    """The places whose rules are known."""
    return [(code, PLACES.get(code, code)) for code in every_place()]


class EndorserForm(forms.ModelForm[Endorser]):
    """A person who speaks about a brand, and the handles under which they do."""

    place = forms.ChoiceField(label=_("Lives in"), required=False)
    language = forms.ChoiceField(label=_("Writes in"), choices=LANGUAGES, required=False)
    audience_age = forms.ChoiceField(
        label=_("Age of most followers"), choices=[("", _("Not known")), *Endorser.Audience.choices], required=False
    )
    audience_places = forms.MultipleChoiceField(
        label=_("Followers live in"), required=False, widget=forms.CheckboxSelectMultiple
    )
    elsewhere = forms.CharField(
        label=_("Handles elsewhere"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("One a line: the network, a colon, the handle."),
    )

    class Meta:
        model = Endorser
        fields = ["name", "email", "place", "language", "audience_age", "audience_places", "notes"]
        labels = {"name": _("Name"), "email": _("E-mail"), "notes": _("Notes")}
        help_texts = {"email": _("Briefs, reminders and requests go there.")}
        widgets = {"notes": forms.Textarea(attrs={"rows": 2})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # Any: Django's own arguments
        super().__init__(*args, **kwargs)
        places, audience = self.fields["place"], self.fields["audience_places"]
        assert isinstance(places, forms.ChoiceField) and isinstance(audience, forms.MultipleChoiceField)
        places.choices = [("", _("Not known")), *place_choices()]
        audience.choices = place_choices()
        others = {slug: handle for slug, handle in self.instance.handles.items() if not registry.known(slug)}
        self.fields["elsewhere"].initial = "\n".join(f"{slug}: {handle}" for slug, handle in others.items())
        for network in registry.every():
            self.fields[f"handle_{network.slug}"] = forms.CharField(
                label=_("Handle on %(network)s") % {"network": network.name},
                max_length=300,
                required=False,
                initial=self.instance.handles.get(network.slug, ""),
            )

    def clean(self) -> dict[str, Any]:  # Any: whatever the fields gave
        given = super().clean() or self.cleaned_data
        found = {}
        for network in registry.every():
            name = f"handle_{network.slug}"
            handle = bare_handle(str(given.get(name, "")))
            if handle and network.limits.handle and not re.fullmatch(network.limits.handle, handle):
                self.add_error(name, _("No account on %(network)s can be called so.") % {"network": network.name})
            found[network.slug] = handle
        for line in str(given.get("elsewhere", "")).splitlines():
            slug, colon, handle = line.partition(":")
            if line.strip() and not (colon and re.fullmatch(r"[a-z0-9]{1,40}", slug.strip().lower())):
                self.add_error("elsewhere", _("“%(line)s” has no network before a colon.") % {"line": line})
            found.setdefault(slug.strip().lower(), bare_handle(handle))
        self.handles = {slug: handle for slug, handle in found.items() if handle}
        return given

    def save(self, commit: bool = True) -> Endorser:
        self.instance.handles = self.handles
        return super().save(commit=commit)


def bare_handle(text: str) -> str:
    """A handle without its @, also out of a pasted address."""
    text = text.strip().split("?")[0].rstrip("/")
    return (text.rsplit("/", 1)[-1] if "://" in text or "/" in text else text).lstrip("@")


class ConnectionForm(forms.ModelForm[Connection]):
    """What a brand gave to an endorser, or is to them."""

    kind = forms.ChoiceField(label=_("Kind"), choices=[(kind.value, words) for kind, words in KIND_WORDS.items()])
    contract_file = forms.FileField(
        label=_("Contract"),
        required=False,
        help_text=_("PDF, picture, Word, Excel or text. Only downloaded, by members."),
    )

    class Meta:
        model = Connection
        fields = ["brand", "kind", "value", "currency", "starts_on", "ends_on", "evidence"]
        labels = {
            "brand": _("Brand"),
            "value": _("Value"),
            "currency": _("Currency"),
            "starts_on": _("From"),
            "ends_on": _("Until"),
            "evidence": _("Evidence"),
        }
        help_texts = {
            "currency": _("Three letters, like IDR or USD."),
            "evidence": _("Contract number, delivery note, e-mail: whatever proves it."),
        }
        widgets = {"starts_on": Day(), "ends_on": Day(), "evidence": forms.Textarea(attrs={"rows": 2})}

    def clean_currency(self) -> str:
        currency = str(self.cleaned_data["currency"]).strip().upper()
        if currency and not (len(currency) == 3 and currency.isascii() and currency.isalpha()):
            raise forms.ValidationError(_("A currency has three letters, like IDR."))
        return currency

    def clean(self) -> dict[str, Any]:  # Any: whatever the fields gave
        given = super().clean() or self.cleaned_data
        check_days(self, given)
        if given.get("value") is not None and given["value"] < 0:
            self.add_error("value", _("A value cannot be below zero."))
        if given.get("value") and not given.get("currency") and "currency" not in self.errors:
            self.add_error("currency", _("Say in which currency."))
        return given


class AmendForm(ConnectionForm):
    """A new version of a connection, with the reason."""

    because = forms.CharField(label=_("Why it changes"), max_length=300)


class NewConnectionForm(ConnectionForm):
    """A connection for an endorser who is chosen here: where a finding leads that knows of none."""

    endorser: forms.ModelChoiceField[Endorser] = forms.ModelChoiceField(None, label=_("Endorser"))
    field_order = ["endorser", "brand", "kind"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # Any: Django's own arguments
        super().__init__(*args, **kwargs)
        people = self.fields["endorser"]
        assert isinstance(people, forms.ModelChoiceField)
        people.queryset = Endorser.objects.order_by("name")


class TableForm(forms.Form):
    """A CSV file of connections."""

    table = forms.FileField(label=_("CSV file"))


class ManyFiles(forms.FileField):
    """Any number of files; cleaned to a list."""

    widget = type("Files", (forms.ClearableFileInput,), {"allow_multiple_selected": True})

    def clean(self, data: Any, initial: Any = None) -> list[Any]:  # Any: uploaded files
        given = data if isinstance(data, list | tuple) else [data] if data else []
        return [super(ManyFiles, self).clean(one, initial) for one in given]


class EvidenceForm(forms.ModelForm[Substantiation]):
    """The evidence for a claim."""

    kind = forms.ChoiceField(
        label=_("Kind of evidence"),
        choices=Substantiation.Kind.choices,
        initial=Substantiation.Kind.OTHER,
        required=False,
        help_text=_("A health claim needs a human trial of this very product."),
    )
    exhibits = ManyFiles(label=_("Files"), required=False)

    class Meta:
        model = Substantiation
        fields = ["claim", "brand", "kind", "evidence", "starts_on", "ends_on"]
        labels = {
            "claim": _("Claim"),
            "brand": _("Brand"),
            "evidence": _("Evidence"),
            "starts_on": _("From"),
            "ends_on": _("Until"),
        }
        help_texts = {
            "claim": _("The words as they stand in posts, like “clinically proven”."),
            "brand": _("Empty: for every brand of this workspace."),
        }
        widgets = {"starts_on": Day(), "ends_on": Day(), "evidence": forms.Textarea(attrs={"rows": 2})}

    def clean_kind(self) -> str:
        return self.cleaned_data["kind"] or str(Substantiation.Kind.OTHER)

    def clean(self) -> dict[str, Any]:  # Any: whatever the fields gave
        given = super().clean() or self.cleaned_data
        check_days(self, given)
        return given


class LetterForm(forms.Form):
    """A brief, or a request for an attestation."""

    kind = forms.ChoiceField(label=_("What it is"), choices=Letter.Kind.choices)
    brand = forms.CharField(label=_("Brand"), max_length=120)
    language = forms.ChoiceField(label=_("Language"), choices=list(languages().items()))
    statements = forms.MultipleChoiceField(
        label=_("To be confirmed"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=list(STATEMENTS.items()),
        help_text=_("None: what is usual for it."),
    )
    note = forms.CharField(
        label=_("A word of your own"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2})
    )


class PackForm(forms.Form):
    """What an evidence pack is to hold."""

    endorser: forms.ModelChoiceField[Endorser] = forms.ModelChoiceField(
        None, label=_("Endorser"), required=False, empty_label=_("Everybody")
    )
    since = forms.DateField(label=_("From"), required=False, widget=Day())
    until = forms.DateField(label=_("Until"), required=False, widget=Day())

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # Any: Django's own arguments
        super().__init__(*args, **kwargs)
        people = self.fields["endorser"]
        assert isinstance(people, forms.ModelChoiceField)
        people.queryset = Endorser.objects.order_by("name")


class KeepingForm(forms.ModelForm[Keeping]):
    """How long records are kept, and when people are reminded."""

    class Meta:
        model = Keeping
        fields = ["evidence_days", "notice_days", "letter_days", "reminder_days"]


class HoldForm(forms.Form):
    """A legal hold: on everything, an endorser's evidence, or one publication's."""

    endorser: forms.ModelChoiceField[Endorser] = forms.ModelChoiceField(
        None, label=_("Endorser"), required=False, empty_label=_("Everybody")
    )
    publication = forms.IntegerField(label=_("Publication number"), required=False, min_value=1)
    reason = forms.CharField(label=_("Why"), max_length=500)
    until = forms.DateField(label=_("Until"), required=False, widget=Day(), help_text=_("Empty: until it is lifted."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # Any: Django's own arguments
        super().__init__(*args, **kwargs)
        people = self.fields["endorser"]
        assert isinstance(people, forms.ModelChoiceField)
        people.queryset = Endorser.objects.order_by("name")


def check_days(form: forms.ModelForm[Any], given: dict[str, Any]) -> None:  # Any: whatever the fields gave
    starts, ends = given.get("starts_on"), given.get("ends_on")
    if starts and ends and ends < starts:
        form.add_error("ends_on", _("It cannot end before it starts."))
