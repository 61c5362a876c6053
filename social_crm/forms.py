"""What those who run the desk fill in."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from social_crm.models import DeskRules, Team
from workspaces.permissions import PERMISSIONS, Role

TONES = [
    ("draft", gettext_lazy("Grey")),
    ("info", gettext_lazy("Blue")),
    ("good", gettext_lazy("Green")),
    ("wait", gettext_lazy("Amber")),
    ("bad", gettext_lazy("Red")),
    ("held", gettext_lazy("Magenta")),
    ("going", gettext_lazy("Violet")),
]
MOST = 525_600  # minutes of a year
ANSWERING = [(str(role), role.label) for role in Role if role in PERMISSIONS["answer_inbox"]]


class RulesForm(forms.Form):
    """When the desk is open, whose answers are looked at first, whether customers are asked how it went."""

    always_open = forms.BooleanField(label=gettext_lazy("Always open"), required=False)
    holidays = forms.CharField(
        label=gettext_lazy("Holidays"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("One a line: 2026-12-25 Christmas"),
    )
    approved_roles = forms.MultipleChoiceField(
        label=gettext_lazy("Somebody else lets the answers go of"),
        choices=ANSWERING,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    asks_rating = forms.BooleanField(
        label=gettext_lazy("Ask customers in private conversations how it went, after they are resolved"),
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # Any: Django's own
        super().__init__(*args, **kwargs)
        for day, name in WEEKDAYS.items():
            self.fields[f"opens_{day}"] = forms.TimeField(label=name, required=False)
            self.fields[f"closes_{day}"] = forms.TimeField(label=name, required=False)

    @staticmethod
    def of(rules: DeskRules | None) -> dict[str, Any]:  # Any: what the form starts with
        """What the form shows of the rules as they are; weekdays 9 to 17 where none were ever set."""
        if rules is None:
            week = {str(day): [["09:00", "17:00"]] for day in range(5)}
            return {"always_open": True, **_times(week)}
        holidays = "\n".join(f"{each['date']} {each.get('name', '')}".strip() for each in rules.holidays)
        plain = {name: getattr(rules, name) for name in ("always_open", "approved_roles", "asks_rating")}
        return {**plain, "holidays": holidays, **_times(rules.week)}

    def clean_holidays(self) -> list[dict[str, str]]:
        found = []
        for line in self.cleaned_data["holidays"].splitlines():
            day, _space, name = line.strip().partition(" ")
            if not day:
                continue
            try:
                found.append({"date": date.fromisoformat(day).isoformat(), "name": name.strip()})
            except ValueError as error:
                raise forms.ValidationError(_("“%(day)s” is no date like 2026-12-25.") % {"day": day}) from error
        return found

    def week(self) -> dict[str, list[list[str]]]:
        """The days that have both times."""
        found = {}
        for day in range(7):
            opens, closes = self.cleaned_data.get(f"opens_{day}"), self.cleaned_data.get(f"closes_{day}")
            if opens and closes:
                found[str(day)] = [[opens.isoformat("minutes"), closes.isoformat("minutes")]]
        return found


def _times(week: dict[str, list[list[str]]]) -> dict[str, str]:
    times = {}
    for day, spans in week.items():
        if spans:
            times[f"opens_{day}"], times[f"closes_{day}"] = spans[0]
    return times


class PromiseForm(forms.Form):
    """How soon we answer and resolve, in open minutes."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=80)
    first = forms.IntegerField(label=gettext_lazy("First answer, minutes"), min_value=0, max_value=100_000, initial=60)
    following = forms.IntegerField(
        label=gettext_lazy("Next answers, minutes"), min_value=0, max_value=100_000, initial=60
    )
    resolve = forms.IntegerField(
        label=gettext_lazy("Resolved within, minutes"), min_value=0, max_value=1_000_000, initial=0
    )
    kinds = forms.MultipleChoiceField(
        label=gettext_lazy("For"),
        choices=[
            ("comment", gettext_lazy("Comment")),
            ("mention", gettext_lazy("Mention")),
            ("message", gettext_lazy("Message")),
        ],
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    priority = forms.TypedChoiceField(
        label=gettext_lazy("From priority"),
        choices=[("", gettext_lazy("Any")), ("1", gettext_lazy("High")), ("2", gettext_lazy("Urgent"))],
        required=False,
        coerce=int,
        empty_value=None,
    )


class TeamForm(forms.Form):
    """Colleagues who share a queue."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=80)
    sharing = forms.ChoiceField(label=gettext_lazy("New conversations are given"), choices=Team.Sharing.choices)


class LabelForm(forms.Form):
    """A word to sort by."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=40)
    tone = forms.ChoiceField(label=gettext_lazy("Colour"), choices=TONES)


class ReplyForm(forms.Form):
    """Words that are used again."""

    shortcut = forms.SlugField(label=gettext_lazy("Shortcut"), max_length=40)
    title = forms.CharField(label=gettext_lazy("Title"), max_length=120)
    text = forms.CharField(
        label=gettext_lazy("Words"), required=False, strip=True, widget=forms.Textarea(attrs={"rows": 5})
    )
