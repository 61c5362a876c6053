"""The shape of what people enter about watched feeds."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from smo.models import Source

LISTS = ("include", "exclude", "authors", "categories", "languages")
FIRST = [
    (0, _("Nothing: only what comes from now on")),
    (1, _("The newest one")),
    (3, _("The newest three")),
    (5, _("The newest five")),
]


class AddressForm(forms.Form):
    """Where to look: a feed, or a page that names one."""

    address = forms.URLField(
        label=_("Address of a site, page, channel or feed"),
        max_length=1000,
        assume_scheme="https",
        help_text=_("RSS, Atom, JSON Feed, a blog, a video channel, a podcast or a site map: we find the feed."),
    )


class ChoiceForm(forms.Form):
    """One of the feeds that were found."""

    feed = forms.URLField(max_length=1000, assume_scheme="https")
    page = forms.URLField(max_length=1000, required=False, assume_scheme="https")
    name = forms.CharField(max_length=200, required=False)
    kind = forms.CharField(max_length=10, required=False)
    first = forms.TypedChoiceField(choices=FIRST, coerce=int, required=False)


class WordsField(forms.CharField):
    """Words or phrases, parted by commas or lines."""

    widget = forms.TextInput

    def prepare_value(self, value: object) -> object:
        return ", ".join(value) if isinstance(value, list) else value

    def to_python(self, value: object) -> list[str]:  # type: ignore[override]  # a list, where words come in
        told = str(value or "").replace("\n", ",")
        return list(dict.fromkeys(word.strip() for word in told.split(",") if word.strip()))


class FilterForm(forms.Form):
    """What passes."""

    name = forms.CharField(label=_("Name"), max_length=200)
    include = WordsField(label=_("Only with one of these words"), required=False, max_length=2000)
    exclude = WordsField(label=_("Never with one of these words"), required=False, max_length=2000)
    authors = WordsField(label=_("Only by these authors"), required=False, max_length=2000)
    categories = WordsField(label=_("Only in these categories"), required=False, max_length=2000)
    languages = WordsField(
        label=_("Only in these languages"),
        required=False,
        max_length=200,
        help_text=_("As codes: en, id. Items that do not say their language pass."),
    )

    @classmethod
    def of(cls, source: Source) -> FilterForm:
        """As it is now."""
        return cls(initial={"name": source.name, **{name: getattr(source, name) for name in LISTS}})
