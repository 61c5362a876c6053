"""The designer's form: which buttons, how they look, and what they share."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from smo.rules.buttons import SHAPES, SIZES, WIDEST_GAP, Design, too_faint
from smo.rules.contrast import HEX
from smo.rules.places import places

THEMES = [
    ("brand", gettext_lazy("Each place's own colour")),
    ("light", gettext_lazy("Light")),
    ("dark", gettext_lazy("Dark")),
    ("own", gettext_lazy("Your own colour")),
]
SIZE_WORDS = {"s": gettext_lazy("Small"), "m": gettext_lazy("Medium"), "l": gettext_lazy("Large")}
SHAPE_WORDS = {"square": gettext_lazy("Square"), "soft": gettext_lazy("Soft corners"), "round": gettext_lazy("Round")}
LANGUAGES = [("en", "English"), ("id", "Bahasa Indonesia")]


class DesignForm(forms.Form):
    """A design as people set it; the order of `places` is the order in which they were sent."""

    address = forms.URLField(
        label=gettext_lazy("The page to share"),
        max_length=1000,
        assume_scheme="https",
        help_text=gettext_lazy("Every button shares this address."),
    )
    text = forms.CharField(
        label=gettext_lazy("Words that go with it"),
        max_length=280,
        required=False,
        help_text=gettext_lazy("Not every place takes words; the others show the page's own card."),
    )
    campaign = forms.CharField(
        label=gettext_lazy("Campaign (utm_campaign)"),
        max_length=100,
        required=False,
        help_text=gettext_lazy("Each button adds its own utm_source, and utm_medium=share."),
    )
    places = forms.MultipleChoiceField(label=gettext_lazy("Buttons"), choices=[])
    size = forms.ChoiceField(label=gettext_lazy("Size"), choices=[(key, SIZE_WORDS[key]) for key in SIZES])
    shape = forms.ChoiceField(label=gettext_lazy("Shape"), choices=[(key, SHAPE_WORDS[key]) for key in SHAPES])
    theme = forms.ChoiceField(label=gettext_lazy("Colours"), choices=THEMES)
    colour = forms.CharField(label=gettext_lazy("Button colour"), required=False, empty_value="#0b6e66")
    ink = forms.CharField(label=gettext_lazy("Letter colour"), required=False)
    own_ink = forms.BooleanField(label=gettext_lazy("Choose the letter colour too"), required=False)
    gap = forms.IntegerField(label=gettext_lazy("Space between"), min_value=0, max_value=WIDEST_GAP)
    labels = forms.BooleanField(label=gettext_lazy("Show words on the buttons"), required=False)
    language = forms.ChoiceField(label=gettext_lazy("Language of the buttons"), choices=LANGUAGES)
    counted = forms.BooleanField(label=gettext_lazy("Count who comes through each button"), required=False)
    here = forms.BooleanField(
        label=gettext_lazy("The web component shares the page it stands on"),
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # Any: Django's own arguments
        super().__init__(*args, **kwargs)
        chosen = self.fields["places"]
        chosen.choices = [(slug, place.name) for slug, place in places().items()]  # type: ignore[attr-defined]  # its own

    def clean_colour(self) -> str:
        return self._colour("colour")

    def clean_ink(self) -> str:
        return self._colour("ink")

    def _colour(self, name: str) -> str:
        colour = str(self.cleaned_data[name]).lower()
        if colour and not HEX.fullmatch(colour):
            raise forms.ValidationError(_("A colour is # and six digits, like #0b6e66."))
        return colour

    def clean(self) -> dict[str, Any]:  # Any: Django's own type
        given = dict(super().clean() or {})
        if not given.get("own_ink"):
            given["ink"] = ""
        if not self.errors and (better := too_faint(self._design(given))):
            self.add_error(
                "ink", _("These letters are hard to read on this button. %(ink)s would do.") % {"ink": better}
            )
        return given

    @property
    def design(self) -> Design:
        """What was set. Only after `is_valid()`."""
        return self._design(self.cleaned_data)

    def _design(self, given: dict[str, Any]) -> Design:  # Any: cleaned values
        known = {name: given[name] for name in Design.__dataclass_fields__ if name in given}
        return Design(**known | {"places": tuple(dict.fromkeys(given["places"]))})


class NamedDesignForm(DesignForm):
    """A design with the name it is kept under."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=80)
    field_order = ["name"]


def initial(design: Design, name: str = "") -> dict[str, Any]:  # Any: values of fields
    """A design as the form shows it."""
    return design.as_json() | {"name": name, "own_ink": bool(design.ink), "ink": design.ink or "#ffffff"}


def offered(chosen: tuple[str, ...]) -> list[tuple[str, str, bool]]:
    """(slug, name, chosen) of every place: the chosen ones first, in their order."""
    rest = [slug for slug in places() if slug not in chosen]
    known = [slug for slug in chosen if slug in places()]
    return [(slug, places()[slug].name, True) for slug in known] + [(slug, places()[slug].name, False) for slug in rest]
