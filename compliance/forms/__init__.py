"""The shape of what people enter: endorsers, connections, evidence, policies and decisions."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from compliance.forms.records import (
    AmendForm,
    ConnectionForm,
    Day,
    EndorserForm,
    EvidenceForm,
    HoldForm,
    KeepingForm,
    LetterForm,
    NewConnectionForm,
    PackForm,
    TableForm,
    check_days,
    place_choices,
)
from compliance.models import Decision, Policy

__all__ = [
    "AmendForm",
    "ConnectionForm",
    "DecisionForm",
    "EndorserForm",
    "EvidenceForm",
    "HoldForm",
    "KeepingForm",
    "LetterForm",
    "NewConnectionForm",
    "PackForm",
    "PolicyForm",
    "TableForm",
]

ON_OFF = [("on", _("In use")), ("off", _("Not in use"))]


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
        check_days(self, given)
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
