"""The shape of what people enter: endorsers, connections, evidence, policies and decisions."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from compliance.models import KIND_WORDS, Connection, Decision, Endorser, Policy, Substantiation
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
ON_OFF = [("on", _("In use")), ("off", _("Not in use"))]


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

    class Meta:
        model = Endorser
        fields = ["name", "place", "language"]
        labels = {"name": _("Name")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # Any: Django's own arguments
        super().__init__(*args, **kwargs)
        places = self.fields["place"]
        assert isinstance(places, forms.ChoiceField)
        places.choices = [("", _("Not known")), *place_choices()]
        for network in registry.every():
            self.fields[f"handle_{network.slug}"] = forms.CharField(
                label=_("Handle on %(network)s") % {"network": network.name},
                max_length=120,
                required=False,
                initial=self.instance.handles.get(network.slug, ""),
            )

    def save(self, commit: bool = True) -> Endorser:
        given = {
            name.removeprefix("handle_"): value.strip().lstrip("@")
            for name, value in self.cleaned_data.items()
            if name.startswith("handle_")
        }
        self.instance.handles = {slug: handle for slug, handle in given.items() if handle}
        return super().save(commit=commit)


class ConnectionForm(forms.ModelForm[Connection]):
    """What a brand gave to an endorser, or is to them."""

    kind = forms.ChoiceField(label=_("Kind"), choices=[(kind.value, words) for kind, words in KIND_WORDS.items()])

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
        if currency and not (len(currency) == 3 and currency.isalpha()):
            raise forms.ValidationError(_("A currency has three letters, like IDR."))
        return currency

    def clean(self) -> dict[str, Any]:  # Any: whatever the fields gave
        given = super().clean() or self.cleaned_data
        _check_days(self, given)
        if given.get("value") is not None and given["value"] < 0:
            self.add_error("value", _("A value cannot be below zero."))
        return given


class EvidenceForm(forms.ModelForm[Substantiation]):
    """The evidence for a claim."""

    class Meta:
        model = Substantiation
        fields = ["claim", "brand", "evidence", "starts_on", "ends_on"]
        labels = {
            "claim": _("Claim"),
            "brand": _("Brand"),
            "evidence": _("Evidence"),
            "starts_on": _("From"),
            "ends_on": _("Until"),
        }
        help_texts = {"claim": _("The words as they stand in posts, like “clinically proven”.")}
        widgets = {"starts_on": Day(), "ends_on": Day(), "evidence": forms.Textarea(attrs={"rows": 2})}

    def clean(self) -> dict[str, Any]:  # Any: whatever the fields gave
        given = super().clean() or self.cleaned_data
        _check_days(self, given)
        return given


class PolicyForm(forms.ModelForm[Policy]):
    """How the workspace uses a rule."""

    on = forms.TypedChoiceField(label=_("This rule is"), choices=ON_OFF, coerce=lambda value: value == "on")
    places = forms.MultipleChoiceField(
        label=_("Only for"), required=False, widget=forms.CheckboxSelectMultiple, help_text=_("None: everywhere.")
    )

    class Meta:
        model = Policy
        fields = ["on", "places", "starts_on", "ends_on", "reason"]
        labels = {"starts_on": _("From"), "ends_on": _("Until"), "reason": _("Reason")}
        widgets = {"starts_on": Day(), "ends_on": Day(), "reason": forms.Textarea(attrs={"rows": 2})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # Any: Django's own arguments
        super().__init__(*args, **kwargs)
        places = self.fields["places"]
        assert isinstance(places, forms.MultipleChoiceField)
        places.choices = place_choices()
        self.fields["reason"].required = True

    def clean(self) -> dict[str, Any]:  # Any: whatever the fields gave
        given = super().clean() or self.cleaned_data
        _check_days(self, given)
        return given


class DecisionForm(forms.Form):
    """An officer's word: the choice, the reasons (rules' codes), free words, and the message to the author."""

    choice = forms.ChoiceField(choices=Decision.Choice.choices)
    reasons = forms.MultipleChoiceField(required=False)
    other = forms.CharField(required=False, max_length=500)
    message = forms.CharField(required=False, max_length=2000)

    def __init__(self, *args: Any, codes: dict[str, str], **kwargs: Any) -> None:  # Any: Django's own arguments
        super().__init__(*args, **kwargs)
        reasons = self.fields["reasons"]
        assert isinstance(reasons, forms.MultipleChoiceField)
        reasons.choices = list(codes.items())
        self.codes = codes

    def clean(self) -> dict[str, Any]:  # Any: whatever the fields gave
        given = super().clean() or self.cleaned_data
        if not given.get("reasons") and not str(given.get("other", "")).strip():
            self.add_error("other", _("Give a reason: it is kept with the decision."))
        return given

    @property
    def reason(self) -> str:
        """The reasons in one line, as they are recorded."""
        chosen = [self.codes[code] for code in self.cleaned_data.get("reasons", [])]
        other = str(self.cleaned_data.get("other", "")).strip()
        return "; ".join([*chosen, *([other] if other else [])])


def _check_days(form: forms.ModelForm[Any], given: dict[str, Any]) -> None:  # Any: whatever the fields gave
    starts, ends = given.get("starts_on"), given.get("ends_on")
    if starts and ends and ends < starts:
        form.add_error("ends_on", _("It cannot end before it starts."))
