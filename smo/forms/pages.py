"""Asking for a page check: one page, or all of a site map."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from smo.protocol import NotTracked
from smo.queries.mends import trouble_words
from smo.rules.addresses import check_target


class PageForm(forms.Form):
    """What to look at."""

    url = forms.URLField(label=_("Address"), max_length=1000, assume_scheme="https")
    kind = forms.ChoiceField(label=_("What it is"), choices=[("page", _("One page")), ("map", _("A site map"))])
    weekly = forms.BooleanField(label=_("Look again every week, and tell me when it is worse"), required=False)

    def clean_url(self) -> str:
        url: str = self.cleaned_data["url"].partition("#")[0]
        try:
            return check_target(url)
        except NotTracked as refused:
            raise forms.ValidationError(trouble_words(refused.word)) from refused
