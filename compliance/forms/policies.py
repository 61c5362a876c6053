"""How counsel sets a rule: a form made from what the rule itself declares, with its dates and its scope."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from compliance import registry as rules
from compliance.forms.records import Day, check_days, place_choices
from compliance.models import Policy
from compliance.protocol import Parameter, ParameterKind, Rule
from networks import registry as networks

ON_OFF = [("on", _("In use")), ("off", _("Not in use"))]
OWN = "p_"
LONGEST_WORDS = 4000


class PolicyForm(forms.ModelForm[Policy]):
    """How the workspace uses `rule` from a day on: switched, parametrised, dated and scoped."""

    on = forms.TypedChoiceField(label=_("This rule is"), choices=ON_OFF, coerce=lambda value: value == "on")
    places = forms.MultipleChoiceField(
        label=_("Only in"), required=False, widget=forms.CheckboxSelectMultiple, help_text=_("None: everywhere.")
    )
    networks = forms.MultipleChoiceField(
        label=_("Only on"), required=False, widget=forms.CheckboxSelectMultiple, help_text=_("None: on every network.")
    )
    brands = forms.CharField(
        label=_("Only for the brands"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("One a line, as the campaigns name them. None: for every brand."),
    )

    class Meta:
        model = Policy
        fields = ["on", "places", "networks", "brands", "starts_on", "ends_on", "reason"]
        labels = {"starts_on": _("From"), "ends_on": _("Until"), "reason": _("Reason")}
        widgets = {"starts_on": Day(), "ends_on": Day(), "reason": forms.Textarea(attrs={"rows": 2})}

    def __init__(self, *args: Any, rule: Rule, **kwargs: Any) -> None:  # Any: Django's own arguments
        super().__init__(*args, **kwargs)
        self.rule = rule
        _choose(self.fields["places"], place_choices())
        _choose(self.fields["networks"], [(network.slug, network.name) for network in networks.every()])
        self.fields["reason"].required = True
        self.parameters = rules.parameters_of(rule)
        for parameter in self.parameters:
            self.fields[OWN + parameter.name] = _field(parameter)
        if rule.code in rules.OF_WORDINGS:
            self.fields[f"{OWN}phrase"].required = True
        order = ["on", *(OWN + parameter.name for parameter in self.parameters)]
        self.order_fields(order)

    def clean_brands(self) -> list[str]:
        return [line.strip() for line in str(self.cleaned_data["brands"]).splitlines() if line.strip()]

    def clean(self) -> dict[str, Any]:  # Any: whatever the fields gave
        given = super().clean() or self.cleaned_data
        check_days(self, given)
        return given

    def policy(self, replaces: Policy | None = None) -> Policy:
        """The policy as it was entered, not kept yet; only what differs from the rule's own way is written down."""
        made: Policy = self.save(commit=False)
        made.rule = self.rule.code
        made.places, made.networks = self.cleaned_data["places"], self.cleaned_data["networks"]
        made.brands = self.cleaned_data["brands"]
        made.replaces = replaces
        made.parameters = {
            one.name: value
            for one in self.parameters
            if (value := self.cleaned_data.get(OWN + one.name)) not in (None, "")
        }
        return made


def initial_of(policy: Policy) -> dict[str, Any]:  # Any: a form's values
    """What the form shows when a policy is set anew from the one there is."""
    return {
        "on": "on" if policy.on else "off",
        "places": policy.places,
        "networks": policy.networks,
        "brands": "\n".join(policy.brands),
        "reason": policy.reason,
        **{OWN + name: value for name, value in policy.parameters.items()},
    }


def _field(parameter: Parameter) -> forms.Field:
    label, told = _now(parameter.title), _now(parameter.help) if parameter.help else ""
    if parameter.kind is ParameterKind.NUMBER:
        most = parameter.high or None
        return forms.IntegerField(label=label, help_text=told, required=False, min_value=parameter.low, max_value=most)
    if parameter.kind is ParameterKind.CHOICE:
        choices = [(value, _now(name)) for value, name in parameter.choices]
        return forms.ChoiceField(
            label=label, help_text=told, required=False, choices=choices, initial=parameter.default
        )
    area = forms.Textarea(attrs={"rows": 2})
    return forms.CharField(label=label, help_text=told, required=False, max_length=LONGEST_WORDS, widget=area)


def _choose(field: forms.Field, choices: list[tuple[str, Any]]) -> None:  # Any: lazy words
    assert isinstance(field, forms.MultipleChoiceField)
    field.choices = choices
