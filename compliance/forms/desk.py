"""What an officer enters at the desk: a decision, an override, and how the desk works."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from compliance.models import Decision, DeskTerms

PLAIN = (Decision.Choice.APPROVE, Decision.Choice.ASK, Decision.Choice.REJECT)


class DecisionForm(forms.Form):
    """An officer's word: the choice, the reasons (rules' codes or the desk's own), free words, and the message."""

    choice = forms.ChoiceField(choices=[(choice.value, choice.label) for choice in PLAIN])
    reasons = forms.MultipleChoiceField(required=False)
    other = forms.CharField(required=False, max_length=500)
    message = forms.CharField(required=False, max_length=4000)

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


class OverrideForm(forms.Form):
    """Why a stopped text may go out, and until when."""

    reason = forms.CharField(max_length=1000)
    until = forms.DateTimeField(input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S%z"])


class TermsForm(forms.ModelForm[DeskTerms]):
    """How soon the desk decides, and who gets what."""

    class Meta:
        model = DeskTerms
        fields = ["decide_before_minutes", "warn_minutes", "in_turn", "override_days"]

    def clean(self) -> dict[str, Any]:  # Any: whatever the fields gave
        given = super().clean() or self.cleaned_data
        if (given.get("override_days") or 1) < 1:
            self.add_error("override_days", _("At least one day."))
        return given
